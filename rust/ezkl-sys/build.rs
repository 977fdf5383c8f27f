//! Finds libezkl: in the folder of EZKL_LIB_DIR, else where pkg-config says, else, with the feature `vendored`, by
//! building the C++ sources of `cpp`.

use std::path::{Path, PathBuf};
use std::process::{exit, Command};
use std::{env, fs};

/// What this crate was written against, and where it ends to fit.
const VERSIONS: [&str; 2] = ["ezkl >= 1.0.0", "ezkl < 2"];
const FILES: [&str; 2] = ["libezkl.so", "libezkl.so.1"];

fn main() {
    for name in
        ["EZKL_LIB_DIR", "PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR", "CMAKE"]
    {
        println!("cargo:rerun-if-env-changed={}", name);
    }
    println!("cargo:rerun-if-changed=build.rs");
    if env::var_os("DOCS_RS").is_some() {
        return; // documentation is made without the library
    }
    if let Some(folder) = env::var_os("EZKL_LIB_DIR") {
        return link(Path::new(&folder), "EZKL_LIB_DIR");
    }
    let reason = match pkg_config() {
        Ok(Some(folder)) => return link(&folder, "pkg-config"),
        Ok(None) => return println!("cargo:rustc-link-lib=dylib=ezkl"), // where the linker looks anyway
        Err(reason) => reason,
    };
    if env::var_os("CARGO_FEATURE_VENDORED").is_some() {
        return link(&build(), "cmake");
    }
    fail(&format!(
        "libezkl is not found. Name the folder of libezkl.so.1 in EZKL_LIB_DIR, or install it with its ezkl.pc, or \
         build it with the feature `vendored`. {}",
        reason
    ));
}

fn fail(text: &str) -> ! {
    eprintln!("{}", text);
    exit(1);
}

fn variable(name: &str) -> PathBuf {
    env::var_os(name).unwrap_or_else(|| fail(&format!("{} is not set: this is run by cargo", name))).into()
}

/// The folder that pkg-config names, none for one where every linker looks.
fn pkg_config() -> Result<Option<PathBuf>, String> {
    let named = env::var_os("PKG_CONFIG");
    if named.is_none() && env::var_os("HOST") != env::var_os("TARGET") {
        return Err("pkg-config is not asked for another machine's libraries unless PKG_CONFIG names one.".into());
    }
    let program = named.unwrap_or_else(|| "pkg-config".into());
    let mut asked = Command::new(&program);
    let said = asked
        .args(["--print-errors", "--libs-only-L"])
        .args(VERSIONS)
        .output()
        .map_err(|e| format!("{}: {}.", program.to_string_lossy(), e))?;
    if !said.status.success() {
        return Err(String::from_utf8_lossy(&said.stderr).into_owned());
    }
    let flags = String::from_utf8_lossy(&said.stdout).into_owned();
    Ok(flags.split_whitespace().find_map(|flag| flag.strip_prefix("-L")).map(PathBuf::from))
}

/// Builds the library and gives its folder.
fn build() -> PathBuf {
    let source = variable("CARGO_MANIFEST_DIR").join("cpp");
    for part in ["CMakeLists.txt", "src", "include", "cmake"] {
        println!("cargo:rerun-if-changed=cpp/{}", part);
    }
    let out = variable("OUT_DIR");
    let (folder, built) = (out.join("build"), out.join("built"));
    let cmake = env::var_os("CMAKE").unwrap_or_else(|| "cmake".into());
    let run = |command: &mut Command| match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => fail(&format!("libezkl cannot be built ({}); docs/development.md says what it needs", status)),
        Err(e) => fail(&format!("{}: {}", cmake.to_string_lossy(), e)),
    };
    let mut output = std::ffi::OsString::from("-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=");
    output.push(&built);
    run(Command::new(&cmake)
        .arg("-S")
        .arg(source)
        .arg("-B")
        .arg(&folder)
        .args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DEZKL_TESTS=OFF", "-DEZKL_BENCH=OFF"])
        .arg(output));
    let jobs = env::var("NUM_JOBS").unwrap_or_else(|_| "1".into());
    // Ninja takes `ezkl` for the program of that name.
    run(Command::new(&cmake).arg("--build").arg(&folder).args(["--target", "libezkl.so", "--parallel", &jobs]));
    built
}

/// Links with the library of a folder, by links in a folder of our own: cargo puts such folders into the search path of
/// what `cargo run` and `cargo test` start, and others not.
fn link(folder: &Path, said_by: &str) {
    let found = FILES.iter().map(|name| folder.join(name)).find(|file| file.exists());
    let library = found.and_then(|file| fs::canonicalize(file).ok()).unwrap_or_else(|| {
        fail(&format!("{}: there is no {} in the folder that {} names", folder.display(), FILES[1], said_by))
    });
    let here = variable("OUT_DIR").join("lib");
    let linked = fs::create_dir_all(&here).and_then(|()| {
        FILES.iter().try_for_each(|name| {
            let link = here.join(name);
            if link.symlink_metadata().is_ok() {
                fs::remove_file(&link)?;
            }
            std::os::unix::fs::symlink(&library, &link)
        })
    });
    if let Err(e) = linked {
        fail(&format!("{}: {}", here.display(), e));
    }
    println!("cargo:rerun-if-changed={}", library.display());
    println!("cargo:rustc-link-search=native={}", here.display());
    println!("cargo:rustc-link-lib=dylib=ezkl");
    println!("cargo:lib_dir={}", folder.display()); // DEP_EZKL_LIB_DIR, for run paths
}
