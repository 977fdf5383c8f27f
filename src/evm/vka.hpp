#pragma once

#include <vector>

#include "circuit/settings.hpp"
#include "commit/srs.hpp"
#include "evm/word.hpp"
#include "plonk/keys.hpp"

namespace ezkl::evm {

constexpr unsigned default_decimals = 18;
constexpr unsigned max_decimals = 38;

/// The verifying-key artifact: a key as words that the reusable contract interprets. Word for word that of the published
/// package, so that one deployed contract serves keys of both.
/// errors  Fault::unsupported for circuits that the format does not cover, Fault::range when an address passes 16 bits or
///         for more than 38 decimals, Fault::format when shapes and scales of the settings disagree
/// source  spec/evm section 5
std::vector<Word> make_vka(const GraphSettings& settings, const plonk::VerifyingKey& vk, const SrsVerifier& srs,
                           unsigned decimals = default_decimals);

/// Number of instances that an artifact announces: it counts every tensor of a hashed group.
std::size_t num_instances(const GraphSettings& settings);

/// Number of instances that a proof of these settings has. Differs from num_instances when only some tensors of a
/// privately hashed group are replaced by their hash: the reusable contract then refuses every proof.
std::size_t proof_instances(const GraphSettings& settings);

}  // namespace ezkl::evm
