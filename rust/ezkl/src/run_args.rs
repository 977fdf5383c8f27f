//! The arguments of a circuit.

use std::fmt;

use crate::arguments::{words, Argument, Arguments};
use crate::error::Result;
use crate::json;

/// Who sees a group of values: inputs, outputs or parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Visibility {
    /// Nobody, and nothing binds them: with private parameters a proof is about no model.
    Private,
    /// Everybody: they are in the proof.
    Public,
    /// They are part of the key.
    Fixed,
    /// Nobody; their hash is in the proof.
    Hashed,
    /// As `Hashed`, for the tensors of these numbers, whose hash is what the circuit computes with.
    HashedPrivate(Vec<usize>),
    /// Nobody; commitments to them are in the proof.
    Polycommit,
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Visibility::Private => f.write_str("private"),
            Visibility::Public => f.write_str("public"),
            Visibility::Fixed => f.write_str("fixed"),
            Visibility::Hashed => f.write_str("hashed"),
            Visibility::Polycommit => f.write_str("polycommit"),
            Visibility::HashedPrivate(tensors) => {
                let numbers: Vec<String> = tensors.iter().map(usize::to_string).collect();
                write!(f, "hashed/private/{}", numbers.join(","))
            }
        }
    }
}

impl Argument for Visibility {
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.text(&json::quoted(&self.to_string()))
    }
}

words! {
    /// Whether a proof is verified before it is written.
    CheckMode {
        /// It is.
        Safe = "safe",
        /// It is not.
        #[default]
        Unsafe = "unsafe",
    }
}

words! {
    /// How polynomials are committed to.
    Commitment {
        /// Short proofs, checked in constant time, with a setup of a ceremony.
        #[default]
        Kzg = "kzg",
        /// Inner products: no secret, longer proofs.
        Ipa = "ipa",
    }
}

words! {
    /// Whose meaning operators have.
    Semantics {
        /// ONNX's.
        #[default]
        Onnx = "onnx",
        /// The published package's, where that departs from ONNX.
        Published = "published",
    }
}

words! {
    /// How a proof is made.
    ProofSystem {
        /// PLONK.
        #[default]
        Plonk = "plonk",
        /// Sums over hypercubes (docs/sumcheck.md).
        Sumcheck = "sumcheck",
    }
}

macro_rules! run_args {
    ($( $(#[$doc:meta])* $field:ident: $type:ty, )*) => {
        /// The arguments of a circuit. What is `None` has the default that is given here, or is chosen by
        /// [`ChooseSettings`](crate::ChooseSettings) and [`CheckModel`](crate::CheckModel), which leave the others as
        /// they are.
        ///
        /// ```
        /// use ezkl::{RunArgs, Visibility};
        /// let args = RunArgs { input_visibility: Some(Visibility::Private), logrows: Some(12), ..Default::default() };
        /// ```
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct RunArgs { $( $(#[$doc])* pub $field: Option<$type>, )* }

        impl RunArgs {
            fn members(&self) -> Vec<(&'static str, &dyn Argument)> {
                vec![$( (stringify!($field), &self.$field as &dyn Argument), )*]
            }
        }
    };
}

run_args! {
    /// Bits behind the point of inputs: 7.
    input_scale: i32,
    /// Bits behind the point of parameters: 7.
    param_scale: i32,
    /// The scale that products come back to: the larger of both.
    rebase_scale: i32,
    /// At this multiple of the scale: 1.
    scale_rebase_multiplier: u32,
    /// What function tables reach: -32768 to 32768.
    lookup_range: (i128, i128),
    /// log2 of the number of rows: 17.
    logrows: u32,
    /// Columns beside each other that a row of a product takes: 2.
    num_inner_cols: usize,
    /// Sizes of named dimensions: `batch_size` 1.
    variables: Vec<(String, usize)>,
    /// Who sees inputs: public.
    input_visibility: Visibility,
    /// Who sees outputs: public.
    output_visibility: Visibility,
    /// Who sees parameters: fixed.
    param_visibility: Visibility,
    /// Constants without a fraction get scale 0: no.
    rebase_frac_zero_constants: bool,
    /// Unsafe.
    check_mode: CheckMode,
    /// KZG.
    commitment: Commitment,
    /// Base of the digits of range checks: 16384.
    decomp_base: usize,
    /// Number of those digits: 2.
    decomp_legs: usize,
    /// Logarithms by a bounded table: no.
    bounded_log_lookup: bool,
    /// Waives range checks of inputs and outputs: no. Every statement says so.
    ignore_range_check_inputs_outputs: bool,
    /// What divisors and logarithms are kept away from zero by: 2^-52.
    epsilon: f64,
    /// Matrix products are checked element by element: no.
    disable_freivalds: bool,
    /// ONNX's.
    semantics: Semantics,
    /// PLONK.
    proof_system: ProofSystem,
    /// Of the sumcheck alone: cells of a committed row, as a power of two; chosen.
    row_bits: u32,
    /// Of the sumcheck alone: bits of the largest range table; chosen.
    limb_bits: u32,
    /// Of the sumcheck alone: most lookups in one sum of fractions, as a power of two; chosen.
    tree_bits: u32,
    /// Of the sumcheck alone: proofs that hide nothing: no.
    clear: bool,
}

impl Argument for RunArgs {
    fn is_given(&self) -> bool {
        self.members().iter().any(|(_, value)| value.is_given())
    }
    fn write<'a>(&'a self, out: &mut Arguments<'a>) -> Result<()> {
        out.object(&self.members())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_is_said() {
        assert!(!RunArgs::default().is_given());
        let args = RunArgs {
            logrows: Some(9),
            lookup_range: Some((-256, 256)),
            param_visibility: Some(Visibility::HashedPrivate(vec![0, 2])),
            semantics: Some(Semantics::Published),
            ..Default::default()
        };
        let mut out = Arguments::new();
        out.add("run_args", &args).unwrap();
        assert_eq!(
            String::from_utf8(out.finish().0).unwrap(),
            r#"{"py_run_args":{"lookup_range":[-256,256],"logrows":9,"param_visibility":"hashed/private/0,2","semantics":"published"}}"#
        );
    }
}
