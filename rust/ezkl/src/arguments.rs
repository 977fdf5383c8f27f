//! What functions take, and how the C interface is told of it: a JSON object, and bytes beside it.

use std::borrow::Cow;
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Fault, Result};
use crate::json;

/// Fields whose name is another one in the library.
const RENAMED: [(&str, &str); 1] = [("run_args", "py_run_args")];

/// How this crate writes the name of one of the library's parameters.
pub(crate) fn field_name(parameter: &str) -> &str {
    match parameter {
        "constant" | "input_shape" => "variables", // names of the command line
        other => RENAMED.iter().find(|(_, theirs)| *theirs == other).map_or(other, |(ours, _)| ours),
    }
}

fn parameter_name(field: &str) -> &str {
    RENAMED.iter().find(|(ours, _)| *ours == field).map_or(field, |(_, theirs)| theirs)
}

/// The arguments of one call.
pub(crate) struct Arguments<'a> {
    json: Vec<u8>,
    memory: Vec<Cow<'a, [u8]>>,
    outputs: usize,
    /// How a file of numbers names them, for the field that is being written.
    numbers: &'static str,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new() -> Self {
        Arguments { json: Vec::new(), memory: Vec::new(), outputs: 0, numbers: "" }
    }

    /// Of arguments that are not given the library has the default.
    pub(crate) fn add(&mut self, field: &str, value: &'a (impl Argument + ?Sized)) -> Result<()> {
        if !value.is_given() {
            return Ok(());
        }
        self.name(field);
        value.write(self).map_err(|e| e.within(field))
    }

    /// That there is none, where the library's default is some: a file that need not be written is not.
    pub(crate) fn add_none(&mut self, field: &str) {
        self.name(field);
        self.json.extend_from_slice(b"null");
    }

    fn name(&mut self, field: &str) {
        self.numbers = if field == "output" { "output_data" } else { "input_data" };
        self.json.push(if self.json.is_empty() { b'{' } else { b',' });
        self.json.extend_from_slice(json::quoted(parameter_name(field)).as_bytes());
        self.json.push(b':');
    }

    /// The JSON object, the bytes that it names by `memory`, and how many `output`s it names.
    pub(crate) fn finish(self) -> (Vec<u8>, Vec<Cow<'a, [u8]>>, usize) {
        let mut json = self.json;
        json.extend_from_slice(if json.is_empty() { b"{}" } else { b"}" });
        (json, self.memory, self.outputs)
    }

    pub(crate) fn text(&mut self, text: &str) -> Result<()> {
        self.json.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn list<T: Argument>(&mut self, items: &'a [T]) -> Result<()> {
        self.json.push(b'[');
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.json.push(b',');
            }
            item.write(self)?;
        }
        self.json.push(b']');
        Ok(())
    }

    /// An object of those members that are given.
    pub(crate) fn object(&mut self, members: &[(&str, &'a dyn Argument)]) -> Result<()> {
        self.json.push(b'{');
        let mut first = true;
        for &(name, value) in members.iter().filter(|(_, value)| value.is_given()) {
            if !first {
                self.json.push(b',');
            }
            first = false;
            self.text(&json::quoted(name))?;
            self.json.push(b':');
            value.write(self).map_err(|e| e.within(name))?;
        }
        self.json.push(b'}');
        Ok(())
    }

    fn bytes(&mut self, bytes: Cow<'a, [u8]>) -> Result<()> {
        let index = self.memory.len();
        self.memory.push(bytes);
        self.text(&format!("{{\"memory\":{}}}", index))
    }

    fn path(&mut self, path: &Path) -> Result<()> {
        let bytes = path.as_os_str().as_bytes();
        // The system would take a name with a 0 inside for the part before it.
        if bytes.contains(&0) {
            return Err(Error::new(Fault::Usage, format!("{:?} is no path: there is a 0 in it", path)));
        }
        match path.to_str() {
            Some(text) => self.text(&json::quoted(text)),
            None => Err(Error::new(Fault::Usage, format!("{:?} is no UTF-8", path))),
        }
    }
}

/// What can stand in a field of a command.
pub(crate) trait Argument {
    fn is_given(&self) -> bool {
        true
    }
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()>;
}

macro_rules! plain_arguments {
    ($($type:ty),*) => { $(
        impl Argument for $type {
            fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
                out.text(&self.to_string())
            }
        }
    )* };
}
plain_arguments!(bool, u8, u32, u64, usize, i32, i128);

impl Argument for f64 {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.text(&json::number(*self))
    }
}

impl Argument for f32 {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.text(&json::number(f64::from(*self)))
    }
}

impl Argument for str {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.text(&json::quoted(self))
    }
}

impl<T: Argument + ?Sized> Argument for &T {
    fn is_given(&self) -> bool {
        (**self).is_given()
    }
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        (**self).write(out)
    }
}

/// Empty: not given, so that the library says that it is needed.
impl Argument for String {
    fn is_given(&self) -> bool {
        !self.is_empty()
    }
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        self.as_str().write(out)
    }
}

/// Empty: not given, so that the library says that it is needed.
impl Argument for PathBuf {
    fn is_given(&self) -> bool {
        !self.as_os_str().is_empty()
    }
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.path(self)
    }
}

impl<T: Argument> Argument for Option<T> {
    fn is_given(&self) -> bool {
        self.is_some()
    }
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        self.as_ref().map_or(Ok(()), |value| value.write(out))
    }
}

impl<T: Argument> Argument for Vec<T> {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.list(self)
    }
}

impl<T: Argument> Argument for [T] {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.list(self)
    }
}

impl<A: Argument, B: Argument> Argument for (A, B) {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.text("[")?;
        self.0.write(out)?;
        out.text(",")?;
        self.1.write(out)?;
        out.text("]")
    }
}

/// In place of the path of a file that is written: its bytes are given back.
pub(crate) struct ToMemory;

impl Argument for ToMemory {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        let index = out.outputs;
        out.outputs += 1;
        out.text(&format!("{{\"output\":{}}}", index))
    }
}

/// A file to read: its path, or what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Where it lies.
    Path(PathBuf),
    /// Its bytes. They pass through a folder in memory that only the user can enter.
    Bytes(Vec<u8>),
}

impl Argument for Input {
    fn is_given(&self) -> bool {
        !matches!(self, Input::Path(path) if path.as_os_str().is_empty())
    }
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        match self {
            Input::Path(path) => out.path(path),
            Input::Bytes(bytes) => out.bytes(bytes.into()),
        }
    }
}

macro_rules! from_paths {
    ($target:ident: $($type:ty),*) => { $(
        impl From<$type> for $target {
            fn from(path: $type) -> $target {
                $target::Path(path.into())
            }
        }
    )* };
}
from_paths!(Input: &str, String, &String, &Path, PathBuf, &PathBuf, OsString);

impl From<Vec<u8>> for Input {
    fn from(bytes: Vec<u8>) -> Input {
        Input::Bytes(bytes)
    }
}

impl From<&[u8]> for Input {
    fn from(bytes: &[u8]) -> Input {
        Input::Bytes(bytes.to_vec())
    }
}

impl From<&Input> for Input {
    fn from(input: &Input) -> Input {
        input.clone()
    }
}

/// What a model is run on, or must have been run on: a path, text that is JSON, or numbers.
///
/// ```
/// use ezkl::Data;
/// let path: Data = "input.json".into();
/// let json: Data = r#"{"input_data": [[0.5, -0.25]]}"#.into();
/// let one_input: Data = vec![0.5, -0.25].into();
/// let two_inputs: Data = vec![vec![0.5, -0.25], vec![1.0]].into();
/// let of_torch: Data = [0.5f32, -0.25].as_slice().into();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Data {
    /// A path, or JSON text: what begins with `{` or `[`.
    Path(PathBuf),
    /// A file's bytes: JSON, npy or npz.
    Bytes(Vec<u8>),
    /// The elements of each input, or output.
    Numbers(Numbers),
}

/// Lists of numbers, made from `Vec`s and slices of `f32`, `f64`, `i32` or `i64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers(Vec<String>);

impl Argument for Data {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        match self {
            Data::Path(path) => out.path(path),
            Data::Bytes(bytes) => out.bytes(bytes.into()),
            Data::Numbers(Numbers(lists)) => {
                let file = format!("{{{}:[{}]}}", json::quoted(out.numbers), lists.join(","));
                out.bytes(file.into_bytes().into())
            }
        }
    }
}

from_paths!(Data: &str, String, &String, &Path, PathBuf, &PathBuf, OsString);

impl From<&Data> for Data {
    fn from(data: &Data) -> Data {
        data.clone()
    }
}

mod element {
    /// A number of an input.
    pub trait Element: Copy {
        fn json(self) -> String;
    }
    impl Element for f32 {
        fn json(self) -> String {
            crate::json::number(f64::from(self))
        }
    }
    impl Element for f64 {
        fn json(self) -> String {
            crate::json::number(self)
        }
    }
    impl Element for i32 {
        fn json(self) -> String {
            self.to_string()
        }
    }
    impl Element for i64 {
        fn json(self) -> String {
            self.to_string()
        }
    }
}
use element::Element;

fn list<T: Element>(numbers: &[T]) -> String {
    format!("[{}]", numbers.iter().map(|number| number.json()).collect::<Vec<_>>().join(","))
}

/// The elements of a model's one input.
impl<T: Element> From<&[T]> for Data {
    fn from(numbers: &[T]) -> Data {
        Data::Numbers(Numbers(vec![list(numbers)]))
    }
}

/// The elements of a model's one input.
impl<T: Element> From<Vec<T>> for Data {
    fn from(numbers: Vec<T>) -> Data {
        numbers.as_slice().into()
    }
}

/// The elements of each input.
impl<T: Element> From<Vec<Vec<T>>> for Data {
    fn from(inputs: Vec<Vec<T>>) -> Data {
        Data::Numbers(Numbers(inputs.iter().map(|numbers| list(numbers)).collect()))
    }
}

/// Enumerations that the library knows by words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $word:literal, )* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $( $(#[$variant_doc])* $variant, )* }

        impl $name {
            /// The word in all languages.
            pub fn as_str(self) -> &'static str {
                match self { $( $name::$variant => $word, )* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::arguments::Argument for $name {
            fn write<'a>(&'a self, out: &mut $crate::arguments::Arguments<'a>) -> $crate::Result<()> {
                $crate::arguments::Argument::write(self.as_str(), out)
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &(impl Argument + ?Sized)) -> String {
        let mut out = Arguments::new();
        out.add("x", value).unwrap();
        String::from_utf8(out.finish().0).unwrap()
    }

    #[test]
    fn writes_arguments() {
        assert_eq!(written(&5u32), r#"{"x":5}"#);
        assert_eq!(written(&f64::NAN), r#"{"x":"NaN"}"#);
        assert_eq!(written(&0.1f32), r#"{"x":0.10000000149011612}"#);
        assert_eq!(written("a\"\n"), r#"{"x":"a\"\u000a"}"#);
        assert_eq!(written(&vec![("n".to_string(), 4usize)]), r#"{"x":[["n",4]]}"#);
        assert_eq!(written(&(i128::MIN, -1i128)), format!("{{\"x\":[{},-1]}}", i128::MIN));
        assert_eq!(written(&None::<u32>), "{}");
        assert_eq!(written(&PathBuf::new()), "{}");
        assert_eq!(written(&Input::from("")), "{}");
        assert_eq!(written(&Input::from("ü")), r#"{"x":"ü"}"#);
    }

    #[test]
    fn bytes_go_beside() {
        let (first, second) = (Input::from(vec![1u8, 2]), Data::from(vec![vec![0.5], vec![-1.0, 3.0]]));
        let mut out = Arguments::new();
        out.add("run_args", &first).unwrap();
        out.add("data", &second).unwrap();
        out.add("output", &second).unwrap();
        out.add("proof_path", &ToMemory).unwrap();
        let (json, memory, outputs) = out.finish();
        let wanted =
            r#"{"py_run_args":{"memory":0},"data":{"memory":1},"output":{"memory":2},"proof_path":{"output":0}}"#;
        assert_eq!(String::from_utf8(json).unwrap(), wanted);
        let numbers = ["input_data", "output_data"].map(|name| format!("{{\"{}\":[[0.5],[-1.0,3.0]]}}", name));
        assert_eq!(memory, [&[1u8, 2][..], numbers[0].as_bytes(), numbers[1].as_bytes()]);
        assert_eq!(outputs, 1);
    }

    #[test]
    fn no_file_is_told_where_one_is_the_default() {
        let told = |witness: crate::GenWitness| String::from_utf8(witness.arguments().unwrap().finish().0).unwrap();
        assert!(told(crate::GenWitness::default()).contains(r#""output":"witness.json""#));
        let none = told(crate::GenWitness { output: None, ..Default::default() });
        assert!(none.contains(r#""output":null"#) && !none.contains("vk_path"), "{}", none);
    }

    #[test]
    fn paths_that_the_library_would_misread_are_refused() {
        use std::os::unix::ffi::OsStringExt;
        for path in [PathBuf::from("a\0b"), PathBuf::from(OsString::from_vec(vec![b'a', 0xff]))] {
            let error = Arguments::new().add("model", &Input::from(path)).unwrap_err();
            assert_eq!((error.fault(), error.frames()), (Fault::Usage, &["model".to_string()][..]));
        }
    }

    #[test]
    fn fields_have_names_of_the_library() {
        assert_eq!(parameter_name("run_args"), "py_run_args");
        assert_eq!(field_name("py_run_args"), "run_args");
        assert_eq!(field_name("srs_path"), "srs_path");
    }
}
