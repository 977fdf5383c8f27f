//! Models, circuits, provers and verifiers as objects.

mod place;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use ezkl::{
    CheckMode, Circuit, CircuitOptions, Data, Expected, Fault, Model, Proof, Prover, RunArgs, Verifier, Visibility,
};
use place::Place;

const SAMPLE: [f64; 4] = [0.5, -0.25, 0.8125, -0.6875];

fn options(place: &Place) -> CircuitOptions {
    CircuitOptions {
        data: Some(place.at("input.json").into()),
        run_args: RunArgs { input_visibility: Some(Visibility::Private), logrows: Some(12), ..Default::default() },
        ..Default::default()
    }
}

#[test]
fn proving_and_handing_over() {
    let p = Place::new();
    let srs = p.srs("kzg.srs", 12);
    let model = Model::new(p.bytes("network.onnx"));
    assert!(model.check(&SAMPLE[..]).unwrap().ok);
    let circuit = model.compile(&options(&p)).unwrap().with_srs(&srs);
    assert_eq!(circuit.logrows().unwrap(), 12);
    let outputs = circuit.run(&SAMPLE[..]).unwrap();
    circuit.mock(vec![SAMPLE.to_vec()]).unwrap();
    assert_eq!(circuit.accuracy(p.at("input.json")).unwrap().run().unwrap()["samples"].as_number(), Some(1u32));

    let prover = circuit.setup().unwrap().with_check_mode(CheckMode::Safe);
    let proof = prover.prove(r#"{"input_data": [[0.5, -0.25, 0.8125, -0.6875]]}"#).unwrap();
    assert_eq!(proof.outputs().unwrap(), outputs);
    let verifier = prover.verifier();
    let verdict = verifier.verify(&proof).unwrap();
    assert!(verdict.accepted, "{:?}", verdict.reason);
    assert_eq!(verdict.report["settings"]["trust"].as_str(), Some("pinned"));
    for (values, accepted) in [(outputs.clone(), true), (vec![vec![9.0, 9.0, 9.0]], false)] {
        let expected = Expected { output: Some(Data::from(values)), ..Default::default() };
        assert_eq!(verifier.verify_expecting(&proof, &expected).unwrap().accepted, accepted);
        assert!(!verifier.report(&proof, &expected).text().unwrap().is_empty());
    }

    proof.save(p.at("proof.json")).unwrap();
    assert_eq!(Proof::load(p.at("proof.json")).unwrap(), proof);
    let digest = prover.digest().unwrap().to_string();
    prover.export(p.at("for_verifiers")).unwrap();
    let mut names: Vec<_> = fs::read_dir(p.at("for_verifiers")).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["settings.json", "vk.key", "vk.manifest.json"]);
    let elsewhere = || Verifier::open(p.at("for_verifiers")).with_srs(&srs);
    assert!(elsewhere().with_digest(&*digest).verify(p.at("proof.json")).unwrap().accepted);
    assert!(!elsewhere().with_digest("0".repeat(64)).verify(p.at("proof.json")).unwrap().accepted);
    let manifest = p.at("for_verifiers/vk.manifest.json");
    assert!(elsewhere().with_manifest(manifest).verify(proof.data()).unwrap().accepted);
    assert_eq!(p.names(), ["for_verifiers", "input.json", "kzg.srs", "network.onnx", "proof.json"]);
}

#[test]
fn folders() {
    let p = Place::new();
    let circuit = Model::new(p.at("network.onnx")).compile(&options(&p)).unwrap();
    let folder = circuit.folder().to_path_buf();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    let other = circuit.clone();
    drop(circuit);
    assert!(folder.exists());
    drop(other);
    assert!(!folder.exists());

    let srs = p.srs("kzg.srs", 12);
    let named = CircuitOptions { folder: Some(p.at("kept")), ..options(&p) };
    let made = Model::new(p.at("network.onnx")).compile(&named).unwrap().with_srs(&srs).setup().unwrap();
    drop(made);
    assert_eq!(Circuit::open(p.at("kept")).run(&SAMPLE[..]).unwrap()[0].len(), 3);
    assert_eq!(Circuit::open(p.at("kept")).accuracy(&SAMPLE[..]).unwrap_err().fault(), Fault::Usage);
    let again = Prover::open(p.at("kept")).with_srs(&srs);
    assert_eq!(again.digest(), None);
    let verdict = again.verifier().verify(&again.prove(&SAMPLE[..]).unwrap()).unwrap();
    assert!(verdict.accepted, "{:?}", verdict.reason);
}

#[test]
fn commitments() {
    let p = Place::new();
    let srs = p.srs("kzg.srs", 12);
    let mut options = options(&p);
    options.run_args.param_visibility = Some(Visibility::Polycommit);
    let prover = Model::new(p.at("network.onnx")).compile(&options).unwrap().with_srs(&srs).setup().unwrap();
    let verdict = prover.verifier().verify(&prover.prove(&SAMPLE[..]).unwrap()).unwrap();
    assert!(verdict.accepted, "{:?}", verdict.reason);
}

#[test]
fn wrong_data() {
    let p = Place::new();
    let circuit = Model::new(p.at("network.onnx")).compile(&options(&p)).unwrap();
    assert!(circuit.run(&[1.0, 2.0][..]).is_err());
    assert!(circuit.run(&[f64::NAN, 0.0, 0.0, 0.0][..]).is_err());
    assert_eq!(circuit.run(p.at("none.json")).unwrap_err().fault(), Fault::Io);
    assert!(Model::new(p.at("none.onnx")).compile(&options(&p)).is_err());
    assert!(Prover::open(p.at("none")).prove(&SAMPLE[..]).is_err());
    assert!(Prover::open(p.at("none")).export(p.at("there")).is_err());
}
