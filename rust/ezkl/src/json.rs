//! JSON as ezkl writes it in results and files. Numbers keep their digits, since those of 128 bits are no floats.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::ops::Index;
use std::str::FromStr;

use crate::error::{Error, Fault, Result};

/// Lists and objects within each other: what the library allows too.
const MOST_LEVELS: usize = 64;

/// A value as read.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, and what indexing gives where nothing is.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Object(BTreeMap<String, Value>),
}

/// A number, by its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(String);

static NULL: Value = Value::Null;

impl Value {
    /// Reads one value. Malformed text, a key given twice and more than 64 levels are [`Fault::Format`].
    pub fn parse(text: &str) -> Result<Value> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(MOST_LEVELS)?;
        reader.skip_space();
        if reader.at == text.len() {
            Ok(value)
        } else {
            Err(reader.error("nothing more was expected"))
        }
    }

    /// The text, of a text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth, of `true` and `false`.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// A number that has exactly this value in `T` (`u32`, `i128`, `f64` to its nearest).
    pub fn as_number<T: FromStr>(&self) -> Option<T> {
        match self {
            Value::Number(Number(digits)) => digits.parse().ok(),
            _ => None,
        }
    }

    /// A number, also where JSON has none: ezkl writes `"NaN"`, `"Infinity"` and `"-Infinity"`, and in witnesses and
    /// proofs decimal texts.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(Number(digits)) | Value::Text(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The items of a list, none of anything else.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }
}

impl Index<&str> for Value {
    type Output = Value;
    /// The member of an object, [`Value::Null`] where there is none.
    fn index(&self, name: &str) -> &Value {
        self.as_object().and_then(|members| members.get(name)).unwrap_or(&NULL)
    }
}

impl Index<usize> for Value {
    type Output = Value;
    /// The item of a list, [`Value::Null`] where there is none.
    fn index(&self, i: usize) -> &Value {
        self.items().get(i).unwrap_or(&NULL)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(truth) => write!(f, "{}", truth),
            Value::Number(Number(digits)) => f.write_str(digits),
            Value::Text(text) => f.write_str(&quoted(text)),
            Value::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{}", if i == 0 { '[' } else { ',' }, item)?;
                }
                f.write_str(if items.is_empty() { "[]" } else { "]" })
            }
            Value::Object(members) => {
                for (i, (name, value)) in members.iter().enumerate() {
                    write!(f, "{}{}:{}", if i == 0 { '{' } else { ',' }, quoted(name), value)?;
                }
                f.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

/// A text as JSON has it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..='\u{1f}' => write!(out, "\\u{:04x}", c as u32).expect("a String takes all"),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number as ezkl reads it, which has names for those that JSON lacks.
pub(crate) fn number(value: f64) -> String {
    match value {
        v if v.is_nan() => quoted("NaN"),
        v if v.is_infinite() => quoted(if v > 0.0 { "Infinity" } else { "-Infinity" }),
        v => format!("{:?}", v),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn error(&self, what: &str) -> Error {
        let before = &self.text.as_bytes()[..self.at];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
        Error::new(Fault::Format, format!("line {}, column {}: {}", line, column, what))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.error("a value was expected"))
        }
    }

    fn value(&mut self, levels: usize) -> Result<Value> {
        self.skip_space();
        match self.peek() {
            Some(b'n') => self.word("null", Value::Null),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[' | b'{') if levels == 0 => Err(self.error("lists and objects are too deep within each other")),
            Some(b'[') => self.list(levels - 1),
            Some(b'{') => self.object(levels - 1),
            _ => Err(self.error("a value was expected")),
        }
    }

    /// Whether another item follows, of a list or an object that `close` ends.
    fn more(&mut self, first: bool, close: u8) -> Result<bool> {
        self.skip_space();
        if self.takes(close) {
            return Ok(false);
        }
        if first || self.takes(b',') {
            Ok(true)
        } else {
            Err(self.error("a comma was expected, or the end of the list or object"))
        }
    }

    fn list(&mut self, levels: usize) -> Result<Value> {
        self.at += 1;
        let mut items = Vec::new();
        while self.more(items.is_empty(), b']')? {
            items.push(self.value(levels)?);
        }
        Ok(Value::List(items))
    }

    fn object(&mut self, levels: usize) -> Result<Value> {
        self.at += 1;
        let mut members = BTreeMap::new();
        while self.more(members.is_empty(), b'}')? {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.error("a name was expected"));
            }
            let name = self.string()?;
            self.skip_space();
            if !self.takes(b':') {
                return Err(self.error("a colon was expected"));
            }
            let value = self.value(levels)?;
            if members.contains_key(&name) {
                return Err(self.error(&format!("'{}' is there twice", name)));
            }
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }

    fn digits(&mut self) -> Result<()> {
        let begin = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > begin {
            Ok(())
        } else {
            Err(self.error("a digit was expected"))
        }
    }

    fn number(&mut self) -> Result<Value> {
        let begin = self.at;
        self.takes(b'-');
        if !self.takes(b'0') {
            self.digits()?;
        }
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _sign = self.takes(b'-') || self.takes(b'+');
            self.digits()?;
        }
        Ok(Value::Number(Number(self.text[begin..self.at].to_string())))
    }

    fn string(&mut self) -> Result<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let begin = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            out += &self.text[begin..self.at]; // all three are of one byte, so these are borders of characters
            if self.takes(b'"') {
                return Ok(out);
            }
            if !self.takes(b'\\') {
                return Err(self.error("the end of a text was expected"));
            }
            out.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Result<char> {
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.code_unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first).ok_or_else(|| self.error("half a character"));
                }
                if !self.takes(b'\\') || self.peek() != Some(b'u') {
                    return Err(self.error("half a character"));
                }
                let second = self.code_unit()?;
                let low = second.wrapping_sub(0xdc00);
                let whole = if low < 0x400 { char::from_u32(0x10000 + ((first - 0xd800) << 10) + low) } else { None };
                return whole.ok_or_else(|| self.error("half a character"));
            }
            _ => return Err(self.error("no such escape")),
        };
        self.at += 1;
        Ok(c)
    }

    /// Behind a backslash, `u` and four digits.
    fn code_unit(&mut self) -> Result<u32> {
        let digits = self.text.as_bytes().get(self.at + 1..self.at + 5).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|d| std::str::from_utf8(d).ok()).and_then(|d| u32::from_str_radix(d, 16).ok());
        let unit = digits.ok_or_else(|| self.error("four hexadecimal digits were expected"))?;
        self.at += 5;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let text = r#"{"a":[1,-2.5e-3,170141183460469231731687303715884105727,true,false,null],"b":{},"c":[],"d":"\u0001é\"\\"}"#;
        let value = Value::parse(text).unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(value["a"][0].as_number(), Some(1u32));
        assert_eq!(value["a"][1].as_number::<u32>(), None);
        assert_eq!(value["a"][1].as_f64(), Some(-2.5e-3));
        assert_eq!(value["a"][2].as_number(), Some(i128::MAX));
        assert_eq!(value["a"][2].as_number::<u64>(), None);
        assert_eq!(value["a"][3].as_bool(), Some(true));
        assert_eq!(value["a"].items().len(), 6);
        assert_eq!(value["d"].as_str(), Some("\u{1}é\"\\"));
        assert_eq!(value["none"]["of"][3], Value::Null);
        assert_eq!(
            Value::parse(" [ 1 , {\"x\" : \"NaN\"} ] \n").unwrap()[1]["x"].as_f64().map(f64::is_nan),
            Some(true)
        );
    }

    #[test]
    fn reads_escapes() {
        let value = Value::parse(r#""\"\\\/\b\f\n\r\té\ud83d\ude00""#).unwrap();
        assert_eq!(value.as_str(), Some("\"\\/\u{8}\u{c}\n\r\té😀"));
        for wrong in [
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\u0041""#,
            r#""\ude00""#,
            r#""\u12g4""#,
            r#""\u+123""#,
            r#""\x""#,
            r#""\u12"#,
            "\"\\",
            "\"a\nb\"",
            "\"open",
        ] {
            assert!(Value::parse(wrong).is_err(), "{}", wrong);
        }
    }

    #[test]
    fn refuses() {
        for wrong in [
            "",
            " ",
            "nul",
            "tru",
            "+1",
            "01",
            "1.",
            ".5",
            "1e",
            "-",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[1",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\" 1}",
            "{\"a\":}",
            "{\"a\":1",
            "1 2",
            "]",
            "{\"a\":1,\"a\":2}",
            "NaN",
            "\u{feff}1",
        ] {
            let error = Value::parse(wrong).unwrap_err();
            assert_eq!(error.fault(), Fault::Format, "{}", wrong);
        }
        assert_eq!(Value::parse("[1,\n  x]").unwrap_err().text(), "line 2, column 3: a value was expected");
    }

    #[test]
    fn hostile_depth_is_refused() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Value::parse(&nested(MOST_LEVELS)).is_ok());
        assert!(Value::parse(&nested(MOST_LEVELS + 1)).is_err());
        assert!(Value::parse(&"[".repeat(10_000_000)).is_err());
        assert!(Value::parse(&"{\"a\":".repeat(1_000_000)).is_err());
    }

    #[test]
    fn every_prefix_is_refused_or_read() {
        let text = r#"{"a":[1,-2.5e-3,"\ud83d\ude00é"],"b":{"c":null}}"#;
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            assert!(Value::parse(&text[..end]).is_err(), "{}", end);
        }
    }

    #[test]
    fn writes_numbers() {
        assert_eq!(number(1.0), "1.0");
        assert_eq!(number(0.1), "0.1");
        assert_eq!(number(f64::NAN), "\"NaN\"");
        assert_eq!(number(f64::INFINITY), "\"Infinity\"");
        assert_eq!(number(f64::NEG_INFINITY), "\"-Infinity\"");
        for v in [f64::MAX, f64::MIN_POSITIVE, -0.0, 1e300, 5e-324] {
            assert_eq!(Value::parse(&number(v)).unwrap().as_f64().map(f64::to_bits), Some(v.to_bits()));
        }
    }
}
