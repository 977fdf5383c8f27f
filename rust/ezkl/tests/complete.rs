//! Every command of the C interface is here, with all its parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Commands = BTreeMap<String, BTreeSet<String>>;

/// What is quoted in a text, in order.
fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(String::from).collect()
}

/// Of src/capi/commands.cpp: `{"name", {"parameter", ...}, [](...`, or a list that is defined by its name.
fn of_the_library() -> Commands {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ezkl-sys/cpp/src/capi/commands.cpp");
    let text = fs::read_to_string(file).unwrap();
    let list = |name: &str| {
        let behind = text.split(&format!(" {}{{", name)).nth(1).expect("a list of parameters");
        quoted(behind.split('}').next().unwrap())
    };
    let entries = text.split("const Entry entries[] = {").nth(1).unwrap();
    entries
        .split("\n    {\"")
        .skip(1)
        .map(|entry| {
            let (name, rest) = entry.split_once('"').unwrap();
            let head = rest.split("[]").next().unwrap();
            let parameters = match head.trim_matches(|c: char| c == ',' || c.is_whitespace()) {
                words if words.starts_with('{') => quoted(words),
                named => list(named),
            };
            (name.to_string(), parameters.into_iter().collect())
        })
        .collect()
}

/// Of this crate's sources: `Name = "command" -> Output { field: Type = default, ... }` and `run("command", &[...])`.
fn of_this_crate() -> Commands {
    let mut out = Commands::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for block in text.split("command! {").skip(1) {
            let (head, rest) = match block.split_once(" {\n") {
                Some(parts) => parts,
                None => continue,
            };
            let fields = rest.split("\n    }").next().unwrap().lines().filter_map(|line| {
                let name = line.trim().split_once(": ").filter(|(name, _)| !name.starts_with("///"))?.0;
                Some(if name == "run_args" { "py_run_args" } else { name }.to_string())
            });
            if let Some(name) = quoted(head.lines().last().unwrap()).first() {
                out.insert(name.clone(), fields.collect());
            }
        }
        for call in text.split(" run(\"").skip(1) {
            let (name, rest) = call.split_once('"').unwrap();
            let given = rest.split(")\n}").next().unwrap();
            out.insert(name.to_string(), quoted(given).into_iter().collect());
        }
    }
    out
}

#[test]
fn commands_and_parameters() {
    let (library, mut here) = (of_the_library(), of_this_crate());
    assert!(library.len() > 40, "{:?}", library.keys());
    // Functions of their own in C.
    for name in ["version", "own_version"] {
        here.insert(name.to_string(), BTreeSet::new());
    }
    // One command under two names.
    let compile = here["compile_circuit"].clone();
    here.insert("compile_model".to_string(), compile);
    // Chosen by the function: run, text or html.
    for name in ["accuracy", "verify_report"] {
        here.get_mut(name).unwrap().insert("format".to_string());
    }
    for (name, parameters) in &library {
        assert_eq!(here.get(name), Some(parameters), "{}", name);
    }
    assert_eq!(library.keys().collect::<Vec<_>>(), here.keys().collect::<Vec<_>>());
}
