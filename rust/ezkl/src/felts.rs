//! Field elements, texts of 64 hexadecimal digits, least significant byte first; hashes of and commitments to them.

use crate::arguments::{words, Argument, Arguments, Input};
use crate::call::{call, Answer};
use crate::command::{command, form, FromAnswer};
use crate::error::Result;

words! {
    /// How [`float_to_felt`] rounds.
    InputType {
        /// 0 or 1.
        Bool = "Bool",
        /// As a float of 16 bits.
        F16 = "F16",
        /// As a float of 32 bits.
        F32 = "F32",
        /// As a float of 64 bits.
        #[default]
        F64 = "F64",
        /// To an integer.
        Int = "Int",
        /// To an integer, the size of a dimension.
        TDim = "TDim",
        /// Not known.
        Unknown = "Unknown",
    }
}

fn run<T: FromAnswer>(command: &str, given: &[(&str, &dyn Argument)]) -> Result<T> {
    let mut arguments = Arguments::new();
    for (name, value) in given {
        arguments.add(name, *value)?;
    }
    T::read(call(command, arguments)?)
}

/// The signed integer of 128 bits that a field element stands for.
pub fn felt_to_int(felt: &str) -> Result<i128> {
    run("felt_to_int", &[("felt", &felt)])
}

/// `felt_to_int` / 2^scale.
pub fn felt_to_float(felt: &str, scale: i32) -> Result<f64> {
    run("felt_to_float", &[("felt", &felt), ("scale", &scale)])
}

/// `0x` and 64 digits, most significant first.
pub fn felt_to_big_endian(felt: &str) -> Result<String> {
    run("felt_to_big_endian", &[("felt", &felt)])
}

/// The field element of `input` * 2^scale, rounded as an input of that type is.
pub fn float_to_felt(input: f64, scale: i32, input_type: InputType) -> Result<String> {
    run("float_to_felt", &[("input", &input), ("scale", &scale), ("input_type", &input_type)])
}

/// 16 bytes an element, read little-endian, the last one filled up with zeros.
pub fn buffer_to_felts(buffer: &[u8]) -> Result<Vec<String>> {
    run("buffer_to_felts", &[("buffer", &buffer)])
}

/// One element; none for an empty message.
pub fn poseidon_hash<T: AsRef<str>>(message: &[T]) -> Result<Vec<String>> {
    run("poseidon_hash", &[("message", &texts(message))])
}

fn texts<T: AsRef<str>>(list: &[T]) -> Vec<String> {
    list.iter().map(|text| text.as_ref().to_string()).collect()
}

command! {
    /// The commitments of a message, as a circuit of these settings makes them: compressed points in hexadecimal.
    KzgCommit = "kzg_commit" -> Vec<String> {
        /// Field elements.
        message: Vec<String> = Vec::new(),
        /// The verifying key.
        vk_path: Input = "vk.key".into(),
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// The setup, which may be larger than the circuit; of the session's folder.
        srs_path: Option<Input> = None,
    }
    kzg_commit(message: Vec<String>, vk_path: Input, settings_path: Input)
}

command! {
    /// [`KzgCommit`] for settings that say IPA.
    IpaCommit = "ipa_commit" -> Vec<String> {
        /// Field elements.
        message: Vec<String> = Vec::new(),
        /// The verifying key.
        vk_path: Input = "vk.key".into(),
        /// The settings.
        settings_path: Input = "settings.json".into(),
        /// The setup, which may be larger than the circuit; of the session's folder.
        srs_path: Option<Input> = None,
    }
    ipa_commit(message: Vec<String>, vk_path: Input, settings_path: Input)
}

/// Affine coordinates, each 64 hexadecimal digits, least significant byte first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointCoordinates {
    /// The first.
    pub x: String,
    /// The second.
    pub y: String,
}

impl FromAnswer for Vec<PointCoordinates> {
    fn read(answer: Answer) -> Result<Self> {
        form(&answer.value()?, |list| {
            let point = |point: &crate::json::Value| {
                let text = |name: &str| point[name].as_str().map(String::from);
                Some(PointCoordinates { x: text("x")?, y: text("y")? })
            };
            list.items().iter().map(point).collect()
        })
    }
}

/// Of compressed points, as commitments are written: by `kzg_commit`, and in witness.json.
pub fn point_coordinates<T: AsRef<str>>(points: &[T]) -> Result<Vec<PointCoordinates>> {
    run("point_coordinates", &[("points", &texts(points))])
}
