//! From a model to a checked proof.

use std::path::PathBuf;

use crate::arguments::{words, Data, Input};
use crate::command::command;
use crate::results::{ProofResult, Settings, Witness};
use crate::run_args::{CheckMode, Commitment, RunArgs};

words! {
    /// What [`CalibrateSettings`] looks for.
    CalibrationTarget {
        /// The smallest circuit.
        #[default]
        Resources = "resources",
        /// The smallest circuit, also where function tables take several columns.
        ResourcesColOverflow = "resources/col-overflow",
        /// The largest scales.
        Accuracy = "accuracy",
    }
}

words! {
    /// What [`ChooseSettings`] makes small.
    SettingsTarget {
        /// The time of a proof.
        #[default]
        Prove = "prove",
        /// The size of a proof.
        Size = "size",
        /// What a verification on chain costs.
        Gas = "gas",
        /// The memory of a proof.
        Memory = "memory",
    }
}

words! {
    /// How [`Table`] shows a model.
    TableFormat {
        /// A line a node.
        #[default]
        Text = "text",
        /// A picture.
        Svg = "svg",
        /// For Graphviz.
        Dot = "dot",
    }
}

command! {
    /// Reads a model and writes the settings of its circuit, with the run arguments as they are.
    GenSettings = "gen_settings" -> Settings {
        /// The ONNX file.
        model: Input = "network.onnx".into(),
        /// Where settings go.
        output: PathBuf = "settings.json".into(),
        /// The arguments of the circuit.
        run_args: RunArgs = RunArgs::default(),
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    gen_settings()
}

command! {
    /// `gen_settings` with a circuit chosen for the model, that does on the samples of `data` what the model does.
    ChooseSettings = "choose_settings" -> Settings {
        /// The ONNX file.
        model: Input = "network.onnx".into(),
        /// Where settings go.
        output: PathBuf = "settings.json".into(),
        /// What is named here stays; the rest is chosen.
        run_args: RunArgs = RunArgs::default(),
        /// Samples.
        data: Option<Data> = None,
        /// How many times wider than the samples need the function tables become.
        lookup_safety_margin: f64 = 2.0,
        /// What to make small.
        target: SettingsTarget = SettingsTarget::Prove,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    choose_settings(model: Input, output: PathBuf)
}

command! {
    /// Chooses scales, lookup range and logrows by running the model on samples, and rewrites the settings.
    CalibrateSettings = "calibrate_settings" -> () {
        /// Samples; each list may hold several.
        data: Data = "calibration.json".into(),
        /// The ONNX file.
        model: Input = "network.onnx".into(),
        /// The settings that are rewritten.
        settings: PathBuf = "settings.json".into(),
        /// What to look for.
        target: CalibrationTarget = CalibrationTarget::Resources,
        /// How many times wider than the samples need the function tables become.
        lookup_safety_margin: f64 = 2.0,
        /// Scales to try.
        scales: Option<Vec<i32>> = None,
        /// Multipliers to try.
        scale_rebase_multiplier: Vec<u32> = vec![1, 10],
        /// The largest number of rows, as log2.
        max_logrows: Option<u32> = None,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    calibrate_settings(data: Data, model: Input, settings: PathBuf)
}

command! {
    /// Quantizes the model with the settings and lays out its circuit.
    CompileCircuit = "compile_circuit" -> () {
        /// The ONNX file.
        model: Input = "network.onnx".into(),
        /// Where the compiled model goes.
        compiled_circuit: PathBuf = "model.compiled".into(),
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
        /// The float model goes along, and `gen_witness` compares its outputs with it.
        keep_float: bool = true,
    }
    compile_circuit(model: Input, compiled_circuit: PathBuf, settings_path: Input)
}

/// [`compile_circuit`] under its older name.
pub fn compile_model(
    model: impl Into<Input>,
    compiled_circuit: impl Into<PathBuf>,
    settings_path: impl Into<Input>,
) -> crate::Result<()> {
    compile_circuit(model, compiled_circuit, settings_path)
}

command! {
    /// Makes a setup for tests: whoever made one can forge proofs. With IPA there is no secret, and all make the same.
    GenSrs = "gen_srs" -> () {
        /// Where it goes. Needed.
        srs_path: PathBuf = PathBuf::new(),
        /// log2 of its size, as the settings have it. Needed.
        logrows: Option<u32> = None,
        /// What for.
        commitment: Commitment = Commitment::Kzg,
    }
    gen_srs(srs_path: PathBuf, logrows: Option<u32>)
}

command! {
    /// Fetches the setup of the public ceremony, unless it is there, and compares it with the published list. Gives its
    /// path.
    GetSrs = "get_srs" -> PathBuf {
        /// Settings that say how large it must be.
        settings_path: Input = "settings.json".into(),
        /// How large it must be, whatever settings say.
        logrows: Option<u32> = None,
        /// Where it goes; into the session's folder.
        srs_path: Option<PathBuf> = None,
        /// A URL whose folder holds `kzg{k}.srs`; the session's.
        mirror: Option<String> = None,
        /// What for; as settings say.
        commitment: Option<Commitment> = None,
    }
    get_srs(settings_path: Input)
}

command! {
    /// Where a setup of that size is looked for when no path is given.
    DefaultSrsPath = "default_srs_path" -> PathBuf {
        /// log2 of its size. Needed.
        logrows: Option<u32> = None,
        /// What for.
        commitment: Commitment = Commitment::Kzg,
    }
    default_srs_path(logrows: Option<u32>)
}

command! {
    /// Runs the circuit on an input and gives the witness.
    GenWitness = "gen_witness" -> Witness {
        /// The input.
        data: Data = "input.json".into(),
        /// The compiled model.
        model: Input = "model.compiled".into(),
        /// Where the witness is written too; `None`: nowhere.
        output: Option<PathBuf> = Some("witness.json".into()),
        /// The verifying key, wanted for values that are committed to (`polycommit`).
        vk_path: Option<Input> = None,
        /// The setup, likewise.
        srs_path: Option<Input> = None,
        /// Refuse an output element further than this from the float model's.
        max_error: Option<f64> = None,
        /// Refuse another class than the float model's.
        same_class: bool = false,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    gen_witness(data: Data, model: Input)
}

command! {
    /// Checks every constraint of the circuit, without a proof.
    Mock = "mock" -> () {
        /// The witness.
        witness: Input = "witness.json".into(),
        /// The compiled model.
        model: Input = "model.compiled".into(),
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
        /// Bytes that the process may take; 0: what the session says.
        max_memory: u64 = 0,
    }
    mock(witness: Input, model: Input)
}

command! {
    /// Makes the verifying and the proving key, and beside the first its manifest. Gives the manifest's digest, which a
    /// verifier has to know.
    Setup = "setup" -> String {
        /// The compiled model.
        model: Input = "model.compiled".into(),
        /// Where the verifying key goes.
        vk_path: PathBuf = "vk.key".into(),
        /// Where the proving key goes.
        pk_path: PathBuf = "pk.key".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// A witness with the values of fixed inputs and outputs.
        witness_path: Option<Input> = None,
        /// Keys of the published package's older form.
        disable_selector_compression: bool = false,
        /// Bytes that the process may take; 0: as the session says.
        max_memory: u64 = 0,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    setup(model: Input, vk_path: PathBuf, pk_path: PathBuf)
}

command! {
    /// Writes the manifest of a key that is there already, and gives its digest.
    WriteManifest = "write_manifest" -> String {
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// The verifying key.
        vk_path: Input = "vk.key".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// Make the key again from this compiled model and compare.
        compiled_circuit: Option<Input> = None,
        /// Note the digest of this ONNX file.
        model: Option<Input> = None,
        /// Where it goes; beside the key.
        output: Option<PathBuf> = None,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    write_manifest(settings_path: Input, vk_path: Input)
}

command! {
    /// Proves the run that a witness is of.
    Prove = "prove" -> ProofResult {
        /// The witness.
        witness: Input = "witness.json".into(),
        /// The compiled model.
        model: Input = "model.compiled".into(),
        /// The proving key.
        pk_path: Input = "pk.key".into(),
        /// Where the proof is written.
        proof_path: Option<PathBuf> = None,
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// Whether the proof is verified first.
        check_mode: CheckMode = CheckMode::Unsafe,
        /// Makes the proof reproducible, and it no longer hides anything: for tests.
        seed: Option<u64> = None,
        /// Bytes that the process may take; 0: as the session says.
        max_memory: u64 = 0,
        /// A key's manifest: refuse a model, key or setup that are others.
        manifest: Option<Input> = None,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    prove(witness: Input, model: Input, pk_path: Input)
}

command! {
    /// Succeeds for a proof that holds; one that does not is [`Fault::Unsatisfied`](crate::Fault::Unsatisfied).
    ///
    /// Only with `manifest` or `digest`, from the model's owner, is it known what was proved (docs/trust.md);
    /// [`VerifyReport`](crate::VerifyReport) says what.
    Verify = "verify" -> () {
        /// The proof.
        proof_path: Input = "proof.json".into(),
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// The verifying key.
        vk_path: Input = "vk.key".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// The setup may be larger than the circuit, or a verifier's short one.
        reduced_srs: bool = false,
        /// The manifest that the model's owner gave.
        manifest: Option<Input> = None,
        /// The digest of the manifest, as the model's owner tells it.
        digest: Option<String> = None,
    }
    verify(proof_path: Input, settings_path: Input, vk_path: Input)
}

command! {
    /// Puts a witness's commitments at the front of a proof. Gives whether that changed its bytes.
    SwapProofCommitments = "swap_proof_commitments" -> bool {
        /// The proof, which is rewritten.
        proof_path: PathBuf = "proof.json".into(),
        /// The witness.
        witness_path: Input = "witness.json".into(),
    }
    swap_proof_commitments(proof_path: PathBuf, witness_path: Input)
}

command! {
    /// A model's nodes: operator, inputs, shape, scale.
    Table = "table" -> String {
        /// The ONNX file.
        model: Input = "network.onnx".into(),
        /// The arguments of the circuit.
        run_args: RunArgs = RunArgs::default(),
        /// How.
        format: TableFormat = TableFormat::Text,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    table(model: Input)
}

command! {
    /// Writes random inputs for a model.
    GenRandomData = "gen_random_data" -> () {
        /// The ONNX file.
        model: Input = "network.onnx".into(),
        /// Where they go.
        output: PathBuf = "input.json".into(),
        /// Sizes of named dimensions.
        variables: Vec<(String, usize)> = vec![("batch_size".to_string(), 1)],
        /// Which of them.
        seed: u64 = 21242,
        /// The smallest.
        min: Option<f32> = None,
        /// The largest.
        max: Option<f32> = None,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    gen_random_data(model: Input, output: PathBuf)
}

command! {
    /// Writes the verifying key that a proving key holds.
    GenVkFromPkSingle = "gen_vk_from_pk_single" -> () {
        /// The proving key.
        path_to_pk: Input = "pk.key".into(),
        /// The settings.
        circuit_settings_path: Input = "settings.json".into(),
        /// Where the verifying key goes.
        vk_output_path: PathBuf = "vk.key".into(),
    }
    gen_vk_from_pk_single(path_to_pk: Input, circuit_settings_path: Input, vk_output_path: PathBuf)
}

command! {
    /// Each column of a proof's instances, and the proof, in hexadecimal, a line each.
    PrintProofHex = "print_proof_hex" -> String {
        /// The proof.
        proof_path: Input = "proof.json".into(),
    }
    print_proof_hex(proof_path: Input)
}
