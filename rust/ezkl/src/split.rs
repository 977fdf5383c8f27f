//! A model in parts, each with a circuit and a proof of its own (docs/split.md). A split is a folder.

use std::path::PathBuf;

use crate::arguments::{words, Data, Input};
use crate::call::Answer;
use crate::command::{command, form, FromAnswer};
use crate::error::Result;
use crate::json::Value;
use crate::run_args::{CheckMode, RunArgs};

words! {
    /// What proofs show of a tensor that two parts share.
    Link {
        /// Its hash.
        #[default]
        Hashed = "hashed",
        /// Commitments to it.
        Polycommit = "polycommit",
        /// All of it.
        Public = "public",
    }
}

/// Whether the parts' proofs hold and follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct SplitVerdict {
    /// They do.
    pub accepted: bool,
    /// Why not; empty when accepted.
    pub reason: String,
    /// Of what this is the verdict, as [`split_digest`].
    pub digest: String,
}

impl FromAnswer for SplitVerdict {
    fn read(answer: Answer) -> Result<Self> {
        let text = |value: &Value| value.as_str().map(String::from);
        form(&answer.value()?, |value| {
            Some(SplitVerdict {
                accepted: value["accepted"].as_bool()?,
                reason: text(&value["reason"])?,
                digest: text(&value["digest"])?,
            })
        })
    }
}

command! {
    /// Cuts a model, by exactly one of `max_rows`, `parts` and `at`, and writes each part's files into a folder. Gives
    /// the folder.
    SplitModel = "split_model" -> PathBuf {
        /// The ONNX file.
        model: Input = "network.onnx".into(),
        /// The folder.
        output: PathBuf = "split".into(),
        /// The arguments of the circuits; visibilities are those of the first part's inputs and the last one's outputs.
        run_args: RunArgs = RunArgs::default(),
        /// Circuits of at most so many rows.
        max_rows: Option<usize> = None,
        /// So many parts of much the same size.
        parts: Option<usize> = None,
        /// Behind these tensors or nodes.
        at: Vec<String> = Vec::new(),
        /// What proofs show of tensors between parts.
        link: Link = Link::Hashed,
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
}

command! {
    /// Which computation a split's proofs are of: SHA-256 of its keys and settings.
    SplitDigest = "split_digest" -> String {
        /// The folder.
        split: PathBuf = "split".into(),
    }
    split_digest(split: PathBuf)
}

command! {
    /// `setup` of every part. Gives the digest of the split.
    SetupSplit = "setup_split" -> String {
        /// The folder.
        split: PathBuf = "split".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// What a part may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    setup_split(split: PathBuf)
}

command! {
    /// Runs the parts one after the other.
    GenWitnessSplit = "gen_witness_split" -> () {
        /// The input of the first.
        data: Data = "input.json".into(),
        /// The folder.
        split: PathBuf = "split".into(),
        /// The setup, wanted for values that are committed to.
        srs_path: Option<Input> = None,
        /// What a part may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    gen_witness_split(data: Data, split: PathBuf)
}

command! {
    /// Proves every part, one after the other.
    ProveSplit = "prove_split" -> () {
        /// The folder.
        split: PathBuf = "split".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// Whether proofs are verified first.
        check_mode: CheckMode = CheckMode::Unsafe,
        /// Makes proofs reproducible, and they no longer hide anything: for tests.
        seed: Option<u64> = None,
        /// Bytes that the process may take; 0: as the session says.
        max_memory: u64 = 0,
        /// A key's manifest: refuse a part whose model, key or setup are others.
        manifest: Option<Input> = None,
        /// What a part may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    prove_split(split: PathBuf)
}

command! {
    /// Checks every part's proof, and that each ran on what the one before it gave. Only `digest` says which parts.
    VerifySplit = "verify_split" -> SplitVerdict {
        /// The folder.
        split: PathBuf = "split".into(),
        /// The setup; of the session's folder.
        srs_path: Option<Input> = None,
        /// The setup may be larger than the circuits, or a verifier's short one.
        reduced_srs: bool = false,
        /// As the owner tells it.
        digest: Option<String> = None,
    }
    verify_split(split: PathBuf)
}
