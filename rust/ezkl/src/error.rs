//! What a failed call says.

use std::fmt;

use crate::json::Value;

/// What went wrong, in the terms of whoever has to act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The session was stopped.
    Cancelled,
    /// An argument makes no sense.
    Usage,
    /// A file or a server cannot be read or written.
    Io,
    /// Bytes that are no valid model, settings, key, witness or proof.
    Format,
    /// Valid, but outside what this library does.
    Unsupported,
    /// A number does not fit.
    Range,
    /// The proof does not hold, or the witness breaks a constraint.
    Unsatisfied,
    /// The system gives no more memory.
    OutOfMemory,
    /// No space is left for a file.
    DiskFull,
    /// More than a limit that the caller may raise.
    Limit,
    /// Always a bug.
    Internal,
}

const FAULTS: [(Fault, i32, &str); 11] = [
    (Fault::Cancelled, ezkl_sys::EZKL_CANCELLED, "cancelled"),
    (Fault::Usage, ezkl_sys::EZKL_USAGE, "usage"),
    (Fault::Io, ezkl_sys::EZKL_IO, "io"),
    (Fault::Format, ezkl_sys::EZKL_FORMAT, "format"),
    (Fault::Unsupported, ezkl_sys::EZKL_UNSUPPORTED, "unsupported"),
    (Fault::Range, ezkl_sys::EZKL_RANGE, "range"),
    (Fault::Unsatisfied, ezkl_sys::EZKL_UNSATISFIED, "unsatisfied"),
    (Fault::OutOfMemory, ezkl_sys::EZKL_NO_MEMORY, "out_of_memory"),
    (Fault::DiskFull, ezkl_sys::EZKL_DISK_FULL, "disk_full"),
    (Fault::Limit, ezkl_sys::EZKL_LIMIT, "limit"),
    (Fault::Internal, ezkl_sys::EZKL_INTERNAL, "internal"),
];

impl Fault {
    /// The number of the C interface, which never changes.
    pub fn code(self) -> i32 {
        FAULTS.iter().find(|(fault, ..)| *fault == self).map_or(ezkl_sys::EZKL_INTERNAL, |(_, code, _)| *code)
    }

    /// `io`, `out_of_memory`: the name in all languages.
    pub fn name(self) -> &'static str {
        FAULTS.iter().find(|(fault, ..)| *fault == self).map_or("internal", |(.., name)| name)
    }

    pub(crate) fn of_code(code: i32) -> Fault {
        FAULTS.iter().find(|(_, number, _)| *number == code).map_or(Fault::Internal, |(fault, ..)| *fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What to do about an error: a field of the command's structure, of [`RunArgs`](crate::RunArgs) or of
/// [`SessionOptions`](crate::SessionOptions), and advice in which `{}` stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The field.
    pub parameter: String,
    /// What to do with it.
    pub advice: String,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.advice.replacen("{}", &format!("`{}`", self.parameter), 1))
    }
}

/// The one error of this crate. Its text reads outermost first: `verify: vk.key: ...; advice`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    fault: Fault,
    frames: Vec<String>,
    text: String,
    hints: Vec<Hint>,
}

/// What everything here gives.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(fault: Fault, text: impl Into<String>) -> Error {
        Error { fault, frames: Vec::new(), text: text.into(), hints: Vec::new() }
    }

    /// Around it: where.
    pub(crate) fn within(mut self, frame: impl Into<String>) -> Error {
        self.frames.insert(0, frame.into());
        self
    }

    pub(crate) fn of_file(path: &std::path::Path, error: &std::io::Error) -> Error {
        Error::new(Fault::Io, error.to_string()).within(path.to_string_lossy())
    }

    /// The class.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// Where: command, file, node, field; the outermost first.
    pub fn frames(&self) -> &[String] {
        &self.frames
    }

    /// What was found, without where.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What to do.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// From `ezkl_error_details`, and from what reports say of errors.
    pub(crate) fn of_details(details: &Value) -> Option<Error> {
        let texts = |list: &Value| -> Option<Vec<String>> {
            list.items().iter().map(|item| item.as_str().map(String::from)).collect()
        };
        let hint = |hint: &Value| {
            let parameter = crate::arguments::field_name(hint["parameter"].as_str()?);
            Some(Hint { parameter: parameter.to_string(), advice: hint["advice"].as_str()?.to_string() })
        };
        Some(Error {
            fault: Fault::of_code(details["code"].as_number()?),
            frames: texts(&details["frames"]).unwrap_or_default(),
            text: details["text"].as_str()?.to_string(),
            hints: details["hints"].items().iter().map(hint).collect::<Option<_>>()?,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for frame in &self.frames {
            write!(f, "{}: ", frame)?;
        }
        f.write_str(&self.text)?;
        self.hints.iter().try_for_each(|hint| write!(f, "; {}", hint))
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back() {
        for (fault, code, name) in FAULTS {
            assert_eq!((Fault::of_code(code), fault.code(), fault.name()), (fault, code, name));
        }
        assert_eq!(Fault::of_code(1234), Fault::Internal);
    }

    #[test]
    fn reads_details_and_spells_hints() {
        let details = r#"{"fault":"usage","code":2,"frames":["prove","pk.key"],"text":"no setup","hints":[
            {"parameter":"srs_path","advice":"{} names it"},{"parameter":"input_shape","advice":"say {} N=4"}],
            "message":"unused"}"#;
        let error = Error::of_details(&Value::parse(details).unwrap()).unwrap();
        assert_eq!(error.to_string(), "prove: pk.key: no setup; `srs_path` names it; say `variables` N=4");
        assert_eq!((error.fault(), error.frames().len(), error.text()), (Fault::Usage, 2, "no setup"));
        for wrong in ["{}", "[]", r#"{"code":2}"#, r#"{"code":"2","text":""}"#] {
            assert_eq!(Error::of_details(&Value::parse(wrong).unwrap()), None);
        }
    }
}
