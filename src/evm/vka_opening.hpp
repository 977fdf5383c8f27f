#pragma once

#include <vector>

#include "evm/proof_layout.hpp"
#include "evm/word.hpp"

namespace ezkl::evm {

/// The section of a verifying-key artifact that drives the multi-point opening.
struct OpeningSection {
  std::vector<Word> words;
  std::size_t scratch_words = 0;  ///< words of scratch that the contract needs for it
};

/// `fixed` and `sigma` are the addresses of the key's commitments. source: docs/spec/evm.md 5
/// errors: Fault::unsupported when some set other than that of h has a single rotation; Fault::range when a number does
/// not fit its field.
OpeningSection opening_section(const ProofLayout& layout, Address fixed, Address sigma);

}  // namespace ezkl::evm
