//! Options, log, progress, stop; from several threads.

mod place;

use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use ezkl::{Circuit, Error, Fault, GenSrs, LogLevel, Model, Proof, Prover, Session, SessionOptions, Stopper, Verifier};
use place::{quiet, small, Place};

const SAMPLE: [f64; 4] = [0.5, -0.25, 0.8125, -0.6875];

fn large_srs(place: &Place) -> ezkl::Result<()> {
    GenSrs { srs_path: place.at("large.srs"), logrows: Some(18), ..Default::default() }.run()
}

#[test]
fn types_go_between_threads() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Session>();
    check::<SessionOptions>();
    check::<Stopper>();
    check::<Error>();
    check::<Model>();
    check::<Circuit>();
    check::<Prover>();
    check::<Verifier>();
    check::<Proof>();
}

#[test]
fn stops_from_another_thread() {
    let p = Place::new();
    for delay in [0, 40, 300] {
        let session = quiet();
        let stopper = session.stopper();
        let waiting = thread::spawn(move || {
            thread::sleep(Duration::from_millis(delay));
            stopper.stop();
            Instant::now()
        });
        let stopped = session.run(|| large_srs(&p)).unwrap_err();
        let back = Instant::now();
        println!("stopped after {:?}", back.saturating_duration_since(waiting.join().unwrap()));
        assert_eq!(stopped.fault(), Fault::Cancelled);
        assert_eq!(p.names(), ["input.json", "network.onnx"]);
        // Later calls end too, until it is taken back.
        assert_eq!(session.run(|| large_srs(&p)).unwrap_err().fault(), Fault::Cancelled);
        session.stopper().resume();
        session.run(|| GenSrs { srs_path: p.at("small.srs"), logrows: Some(4), ..Default::default() }.run()).unwrap();
        std::fs::remove_file(p.at("small.srs")).unwrap();
    }
}

#[test]
fn progress_is_told_and_stops() {
    let p = Place::new();
    let seen = Arc::new(AtomicUsize::new(0));
    let (count, caller) = (seen.clone(), thread::current().id());
    let session = quiet().on_progress(move |progress| {
        assert_eq!(thread::current().id(), caller);
        assert!((0.0..=1.0).contains(&progress.part));
        assert!(progress.total == 0 || progress.done <= progress.total);
        count.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    session.run(|| GenSrs { srs_path: p.at("kzg.srs"), logrows: Some(12), ..Default::default() }.run()).unwrap();
    assert!(seen.load(Ordering::Relaxed) > 0);
    let stopped = quiet().on_progress(|_| ControlFlow::Break(())).run(|| large_srs(&p)).unwrap_err();
    assert_eq!(stopped.fault(), Fault::Cancelled);
    assert!(!p.at("large.srs").exists());
}

#[test]
fn panics_of_listeners_come_back() {
    let p = Place::new();
    let sessions = [
        quiet().on_progress(|_| panic!("enough")),
        Session::new(SessionOptions::default()).on_log(LogLevel::Trace, |_| panic!("enough")),
    ];
    for session in sessions {
        // Nothing that the panic went through is used again.
        let panicked = catch_unwind(AssertUnwindSafe(|| session.run(|| large_srs(&p)))).unwrap_err();
        assert_eq!(panicked.downcast_ref(), Some(&"enough"));
    }
    quiet().run(|| GenSrs { srs_path: p.at("kzg.srs"), logrows: Some(4), ..Default::default() }.run()).unwrap();
}

#[test]
fn log_is_told() {
    let p = Place::new();
    let said = Arc::new(Mutex::new(Vec::new()));
    let keep = said.clone();
    let session = Session::new(SessionOptions::default()).on_log(LogLevel::Info, move |record| {
        assert!(record.level <= LogLevel::Info && !record.module.is_empty());
        keep.lock().unwrap().push(record.text.to_string());
    });
    session.run(|| GenSrs { srs_path: p.at("kzg.srs"), logrows: Some(4), ..Default::default() }.run()).unwrap();
    assert!(said.lock().unwrap().iter().any(|text| text.contains("for tests")), "{:?}", said);
}

#[test]
fn options_count() {
    let p = Place::new();
    let srs_folder = Some(p.at(""));
    let session = Session::new(SessionOptions { srs_folder, threads: Some(1), ..Default::default() });
    assert_eq!(session.run(|| ezkl::default_srs_path(5)).unwrap(), p.at("kzg5.srs"));
    for wrong in [
        SessionOptions { threads: Some(5000), ..Default::default() },
        SessionOptions { kernels: Some("fast".into()), ..Default::default() },
        SessionOptions { srs_mirror: Some("a\0b".into()), ..Default::default() },
    ] {
        let refused = Session::new(wrong).run(|| ezkl::felt_to_int("00")).unwrap_err();
        assert_eq!(refused.fault(), Fault::Usage, "{}", refused);
    }
    assert_eq!(
        Session::new(SessionOptions { max_circuit_area: Some(10), ..Default::default() })
            .run(|| {
                let settings = ezkl::GenSettings {
                    model: p.at("network.onnx").into(),
                    output: p.at("s.json"),
                    run_args: small(),
                    max_model_size: 0,
                };
                settings.run()?;
                ezkl::compile_circuit(p.at("network.onnx"), p.at("c"), p.at("s.json"))
            })
            .unwrap_err()
            .fault(),
        Fault::Limit
    );
}

/// Two sessions prove at the same time, each in a thread with a log of its own, and a third verifies in both at once.
#[test]
fn two_sessions_in_two_threads() {
    let p = Place::new();
    let srs = p.srs("kzg.srs", 12);
    let options = ezkl::CircuitOptions {
        data: Some(p.at("input.json").into()),
        run_args: ezkl::RunArgs { logrows: Some(12), ..Default::default() },
        ..Default::default()
    };
    let prover = Model::new(p.at("network.onnx")).compile(&options).unwrap().with_srs(&srs).setup().unwrap();
    let heard = [AtomicUsize::new(0), AtomicUsize::new(0)].map(Arc::new);
    let proofs: Vec<Proof> = thread::scope(|scope| {
        let working: Vec<_> = heard
            .iter()
            .map(|count| {
                let (count, prover) = (count.clone(), &prover);
                let listen = move |_: &ezkl::LogRecord<'_>| {
                    count.fetch_add(1, Ordering::Relaxed);
                };
                let options = SessionOptions { threads: Some(1), ..Default::default() };
                let session = Session::new(options).on_log(LogLevel::Debug, listen);
                scope.spawn(move || session.run(|| prover.prove(&SAMPLE[..])).unwrap())
            })
            .collect();
        working.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(heard.iter().all(|count| count.load(Ordering::Relaxed) > 0));
    assert_ne!(proofs[0], proofs[1], "a proof hides what it is about by chance");
    let (shared, verifier) = (quiet(), prover.verifier());
    thread::scope(|scope| {
        for proof in &proofs {
            let (shared, verifier) = (&shared, &verifier);
            scope.spawn(move || assert!(shared.run(|| verifier.verify(proof)).unwrap().accepted));
        }
    });
}

#[test]
fn one_stop_reaches_all_calls_of_a_session() {
    let places = [Place::new(), Place::new()];
    let session = quiet();
    thread::scope(|scope| {
        let calls: Vec<_> = places.iter().map(|p| scope.spawn(|| session.run(|| large_srs(p)))).collect();
        thread::sleep(Duration::from_millis(100));
        session.stopper().stop();
        for call in calls {
            assert_eq!(call.join().unwrap().unwrap_err().fault(), Fault::Cancelled);
        }
    });
}
