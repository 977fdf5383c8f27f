#include "commit/ceremony.hpp"

namespace ezkl {

// source: the point stands, negated, as neg_s_g2 in the Solidity verifiers that many people made with setups fetched by
// the published package, and, as it is, in the prover of a rollup (scroll) whose setups come from the same converted
// files of the perpetual powers of tau. Only the order of the words and the sign differ.
const G2Affine& ceremony_s_g2() {
  static const G2Affine point{{Fq::from_hex("0x17944351223333f260ddc3b4af45191b856689eda9eab5cbcddbbe570ce860d2"),
                               Fq::from_hex("0x186282957db913abd99f91db59fe69922e95040603ef44c0bd7aa3adeef8f5ac")},
                              {Fq::from_hex("0x297772d34bc9aa8ae56162486363ffe417b02dc7e8c207fc2cc20203e67a02ad"),
                               Fq::from_hex("0x298adc7396bd3865cbf6d6df91bae406694e6d2215baa893bdeadb63052895f4")}};
  return point;
}

}  // namespace ezkl
