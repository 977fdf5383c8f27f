//! A folder of a test's own, with a model and its input. Tests share a process, so none changes the working folder.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use ezkl::{GenSettings, GenSrs, LogLevel, RunArgs, Session, SessionOptions, Visibility};

pub struct Place(PathBuf);

pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name)
}

impl Place {
    pub fn new() -> Place {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("ezkl-rust-{}-{}", std::process::id(), number));
        fs::create_dir(&path).unwrap();
        let place = Place(path);
        fs::copy(data("models/mlp.onnx"), place.at("network.onnx")).unwrap();
        fs::copy(data("models/mlp_input.json"), place.at("input.json")).unwrap();
        place
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).unwrap()
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Settings, compiled model and setup of a small circuit.
    pub fn compiled(&self, run_args: RunArgs) {
        GenSettings {
            model: self.at("network.onnx").into(),
            output: self.at("settings.json"),
            run_args,
            max_model_size: 0,
        }
        .run()
        .unwrap();
        ezkl::compile_circuit(self.at("network.onnx"), self.at("model.compiled"), self.at("settings.json")).unwrap();
        self.srs("kzg.srs", 9);
    }

    /// A setup for tests, about which it is not warned.
    pub fn srs(&self, name: &str, logrows: u32) -> PathBuf {
        let srs_path = self.at(name);
        quiet()
            .run(|| GenSrs { srs_path: srs_path.clone(), logrows: Some(logrows), ..Default::default() }.run())
            .unwrap();
        srs_path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ignored = fs::remove_dir_all(&self.0);
    }
}

pub fn quiet() -> Session {
    Session::new(SessionOptions::default()).on_log(LogLevel::Error, |_| ())
}

pub fn small() -> RunArgs {
    RunArgs {
        input_visibility: Some(Visibility::Private),
        logrows: Some(9),
        lookup_range: Some((-256, 256)),
        decomp_base: Some(64),
        decomp_legs: Some(4),
        ..Default::default()
    }
}
