//! How commands are declared: a structure of what a command takes, with the library's defaults, and short forms.

use std::path::PathBuf;

use crate::call::Answer;
use crate::error::{Error, Fault, Result};
use crate::json::Value;

/// What a command gives.
pub(crate) trait FromAnswer: Sized {
    fn read(answer: Answer) -> Result<Self>;
}

/// A result that is not of the form that the library's documentation says.
pub(crate) fn unexpected(value: &Value) -> Error {
    let text: String = value.to_string().chars().take(200).collect();
    Error::new(Fault::Internal, format!("the library gave {}", text)).within("result")
}

/// `get(value)`, or an error where it has another form.
pub(crate) fn form<T>(value: &Value, get: impl FnOnce(&Value) -> Option<T>) -> Result<T> {
    get(value).ok_or_else(|| unexpected(value))
}

pub(crate) fn texts(value: &Value) -> Option<Vec<String>> {
    value.items().iter().map(|item| item.as_str().map(String::from)).collect()
}

macro_rules! results {
    ($($type:ty: $get:expr;)*) => { $(
        impl FromAnswer for $type {
            fn read(answer: Answer) -> Result<Self> {
                form(&answer.value()?, $get)
            }
        }
    )* };
}

results! {
    (): |_| Some(());
    bool: Value::as_bool;
    i128: Value::as_number;
    f64: Value::as_f64;
    String: |value| value.as_str().map(String::from);
    PathBuf: |value| value.as_str().map(PathBuf::from);
    Vec<String>: texts;
    Vec<u8>: |value| value.items().iter().map(Value::as_number).collect();
}

impl FromAnswer for Value {
    fn read(answer: Answer) -> Result<Self> {
        answer.value()
    }
}

/// A command: its structure with defaults, `run`, and, where it is there, the short form with some arguments in order.
macro_rules! command {
    (
        $(#[$doc:meta])*
        $name:ident = $command:literal -> $output:ty {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $default:expr, )*
        }
        $( $short:ident($($argument:ident: $argument_type:ty),*) )?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )*
        }

        impl Default for $name {
            fn default() -> Self {
                $name { $( $field: $default, )* }
            }
        }

        impl $name {
            pub(crate) fn arguments(&self) -> $crate::Result<$crate::arguments::Arguments<'_>> {
                use $crate::arguments::Argument;
                let mut out = $crate::arguments::Arguments::new();
                $(
                    let usual: $type = $default;
                    if usual.is_given() && !self.$field.is_given() {
                        out.add_none(stringify!($field));
                    }
                    out.add(stringify!($field), &self.$field).map_err(|e| e.within($command))?;
                )*
                Ok(out)
            }

            /// Runs it, in the thread's [`Session`](crate::Session).
            pub fn run(&self) -> $crate::Result<$output> {
                $crate::command::FromAnswer::read($crate::call::call($command, self.arguments()?)?)
            }
        }

        $(
            #[doc = concat!("[`", stringify!($name), "`] of these, with the default of all else.")]
            pub fn $short($($argument: impl Into<$argument_type>),*) -> $crate::Result<$output> {
                #[allow(clippy::needless_update)]
                $name { $( $argument: $argument.into(), )* ..$name::default() }.run()
            }
        )?
    };
}
pub(crate) use command;
