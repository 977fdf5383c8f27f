#pragma once

#include <string_view>
#include <vector>

#include "field/fr.hpp"
#include "sumcheck/channel.hpp"

namespace ezkl::sumcheck {

/// What a sum of fractions leaves to be shown: the values of the leaves' two extensions at one point.
struct FractionClaims {
  std::vector<Fr> point;
  Scalar numerator, denominator;
};

/// Proves that the sum of numerator / denominator over 2^levels leaves is 0, by halving: node y of layer l has the
/// children y and y + 2^l of layer l + 1. Sends "<name>.1" and for every further layer a sumcheck "<name>.<l+1>" and
/// its end; draws "<name>.mu<l>", "<name>.lambda<l>".
///
/// leaves   the prover's, 2^levels of each, levels >= 1; a verifier gives none. Denominators must be fixed before a
///          challenge that each real one depends on: a zero among them is then as unlikely as that challenge, and the
///          denominator of the sum is not checked.
/// errors   Refused and Fault::unsatisfied as Channel::require; Fault::internal for other numbers of leaves
/// memory   prover: 128 bytes a leaf, and 64 more while a layer is proven
/// source   Papini, Haböck, ePrint 2023/1284; docs/spec/sumcheck.md 3.3
FractionClaims prove_fractions(Channel& channel, std::string_view name, unsigned levels, std::vector<Fr> numerators,
                               std::vector<Fr> denominators);

}  // namespace ezkl::sumcheck
