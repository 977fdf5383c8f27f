/// A folder with network.onnx and input.json in which the process works until it is dropped.
#[allow(dead_code)]
pub struct InFolder(std::path::PathBuf);

#[allow(dead_code)]
pub fn in_folder() -> InFolder {
    let models = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/models"));
    let path = std::env::temp_dir().join(format!("ezkl-test-{}", std::process::id()));
    std::fs::create_dir(&path).unwrap();
    for (from, to) in [("mlp.onnx", "network.onnx"), ("mlp_input.json", "input.json")] {
        std::fs::copy(models.join(from), path.join(to)).unwrap();
    }
    std::env::set_current_dir(&path).unwrap();
    InFolder(path)
}

impl Drop for InFolder {
    fn drop(&mut self) {
        std::env::set_current_dir("/").unwrap();
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}
