//! Every command, on a small model.

mod place;

use ezkl::{
    Accuracy, CheckMode, CheckModel, ChooseSettings, Commitment, CompileCircuit, CreateEvmVerifier, CreateEvmVka,
    EncodeEvmCalldata, EvmGasReport, Fault, GenSettings, GenSrs, GenWitness, GenWitnessSplit, InputType, Link, Prove,
    ProveSplit, RunArgs, Setup, SetupSplit, SplitModel, Table, TableFormat, Verify, VerifyReport, VerifySplit,
    Visibility, WriteManifest,
};
use place::{data, quiet, small, Place};

const SAMPLE: [f64; 4] = [0.5, -0.25, 0.8125, -0.6875];

fn one() -> String {
    format!("01{}", "0".repeat(62))
}

#[test]
fn from_model_to_proof() {
    let p = Place::new();
    let srs = || Some(p.at("kzg.srs").into());
    p.compiled(small());
    let setup = Setup {
        model: p.at("model.compiled").into(),
        vk_path: p.at("vk.key"),
        pk_path: p.at("pk.key"),
        srs_path: srs(),
        ..Default::default()
    };
    let digest = setup.run().unwrap();
    assert_eq!(digest.len(), 64);

    let gen = GenWitness {
        data: p.at("input.json").into(),
        model: p.at("model.compiled").into(),
        output: Some(p.at("witness.json")),
        ..Default::default()
    };
    let witness = gen.run().unwrap();
    assert_eq!(witness.outputs()[0].len(), 3);
    assert_eq!(
        ezkl::json::Value::parse(std::str::from_utf8(&p.bytes("witness.json")).unwrap()).unwrap(),
        *witness.value()
    );
    ezkl::mock(&witness, p.at("model.compiled")).unwrap();
    ezkl::mock(p.at("witness.json"), p.at("model.compiled")).unwrap();

    let prove = Prove {
        witness: p.at("witness.json").into(),
        model: p.at("model.compiled").into(),
        pk_path: p.at("pk.key").into(),
        proof_path: Some(p.at("proof.json")),
        srs_path: srs(),
        check_mode: CheckMode::Safe,
        manifest: Some(p.at("vk.manifest.json").into()),
        ..Default::default()
    };
    let proof = prove.run().unwrap();
    assert_eq!(proof.instances[0].len(), 3);
    assert!(proof.proof.len() > 1000);
    let hex = ezkl::print_proof_hex(p.at("proof.json")).unwrap();
    assert_eq!(hex.lines().count(), 2);

    let verify = Verify {
        proof_path: p.at("proof.json").into(),
        settings_path: p.at("settings.json").into(),
        vk_path: p.at("vk.key").into(),
        srs_path: srs(),
        digest: Some(digest.clone()),
        ..Default::default()
    };
    verify.run().unwrap();
    let refused = Verify { digest: Some("0".repeat(64)), ..verify.clone() }.run().unwrap_err();
    assert_eq!(refused.fault(), Fault::Unsatisfied);
    // Another proof: a digit of it is changed, in memory.
    let mut changed = p.bytes("proof.json");
    let start = b"\"hex_proof\":\"0x";
    let at = changed.windows(start.len()).position(|w| w == start).unwrap() + start.len() + 40;
    changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
    assert!(Verify { proof_path: changed.into(), ..verify.clone() }.run().is_err());

    let report = VerifyReport {
        proof_path: p.at("proof.json").into(),
        settings_path: p.at("settings.json").into(),
        vk_path: p.bytes("vk.key").into(),
        srs_path: srs(),
        manifest: Some(p.at("vk.manifest.json").into()),
        digest: Some(digest.clone()),
        ..Default::default()
    };
    let verdict = report.run().unwrap();
    assert!(verdict.accepted && verdict.reason.is_none());
    assert_eq!(verdict.report["settings"]["trust"].as_str(), Some("pinned"));
    assert!(report.text().unwrap().contains("output"));
    let verdict = VerifyReport { output: Some(vec![9.0, 9.0, 9.0].into()), ..report.clone() }.run().unwrap();
    assert!(!verdict.accepted && verdict.reason.is_some());
    let verdict = VerifyReport { output: Some(witness.outputs().into()), ..report }.run().unwrap();
    assert!(verdict.accepted, "{:?}", verdict.reason);

    ezkl::gen_vk_from_pk_single(p.at("pk.key"), p.at("settings.json"), p.at("again.key")).unwrap();
    assert!(p.bytes("again.key") == p.bytes("vk.key"));
    let again = WriteManifest {
        settings_path: p.at("settings.json").into(),
        vk_path: p.at("vk.key").into(),
        srs_path: srs(),
        compiled_circuit: Some(p.at("model.compiled").into()),
        output: Some(p.at("other.manifest.json")),
        ..Default::default()
    };
    assert_eq!(again.run().unwrap().len(), 64);
    assert!(!ezkl::swap_proof_commitments(p.at("proof.json"), p.at("witness.json")).unwrap());
    let wrong = Prove { pk_path: p.at("vk.key").into(), ..prove }.run().unwrap_err();
    assert_eq!(wrong.fault(), Fault::Format);
}

#[test]
fn on_chain() {
    let p = Place::new();
    p.compiled(small());
    let (settings, vk, srs) = (p.at("settings.json"), p.at("vk.key"), p.at("kzg.srs"));
    let (model, pk_path) = (p.at("model.compiled").into(), p.at("pk.key"));
    Setup { model, vk_path: vk.clone(), pk_path, srs_path: Some((&srs).into()), ..Default::default() }.run().unwrap();
    let witness = GenWitness {
        data: p.at("input.json").into(),
        model: p.at("model.compiled").into(),
        output: None,
        ..Default::default()
    };
    Prove {
        witness: (&witness.run().unwrap()).into(),
        model: p.at("model.compiled").into(),
        pk_path: p.at("pk.key").into(),
        proof_path: Some(p.at("proof.json")),
        srs_path: Some((&srs).into()),
        ..Default::default()
    }
    .run()
    .unwrap();
    CreateEvmVerifier {
        vk_path: (&vk).into(),
        settings_path: (&settings).into(),
        sol_code_path: p.at("verifier.sol"),
        abi_path: p.at("abi.json"),
        srs_path: Some((&srs).into()),
        ..Default::default()
    }
    .run()
    .unwrap();
    assert!(String::from_utf8(p.bytes("verifier.sol")).unwrap().contains("pragma solidity"));
    let digest = CreateEvmVka {
        vk_path: (&vk).into(),
        settings_path: (&settings).into(),
        vka_path: p.at("vka.bytes"),
        srs_path: Some((&srs).into()),
        ..Default::default()
    }
    .run()
    .unwrap();
    assert_eq!(digest.len(), 64, "{}", digest);
    let encode = EncodeEvmCalldata {
        proof: p.at("proof.json").into(),
        calldata: Some(p.at("calldata.bytes")),
        settings_path: Some((&settings).into()),
        ..Default::default()
    };
    assert_eq!(encode.run().unwrap(), p.bytes("calldata.bytes"));
    let report = EvmGasReport {
        vk_path: (&vk).into(),
        settings_path: (&settings).into(),
        srs_path: Some((&srs).into()),
        ..Default::default()
    };
    assert!(!report.run().unwrap().is_empty());
    for needed in [ezkl::deploy_evm(p.at("address"), "").unwrap_err(), ezkl::verify_evm("", "").unwrap_err()] {
        assert_eq!(needed.fault(), Fault::Usage, "{}", needed);
    }
    assert_eq!(ezkl::register_vka("0x00", "", p.at("vka.bytes")).unwrap_err().fault(), Fault::Usage);
}

#[test]
fn choosing_and_reports() {
    let p = Place::new();
    let model = || p.at("network.onnx");
    let check = CheckModel { model: model().into(), data: Some(SAMPLE[..].into()), ..Default::default() };
    let found = check.run().unwrap();
    assert!(found.ok && found.problems.is_empty());
    assert_eq!(found.report["circuit"]["samples"].as_number(), Some(1u32));
    let found = ezkl::check_model(data("models/broken.onnx")).unwrap();
    assert!(!found.ok);
    assert!(found.problems.len() >= 2, "{:?}", found.problems);
    assert!(found.problems.iter().any(|problem| problem.fault() == Fault::Unsupported));

    let settings = ChooseSettings {
        model: model().into(),
        output: p.at("settings.json"),
        run_args: RunArgs { input_scale: Some(9), ..Default::default() },
        data: Some(p.at("input.json").into()),
        target: ezkl::SettingsTarget::Size,
        ..Default::default()
    };
    let settings = settings.run().unwrap();
    assert_eq!(settings.read().unwrap()["run_args"]["input_scale"].as_number(), Some(9));
    ezkl::calibrate_settings(p.at("input.json"), model(), &settings).unwrap();
    assert!(settings.logrows().unwrap() < 17);

    let accuracy = Accuracy {
        data: SAMPLE[..].into(),
        model: model().into(),
        settings_path: (&settings).into(),
        ..Default::default()
    };
    assert_eq!(accuracy.run().unwrap()["samples"].as_number(), Some(1u32));
    assert!(!accuracy.text().unwrap().is_empty());
    assert!(accuracy.html().unwrap().contains("<html"));
    assert!(ezkl::table(model()).unwrap().contains("GEMM") || ezkl::table(model()).unwrap().len() > 100);
    let svg = Table { model: model().into(), format: TableFormat::Svg, ..Default::default() };
    assert!(svg.run().unwrap().contains("<svg"));
    ezkl::gen_random_data(model(), p.at("random.json")).unwrap();
    CompileCircuit {
        model: p.bytes("network.onnx").into(),
        compiled_circuit: p.at("model.compiled"),
        settings_path: (&settings).into(),
        keep_float: false,
        ..Default::default()
    }
    .run()
    .unwrap();
    let random = GenWitness {
        data: p.at("random.json").into(),
        model: p.at("model.compiled").into(),
        output: None,
        ..Default::default()
    };
    assert_eq!(random.run().unwrap().outputs()[0].len(), 3);
}

#[test]
fn inner_products_and_commitments() {
    let p = Place::new();
    for (commitment, srs) in [(Commitment::Ipa, "ipa.srs"), (Commitment::Kzg, "kzg.srs")] {
        let run_args = RunArgs { commitment: Some(commitment), ..small() };
        GenSettings { model: p.at("network.onnx").into(), output: p.at("settings.json"), run_args, max_model_size: 0 }
            .run()
            .unwrap();
        ezkl::compile_circuit(p.at("network.onnx"), p.at("model.compiled"), p.at("settings.json")).unwrap();
        quiet().run(|| GenSrs { srs_path: p.at(srs), logrows: Some(9), commitment }.run()).unwrap();
        Setup {
            model: p.at("model.compiled").into(),
            vk_path: p.at("vk.key"),
            pk_path: p.at("pk.key"),
            srs_path: Some(p.at(srs).into()),
            ..Default::default()
        }
        .run()
        .unwrap();
        let points = match commitment {
            Commitment::Ipa => ezkl::IpaCommit {
                message: vec![one()],
                vk_path: p.at("vk.key").into(),
                settings_path: p.at("settings.json").into(),
                srs_path: Some(p.at(srs).into()),
            }
            .run(),
            _ => ezkl::KzgCommit {
                message: vec![one()],
                vk_path: p.at("vk.key").into(),
                settings_path: p.at("settings.json").into(),
                srs_path: Some(p.at(srs).into()),
            }
            .run(),
        }
        .unwrap();
        assert_eq!(points.len(), 1);
        assert_eq!(ezkl::point_coordinates(&points).unwrap()[0].x.len(), 64);
        for name in ["vk.key", "pk.key", "vk.manifest.json"] {
            std::fs::remove_file(p.at(name)).unwrap();
        }
    }
}

#[test]
fn in_parts() {
    let p = Place::new();
    let split = SplitModel {
        model: p.at("network.onnx").into(),
        output: p.at("parts"),
        run_args: small(),
        parts: Some(2),
        link: Link::Hashed,
        ..Default::default()
    };
    assert_eq!(split.run().unwrap(), p.at("parts"));
    let srs = p.srs("kzg12.srs", 12);
    let (split, srs_path) = (p.at("parts"), Some((&srs).into()));
    let digest = SetupSplit { split: split.clone(), srs_path, max_model_size: 0 }.run().unwrap();
    let srs_path = Some((&srs).into());
    GenWitnessSplit { data: SAMPLE[..].into(), split: split.clone(), srs_path, max_model_size: 0 }.run().unwrap();
    ProveSplit { split: split.clone(), srs_path: Some((&srs).into()), ..Default::default() }.run().unwrap();
    assert_eq!(ezkl::split_digest(&split).unwrap(), digest);
    let verify = VerifySplit { split, srs_path: Some((&srs).into()), digest: Some(digest), ..Default::default() };
    let verdict = verify.run().unwrap();
    assert!(verdict.accepted && verdict.reason.is_empty());
    let verdict = VerifySplit { digest: Some("0".repeat(64)), ..verify }.run().unwrap();
    assert!(!verdict.accepted && !verdict.reason.is_empty());
}

#[test]
fn published_proof_from_memory() {
    let read = |name: &str| std::fs::read(data("golden").join(name)).unwrap();
    Verify {
        proof_path: read("default/proof.json").into(),
        settings_path: read("default/settings.json").into(),
        vk_path: read("default/vk.key").into(),
        srs_path: Some(read("kzg4.srs").into()),
        reduced_srs: true,
        ..Default::default()
    }
    .run()
    .unwrap();
}

#[test]
fn field_elements() {
    assert_eq!(ezkl::version(), "23.0.5");
    assert_eq!(ezkl::own_version(), env!("CARGO_PKG_VERSION"));
    assert_eq!(ezkl::felt_to_int(&one()).unwrap(), 1);
    let negative = ezkl::float_to_felt(-1.5, 7, InputType::F64).unwrap();
    assert_eq!(ezkl::felt_to_int(&negative).unwrap(), -192);
    assert_eq!(ezkl::felt_to_float(&negative, 7).unwrap(), -1.5);
    assert_eq!(ezkl::felt_to_big_endian(&one()).unwrap(), format!("0x{}1", "0".repeat(63)));
    assert_eq!(ezkl::float_to_felt(f64::NAN, 7, InputType::F64).unwrap(), "0".repeat(64));
    assert!(ezkl::float_to_felt(f64::INFINITY, 7, InputType::F64).is_err());
    assert_eq!(ezkl::buffer_to_felts(&[1]).unwrap(), [one()]);
    assert!(ezkl::buffer_to_felts(&[]).unwrap().is_empty());
    assert_eq!(ezkl::poseidon_hash(&[one()]).unwrap().len(), 1);
    assert!(ezkl::poseidon_hash::<&str>(&[]).unwrap().is_empty());
    for wrong in ["", "01", "zz", "é"] {
        assert!(ezkl::felt_to_int(wrong).is_err(), "{}", wrong);
    }
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let p = Place::new();
    let missing = ezkl::verify("proof.json", p.at("none.json"), "vk.key").unwrap_err();
    assert_eq!((missing.fault(), missing.frames()[0].as_str()), (Fault::Io, "verify"));
    assert!(missing.to_string().contains("none.json"), "{}", missing);
    let no_setup = quiet().run(|| ezkl::default_srs_path(5)).unwrap_err();
    assert_eq!(no_setup.fault(), Fault::Usage);
    assert!(no_setup.hints().iter().any(|hint| hint.parameter == "srs_folder"));
    assert!(no_setup.to_string().contains("`srs_folder`"), "{}", no_setup);
    let no_model = GenSettings { model: b"hello"[..].into(), output: p.at("settings.json"), ..Default::default() };
    assert_eq!(no_model.run().unwrap_err().fault(), Fault::Format);
    let none = GenSrs { srs_path: p.at("kzg.srs"), ..Default::default() }.run().unwrap_err();
    assert_eq!((none.fault(), none.frames().last().unwrap().as_str()), (Fault::Usage, "logrows"));
    assert_eq!(GenSrs::default().run().unwrap_err().fault(), Fault::Usage);
    let run_args = RunArgs { param_visibility: Some(Visibility::HashedPrivate(vec![7])), ..small() };
    let wrong = GenSettings { model: p.at("network.onnx").into(), output: p.at("s"), run_args, max_model_size: 0 };
    assert!(wrong.run().is_err());
    let tiny =
        GenSettings { model: p.at("network.onnx").into(), output: p.at("s"), max_model_size: 1, ..Default::default() };
    assert_eq!(tiny.run().unwrap_err().fault(), Fault::Limit);
    assert_eq!(p.names(), ["input.json", "network.onnx"]); // nothing was written
    let boxed: Box<dyn std::error::Error + Send + Sync> = Box::new(missing);
    assert!(boxed.source().is_none());
}
