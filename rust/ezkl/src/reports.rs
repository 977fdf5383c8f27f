//! Whether a model can be proved, how exact its circuit is, what a proof says.

use crate::arguments::{Data, Input};
use crate::call::{call, Answer};
use crate::command::{command, form, FromAnswer};
use crate::error::{Error, Result};
use crate::json::Value;
use crate::pipeline::SettingsTarget;
use crate::run_args::RunArgs;

/// Whether a model can be proved.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Check {
    /// It can.
    pub ok: bool,
    /// What stands in the way.
    pub problems: Vec<Error>,
    /// What is worth knowing.
    pub notes: Vec<Error>,
    /// All that was found. Its `circuit`, where settings could be chosen, has logrows, seconds, peak_mib, proof_bytes.
    pub report: Value,
}

impl FromAnswer for Check {
    fn read(answer: Answer) -> Result<Self> {
        let report = answer.value()?;
        let errors = |list: &Value| list.items().iter().map(Error::of_details).collect::<Option<Vec<_>>>();
        let (ok, problems, notes) = form(&report, |found| {
            Some((found["ok"].as_bool()?, errors(&found["problems"])?, errors(&found["notes"])?))
        })?;
        Ok(Check { ok, problems, notes, report })
    }
}

/// Whether a proof holds, and what it says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Verdict {
    /// It does.
    pub accepted: bool,
    /// Why not.
    pub reason: Option<String>,
    /// What was proved: model, values that the proof shows, what binds the rest, the setup, checks that are waived.
    pub report: Value,
}

impl FromAnswer for Verdict {
    fn read(answer: Answer) -> Result<Self> {
        let report = answer.value()?;
        let accepted = form(&report, |said| said["accepted"].as_bool())?;
        Ok(Verdict { accepted, reason: report["reason"].as_str().map(String::from), report })
    }
}

command! {
    /// Whether a model can be proved and what that takes, on samples if there are some; nothing is written.
    CheckModel = "check_model" -> Check {
        /// The ONNX file.
        model: Input = "network.onnx".into(),
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
    check_model(model: Input)
}

command! {
    /// Compares the circuit's arithmetic with the float model on samples, node by node.
    Accuracy = "accuracy" -> Value {
        /// Samples.
        data: Data = "input.json".into(),
        /// The ONNX file.
        model: Input = "network.onnx".into(),
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// What the model may become while it is read; 0: 2^28.
        max_model_size: u64 = 0,
    }
    accuracy(data: Data, model: Input, settings_path: Input)
}

impl Accuracy {
    /// The same for a terminal.
    pub fn text(&self) -> Result<String> {
        self.as_format("text")
    }

    /// The same as a page of its own.
    pub fn html(&self) -> Result<String> {
        self.as_format("html")
    }

    fn as_format(&self, format: &str) -> Result<String> {
        let mut arguments = self.arguments()?;
        arguments.add("format", format)?;
        String::read(call("accuracy", arguments)?)
    }
}

command! {
    /// [`Verify`](crate::Verify) as a report of what was proved: a proof that does not hold is a report too.
    VerifyReport = "verify_report" -> Verdict {
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
        /// The input that the proof must be about.
        input: Option<Data> = None,
        /// The output that it must be about.
        output: Option<Data> = None,
    }
    verify_report(proof_path: Input, settings_path: Input, vk_path: Input)
}

impl VerifyReport {
    /// The same for a terminal.
    pub fn text(&self) -> Result<String> {
        let mut arguments = self.arguments()?;
        arguments.add("format", "text")?;
        String::read(call("verify_report", arguments)?)
    }
}
