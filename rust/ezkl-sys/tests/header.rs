//! The declarations of this crate are those of the header that the library is built with.

use std::mem::{align_of, size_of};

use ezkl_sys::*;

const HEADER: &str = include_str!("../cpp/include/ezkl/ezkl.h");
const CRATE: &str = include_str!("../src/lib.rs");

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(begin) = rest.find("/*") {
        out += &rest[..begin];
        let behind = &rest[begin..];
        rest = &behind[behind.find("*/").expect("a comment ends") + 2..];
    }
    out + rest
}

/// A type of the header as Rust has it.
fn rust_type(c: &str) -> String {
    let words: String = c.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = |name: &str| match name {
        "char" => "c_char".to_string(),
        "void" => "c_void".to_string(),
        "int" => "c_int".to_string(),
        "double" => "f64".to_string(),
        "uint8_t" => "u8".to_string(),
        "uint32_t" => "u32".to_string(),
        "uint64_t" => "u64".to_string(),
        "size_t" => "usize".to_string(),
        other => other.to_string(),
    };
    match words.strip_suffix('*') {
        None => plain(&words),
        Some(pointed) => match pointed.trim().strip_prefix("const ") {
            Some(name) => format!("*const {}", plain(name)),
            None => format!("*mut {}", plain(pointed.trim())),
        },
    }
}

/// `name(type, type) -> type` of a declaration in C: `int name(char* a, size_t b)`.
fn signature(declaration: &str) -> String {
    let open = declaration.find('(').expect("a function");
    let close = declaration.rfind(')').expect("a function");
    let head = declaration[..open].trim();
    let name_at = head.rfind(|c: char| !c.is_alphanumeric() && c != '_').expect("a type") + 1;
    let parameters: Vec<String> = declaration[open + 1..close]
        .split(',')
        .map(str::trim)
        .filter(|p| *p != "void")
        .map(|p| {
            // The name, where there is one, stands behind a type that is complete without it.
            let end = p.rfind([' ', '*']).map_or(p.len(), |at| at + 1);
            let (kind, name) = p.split_at(end);
            if kind.trim().is_empty() || name.is_empty() {
                rust_type(p)
            } else {
                rust_type(kind)
            }
        })
        .collect();
    let result = match rust_type(&head[..name_at]).as_str() {
        "c_void" => String::new(),
        other => format!(" -> {}", other),
    };
    format!("{}({}){}", &head[name_at..], parameters.join(", "), result)
}

#[test]
fn functions() {
    let header = without_comments(HEADER);
    let mut wanted: Vec<String> = header
        .split("EZKL_C_API ")
        .skip(1)
        .filter(|rest| rest.starts_with(|c: char| c.is_alphabetic()))
        .map(|rest| signature(&rest[..rest.find(';').expect("a declaration")]))
        .collect();
    let mut found: Vec<String> = CRATE
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub fn "))
        .map(|line| {
            let open = line.find('(').expect("a function");
            let close = line.rfind(')').expect("a function");
            let types: Vec<&str> =
                line[open + 1..close].split(", ").filter_map(|p| p.split_once(": ")).map(|(_, kind)| kind).collect();
            format!("{}({}){}", &line[..open], types.join(", "), line[close + 1..].trim_end_matches(';'))
        })
        .collect();
    wanted.sort();
    found.sort();
    assert_eq!(wanted, found);
    assert!(found.len() >= 17);
}

#[test]
fn callbacks() {
    let header = without_comments(HEADER);
    let crate_words = CRATE.split_whitespace().collect::<Vec<_>>().join(" ");
    for (name, rust) in [
        ("ezkl_progress_fn", "*mut c_void, *const c_char, u64, u64, f64) -> c_int"),
        ("ezkl_log_fn", "*mut c_void, c_int, *const c_char, *const c_char)"),
    ] {
        let at = header.find(&format!("(*{})", name)).expect("a callback");
        let begin = header[..at].rfind("typedef").expect("a type") + "typedef".len();
        let end = at + header[at..].find(';').expect("a declaration");
        let declaration = header[begin..end].replace(&format!("(*{})", name), name);
        assert_eq!(signature(&declaration), format!("{}({}", name, rust));
        let here = crate_words.find(&format!("type {} ", name)).expect("a type");
        let open = here + crate_words[here..].find("fn(").expect("a function") + 3;
        let close = open + crate_words[open..].find(')').expect("a function");
        let types: Vec<&str> =
            crate_words[open..close].split(", ").filter_map(|p| p.split_once(": ")).map(|(_, kind)| kind).collect();
        assert!(rust.starts_with(&types.join(", ")), "{}: {:?}", name, types);
    }
}

#[test]
fn numbers() {
    let header = without_comments(HEADER);
    let mut count = 0;
    for part in header.split([',', '{', '}']) {
        if let Some((name, value)) = part.trim().split_once(" = ") {
            assert!(name.starts_with("EZKL_"), "{}", name);
            assert!(CRATE.contains(&format!("pub const {}: c_int = {};", name, value)), "{}", name);
            count += 1;
        }
    }
    assert_eq!(count, CRATE.matches(": c_int = ").count());
    let version = header.split("#define EZKL_ABI_VERSION ").nth(1).and_then(|rest| rest.lines().next());
    assert_eq!(version, Some(EZKL_ABI_VERSION.to_string().as_str()));
}

#[test]
fn layout() {
    assert_eq!(size_of::<ezkl_bytes>(), 2 * size_of::<*mut u8>() + size_of::<usize>());
    assert_eq!(align_of::<ezkl_bytes>(), align_of::<*mut u8>());
    let header = without_comments(HEADER);
    let members: Vec<&str> = header
        .split("typedef struct ezkl_bytes {")
        .nth(1)
        .and_then(|rest| rest.split('}').next())
        .expect("a structure")
        .split(';')
        .map(str::trim)
        .filter(|member| !member.is_empty())
        .collect();
    assert_eq!(members, ["uint8_t* data", "size_t size", "void* owner"]);
}

#[test]
fn library() {
    // SAFETY: has no arguments.
    assert_eq!(unsafe { ezkl_abi_version() }, EZKL_ABI_VERSION);
    let mut none = ezkl_bytes { data: std::ptr::null_mut(), size: 0, owner: std::ptr::null_mut() };
    // SAFETY: null pointers, and bytes of nobody, are allowed.
    unsafe {
        ezkl_session_free(std::ptr::null_mut());
        ezkl_cancel(std::ptr::null_mut());
        ezkl_bytes_free(&mut none);
        let nothing = std::ptr::null_mut();
        let code = ezkl_run(nothing, std::ptr::null(), std::ptr::null(), &none, 0, &mut none, nothing.cast(), 0);
        assert_eq!(code, EZKL_USAGE);
    }
}
