//! What commands give back.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::Input;
use crate::call::Answer;
use crate::command::{form, texts, FromAnswer};
use crate::error::{Error, Fault, Result};
use crate::json::Value;

/// A settings file, to be handed on where one is wanted, and to look into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    path: PathBuf,
}

impl Settings {
    /// Settings that are there already.
    pub fn open(path: impl Into<PathBuf>) -> Settings {
        Settings { path: path.into() }
    }

    /// Where they lie.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file says now.
    pub fn read(&self) -> Result<Value> {
        read_json(&self.path)
    }

    /// log2 of the number of rows, which is the size of the setup that is needed.
    pub fn logrows(&self) -> Result<u32> {
        self.read()?["run_args"]["logrows"].as_number().ok_or_else(|| {
            Error::new(Fault::Format, "run_args.logrows is no number").within(self.path.to_string_lossy())
        })
    }
}

pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| Error::of_file(path, &e))
}

fn read_json(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).map_err(|e| Error::of_file(path, &e))?;
    Value::parse(&text).map_err(|e| e.within(path.to_string_lossy()))
}

impl FromAnswer for Settings {
    fn read(answer: Answer) -> Result<Self> {
        PathBuf::read(answer).map(Settings::open)
    }
}

impl AsRef<Path> for Settings {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

impl AsRef<OsStr> for Settings {
    fn as_ref(&self) -> &OsStr {
        self.path.as_os_str()
    }
}

impl From<&Settings> for Input {
    fn from(settings: &Settings) -> Input {
        Input::Path(settings.path.clone())
    }
}

/// A run of a circuit, as witness.json holds it. Stands for such a file where one is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    json: String,
    value: Value,
}

impl Witness {
    /// The file's text.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What it says.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What the circuit computed, a list an output. Empty in a file of others that holds no decimal numbers.
    pub fn outputs(&self) -> Vec<Vec<f64>> {
        numbers(&self.value["pretty_elements"]["rescaled_outputs"])
    }
}

fn numbers(lists: &Value) -> Vec<Vec<f64>> {
    lists.items().iter().map(|list| list.items().iter().filter_map(Value::as_f64).collect()).collect()
}

impl FromAnswer for Witness {
    fn read(answer: Answer) -> Result<Self> {
        Ok(Witness { value: answer.value()?, json: answer.json })
    }
}

impl From<&Witness> for Input {
    fn from(witness: &Witness) -> Input {
        Input::Bytes(witness.json.clone().into_bytes())
    }
}

/// What [`prove`](crate::prove) gives: what the proof says, and the proof itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProofResult {
    /// Columns of field elements, each 64 hexadecimal digits, least significant byte first.
    pub instances: Vec<Vec<String>>,
    /// The proof's bytes.
    pub proof: Vec<u8>,
}

impl FromAnswer for ProofResult {
    fn read(answer: Answer) -> Result<Self> {
        form(&answer.value()?, |value| {
            Some(ProofResult {
                instances: value["instances"].items().iter().map(texts).collect::<Option<_>>()?,
                proof: bytes_of_hex(value["hex_proof"].as_str()?)?,
            })
        })
    }
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    let digit = |byte: u8| (byte as char).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}

/// A proof.json in memory. Stands for such a file where one is wanted.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof {
    data: Vec<u8>,
}

impl Proof {
    /// What such a file holds. It is looked at when it is used.
    pub fn new(data: impl Into<Vec<u8>>) -> Proof {
        Proof { data: data.into() }
    }

    /// Reads one.
    pub fn load(path: impl AsRef<Path>) -> Result<Proof> {
        read_file(path.as_ref()).map(Proof::new)
    }

    /// Writes it.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        fs::write(path, &self.data).map_err(|e| Error::of_file(path, &e))
    }

    /// The file's bytes.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// What it says, unverified.
    pub fn value(&self) -> Result<Value> {
        let text = std::str::from_utf8(&self.data).map_err(|_| Error::new(Fault::Format, "is no UTF-8"));
        text.and_then(Value::parse).map_err(|e| e.within("proof"))
    }

    /// The outputs that it shows, unverified, a list an output; empty where it shows none.
    pub fn outputs(&self) -> Result<Vec<Vec<f64>>> {
        Ok(numbers(&self.value()?["pretty_public_inputs"]["rescaled_outputs"]))
    }
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proof({} bytes)", self.data.len())
    }
}

impl From<&Proof> for Input {
    fn from(proof: &Proof) -> Input {
        Input::Bytes(proof.data.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal() {
        assert_eq!(bytes_of_hex("0x00fF10"), Some(vec![0, 255, 16]));
        assert_eq!(bytes_of_hex("0x"), Some(vec![]));
        for wrong in ["00", "0x0", "0xg0", "0x+1", "0xé"] {
            assert_eq!(bytes_of_hex(wrong), None, "{}", wrong);
        }
    }

    #[test]
    fn proofs_of_others() {
        assert_eq!(Proof::new(*b"\xff").value().unwrap_err().fault(), Fault::Format);
        assert_eq!(Proof::new("{}").outputs().unwrap(), Vec::<Vec<f64>>::new());
        let shown = r#"{"pretty_public_inputs":{"rescaled_outputs":[["0.5","-1"],[]]}}"#;
        assert_eq!(Proof::new(shown).outputs().unwrap(), [vec![0.5, -1.0], vec![]]);
    }

    #[test]
    fn results_of_other_forms_are_errors() {
        let answer = |json: &str| Answer { json: json.to_string(), outputs: Vec::new() };
        for wrong in ["{", "{}", "[]", r#"{"instances":[[1]],"hex_proof":"0x"}"#, r#"{"instances":[],"hex_proof":"x"}"#]
        {
            assert!(ProofResult::read(answer(wrong)).is_err(), "{}", wrong);
        }
        assert_eq!(bool::read(answer("1")).unwrap_err().fault(), Fault::Internal);
        assert_eq!(i128::read(answer("-5")).unwrap(), -5);
        assert_eq!(Vec::<u8>::read(answer("[0,255]")).unwrap(), [0, 255]);
        assert!(Vec::<u8>::read(answer("[0,256]")).is_err());
    }
}
