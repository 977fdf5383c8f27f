//! Models, circuits, provers and verifiers as objects. Each lies in a folder with the usual file names, so that
//! functions and the command line work on it too; a folder that nobody names goes with the last object that uses it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::{env, fs, process};

use crate::arguments::{Data, Input, ToMemory};
use crate::call::call;
use crate::error::{Error, Fault, Result};
use crate::pipeline::{ChooseSettings, CompileCircuit, GenWitness, Mock, Prove, SettingsTarget, Setup};
use crate::reports::{Accuracy, Check, CheckModel, Verdict, VerifyReport};
use crate::results::{read_file, Proof, Settings, Witness};
use crate::run_args::{CheckMode, RunArgs};

/// A folder that was named, or one of our own that only this user can enter.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    own: bool,
}

impl Folder {
    fn named(path: &Path) -> Result<Arc<Folder>> {
        fs::create_dir_all(path).map_err(|e| Error::of_file(path, &e))?;
        Ok(Folder::open(path.to_path_buf()))
    }

    fn open(path: PathBuf) -> Arc<Folder> {
        Arc::new(Folder { path, own: false })
    }

    fn temporary() -> Result<Arc<Folder>> {
        use std::os::unix::fs::DirBuilderExt;
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = env::temp_dir().join(format!("ezkl-{}-{}", process::id(), number));
            // Somebody else's folder, or a link, is not taken.
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Arc::new(Folder { path, own: true })),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::of_file(&path, &e)),
            }
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.own {
            // What cannot be removed stays in the folder of temporary files: nobody is there to be told.
            let _ignored = fs::remove_dir_all(&self.path);
        }
    }
}

/// An ONNX model: a path, or its bytes.
#[derive(Clone, Debug)]
pub struct Model {
    file: Input,
}

/// How a model becomes a circuit.
#[derive(Clone, Debug)]
pub struct CircuitOptions {
    /// Samples, on which the circuit must do what the model does: give it many.
    pub data: Option<Data>,
    /// What is named here stays; the rest is chosen.
    pub run_args: RunArgs,
    /// Where its files go; a folder of its own that goes with the last object.
    pub folder: Option<PathBuf>,
    /// What to make small.
    pub target: SettingsTarget,
    /// How many times wider than the samples need the function tables become.
    pub lookup_safety_margin: f64,
    /// The float model goes along, and outputs are compared with it.
    pub keep_float: bool,
    /// What the model may become while it is read; 0: 2^28.
    pub max_model_size: u64,
}

impl Default for CircuitOptions {
    fn default() -> Self {
        let (choose, compile) = (ChooseSettings::default(), CompileCircuit::default());
        CircuitOptions {
            data: None,
            run_args: RunArgs::default(),
            folder: None,
            target: choose.target,
            lookup_safety_margin: choose.lookup_safety_margin,
            keep_float: compile.keep_float,
            max_model_size: 0,
        }
    }
}

impl Model {
    /// A model that is looked at when it is used.
    pub fn new(file: impl Into<Input>) -> Model {
        Model { file: file.into() }
    }

    /// Whether it can be proved, and what that takes, on samples. [`CheckModel`] has more options.
    pub fn check(&self, data: impl Into<Data>) -> Result<Check> {
        CheckModel { model: self.file.clone(), data: Some(data.into()), ..Default::default() }.run()
    }

    /// A circuit for the model.
    pub fn compile(&self, options: &CircuitOptions) -> Result<Circuit> {
        let folder = match &options.folder {
            Some(path) => Folder::named(path)?,
            None => Folder::temporary()?,
        };
        ChooseSettings {
            model: self.file.clone(),
            output: folder.file("settings.json"),
            run_args: options.run_args.clone(),
            data: options.data.clone(),
            lookup_safety_margin: options.lookup_safety_margin,
            target: options.target,
            max_model_size: options.max_model_size,
        }
        .run()?;
        CompileCircuit {
            model: self.file.clone(),
            compiled_circuit: folder.file("model.compiled"),
            settings_path: folder.file("settings.json").into(),
            max_model_size: options.max_model_size,
            keep_float: options.keep_float,
        }
        .run()?;
        Ok(Circuit { folder, srs: None, model: Some(self.clone()) })
    }
}

/// A compiled model: settings.json and model.compiled of a folder.
#[derive(Clone, Debug)]
pub struct Circuit {
    folder: Arc<Folder>,
    srs: Option<Input>,
    model: Option<Model>,
}

macro_rules! in_folder {
    ($($name:ident),*) => { $(
        impl $name {
            /// The folder of its files.
            pub fn folder(&self) -> &Path {
                &self.folder.path
            }

            /// What settings.json says.
            pub fn settings(&self) -> Settings {
                Settings::open(self.folder.file("settings.json"))
            }

            /// log2 of the number of rows, which is the size of the setup that it needs.
            pub fn logrows(&self) -> Result<u32> {
                self.settings().logrows()
            }

            /// The same with this setup; without one it is that of the session's folder.
            #[must_use]
            pub fn with_srs(self, srs: impl Into<Input>) -> $name {
                $name { srs: Some(srs.into()), ..self }
            }
        }
    )* };
}
in_folder!(Circuit, Prover, Verifier);

impl Circuit {
    /// One that lies in a folder.
    pub fn open(folder: impl Into<PathBuf>) -> Circuit {
        Circuit { folder: Folder::open(folder.into()), srs: None, model: None }
    }

    fn compiled(&self) -> Input {
        self.folder.file("model.compiled").into()
    }

    /// What the circuit computes, a list an output.
    pub fn run(&self, data: impl Into<Data>) -> Result<Vec<Vec<f64>>> {
        Ok(self.witness(data)?.outputs())
    }

    /// The run on an input. [`GenWitness`] has more options.
    pub fn witness(&self, data: impl Into<Data>) -> Result<Witness> {
        GenWitness { data: data.into(), model: self.compiled(), output: None, ..Default::default() }.run()
    }

    /// Checks every constraint for an input, without a proof.
    pub fn mock(&self, data: impl Into<Data>) -> Result<()> {
        Mock { witness: Input::from(&self.witness(data)?), model: self.compiled(), ..Default::default() }.run()
    }

    /// What compares its arithmetic with the float model's: run it, or take its text or page.
    pub fn accuracy(&self, data: impl Into<Data>) -> Result<Accuracy> {
        let text = "the circuit was opened without its model, which Accuracy can be given";
        let model = self.model.as_ref().ok_or_else(|| Error::new(Fault::Usage, text))?;
        let settings_path = Input::from(&self.settings());
        Ok(Accuracy { data: data.into(), model: model.file.clone(), settings_path, ..Default::default() })
    }

    /// Makes the keys. [`Setup`] has more options.
    pub fn setup(&self) -> Result<Prover> {
        let digest = Setup {
            model: self.compiled(),
            vk_path: self.folder.file("vk.key"),
            pk_path: self.folder.file("pk.key"),
            srs_path: self.srs.clone(),
            ..Default::default()
        }
        .run()?;
        let (folder, srs) = (self.folder.clone(), self.srs.clone());
        Ok(Prover { folder, srs, digest: Some(digest), check_mode: CheckMode::Unsafe })
    }
}

/// A circuit with its keys.
#[derive(Clone, Debug)]
pub struct Prover {
    folder: Arc<Folder>,
    srs: Option<Input>,
    digest: Option<String>,
    check_mode: CheckMode,
}

impl Prover {
    /// One that lies in a folder.
    pub fn open(folder: impl Into<PathBuf>) -> Prover {
        Prover { folder: Folder::open(folder.into()), srs: None, digest: None, check_mode: CheckMode::Unsafe }
    }

    /// The same, that verifies proofs before it gives them, or does not.
    #[must_use]
    pub fn with_check_mode(self, check_mode: CheckMode) -> Prover {
        Prover { check_mode, ..self }
    }

    /// The digest of the key's manifest, which a verifier has to know from the model's owner. `setup` gives it: of a
    /// prover that was opened it is not known.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// Runs the circuit on an input and proves the run.
    pub fn prove(&self, data: impl Into<Data>) -> Result<Proof> {
        let settings = self.settings().read()?;
        let groups = ["input_visibility", "param_visibility", "output_visibility"];
        let committed = groups.iter().any(|group| settings["run_args"][*group].as_str() == Some("KZGCommit"));
        let model = Input::from(self.folder.file("model.compiled"));
        let witness = GenWitness {
            data: data.into(),
            model: model.clone(),
            output: None,
            vk_path: committed.then(|| self.folder.file("vk.key").into()),
            srs_path: if committed { self.srs.clone() } else { None },
            ..Default::default()
        }
        .run()?;
        let command = Prove {
            witness: Input::from(&witness),
            model,
            pk_path: self.folder.file("pk.key").into(),
            srs_path: self.srs.clone(),
            check_mode: self.check_mode,
            ..Default::default()
        };
        let mut arguments = command.arguments()?;
        arguments.add("proof_path", &ToMemory)?;
        let made = call("prove", arguments)?.outputs.pop();
        made.map(Proof::new).ok_or_else(|| Error::new(Fault::Internal, "the library gave no proof"))
    }

    /// Who verifies its proofs here. Another one wants what [`Prover::export`] copies, and the digest.
    pub fn verifier(&self) -> Verifier {
        let manifest = Some(self.folder.file("vk.manifest.json").into());
        Verifier { folder: self.folder.clone(), srs: self.srs.clone(), manifest, digest: self.digest.clone() }
    }

    /// Copies what a verifier needs into a folder: settings.json, vk.key, vk.manifest.json. The digest is to be told
    /// another way.
    pub fn export(&self, folder: impl AsRef<Path>) -> Result<()> {
        let place = Folder::named(folder.as_ref())?;
        for name in ["settings.json", "vk.key", "vk.manifest.json"] {
            let (data, path) = (read_file(&self.folder.file(name))?, place.file(name));
            fs::write(&path, data).map_err(|e| Error::of_file(&path, &e))?;
        }
        Ok(())
    }
}

/// settings.json and vk.key of a folder. Without a digest or a manifest of the model's owner nobody knows of what a
/// proof is.
#[derive(Clone, Debug)]
pub struct Verifier {
    folder: Arc<Folder>,
    srs: Option<Input>,
    manifest: Option<Input>,
    digest: Option<String>,
}

/// What a proof must be about.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// The input; `None`: any.
    pub input: Option<Data>,
    /// The output; `None`: any.
    pub output: Option<Data>,
}

impl Verifier {
    /// One that lies in a folder.
    pub fn open(folder: impl Into<PathBuf>) -> Verifier {
        Verifier { folder: Folder::open(folder.into()), srs: None, manifest: None, digest: None }
    }

    /// The same with the digest of the key's manifest, as the model's owner tells it.
    #[must_use]
    pub fn with_digest(self, digest: impl Into<String>) -> Verifier {
        Verifier { digest: Some(digest.into()), ..self }
    }

    /// The same with a manifest that comes from the model's owner.
    #[must_use]
    pub fn with_manifest(self, manifest: impl Into<Input>) -> Verifier {
        Verifier { manifest: Some(manifest.into()), ..self }
    }

    /// Whether a proof holds, and what was proved.
    pub fn verify(&self, proof: impl Into<Input>) -> Result<Verdict> {
        self.report(proof, &Expected::default()).run()
    }

    /// Whether a proof holds and is about these values.
    pub fn verify_expecting(&self, proof: impl Into<Input>, expected: &Expected) -> Result<Verdict> {
        self.report(proof, expected).run()
    }

    /// What gives the verdict: [`VerifyReport`] has it as a text too, and more options.
    pub fn report(&self, proof: impl Into<Input>, expected: &Expected) -> VerifyReport {
        VerifyReport {
            proof_path: proof.into(),
            settings_path: Input::from(&self.settings()),
            vk_path: self.folder.file("vk.key").into(),
            srs_path: self.srs.clone(),
            manifest: self.manifest.clone(),
            digest: self.digest.clone(),
            input: expected.input.clone(),
            output: expected.output.clone(),
            ..Default::default()
        }
    }
}
