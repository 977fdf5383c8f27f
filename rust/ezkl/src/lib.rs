//! From an ONNX model to a zero-knowledge proof of its execution.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/in_folder/mod.rs"));
//! # fn main() -> Result<(), ezkl::Error> {
//! # let _folder = in_folder();
//! # std::fs::copy("network.onnx", "model.onnx").unwrap();
//! # std::env::set_var("EZKL_REPO_PATH", ".");
//! let settings = ezkl::gen_settings()?; // network.onnx -> settings.json
//! # ezkl::calibrate_settings("input.json", "model.onnx", &settings)?;
//! ezkl::compile_model("model.onnx", "compiled_model.ezkl", &settings)?;
//! # std::fs::create_dir("srs").unwrap();
//! # let setup = ezkl::default_srs_path(settings.logrows()?)?;
//! # ezkl::Session::new(Default::default()).on_log(ezkl::LogLevel::Error, |_| ()).run(|| {
//! #     ezkl::gen_srs(setup, settings.logrows()?)?;
//! #     ezkl::Session::new(ezkl::SessionOptions::from_environment()).run(|| {
//! #         ezkl::setup("compiled_model.ezkl", "vk.key", "pk.key")?;
//! #         ezkl::gen_witness("input.json", "compiled_model.ezkl")
//! #     })
//! # })?;
//! let proof = ezkl::prove("witness.json", "compiled_model.ezkl", "pk.key")?;
//! # assert!(proof.proof.len() > 1000);
//! # Ok(())
//! # }
//! ```
//!
//! * **Commands.** Every command is a structure with the library's defaults and a function `run`: see [`Prove`]. The
//!   functions are short forms of them.
//! * **Objects.** [`Model`], [`Circuit`], [`Prover`] and [`Verifier`] keep files in a folder of their own.
//! * **Surroundings.** A [`Session`] has options, log, progress, and a [`Stopper`] for other threads.
//! * **Errors.** [`Error`]: its class, where, what, and what to do.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/in_folder/mod.rs"));
//! # fn main() -> Result<(), ezkl::Error> {
//! # let _folder = in_folder();
//! use ezkl::{GenSettings, RunArgs, Visibility};
//! let settings = GenSettings {
//!     run_args: RunArgs { input_visibility: Some(Visibility::Private), logrows: Some(12), ..Default::default() },
//!     ..Default::default()
//! }
//! .run()?;
//! assert_eq!(settings.logrows()?, 12);
//! # Ok(())
//! # }
//! ```
//!
//! The library is libezkl.so.1: its folder is named by `EZKL_LIB_DIR` when this crate is built, or found by pkg-config,
//! or it is built from its C++ sources with the feature `vendored`.
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs, clippy::undocumented_unsafe_blocks)]

mod arguments;
mod call;
mod command;
mod error;
mod evm;
mod felts;
pub mod json;
mod objects;
mod pipeline;
mod reports;
mod results;
mod run_args;
mod session;
mod split;

pub use arguments::{Data, Input, Numbers};
pub use call::{own_version, version};
pub use error::{Error, Fault, Hint, Result};
pub use evm::*;
pub use felts::*;
pub use objects::*;
pub use pipeline::*;
pub use reports::*;
pub use results::{Proof, ProofResult, Settings, Witness};
pub use run_args::*;
pub use session::{LogLevel, LogRecord, PrivateKey, Progress, Session, SessionOptions, Stopper};
pub use split::*;
