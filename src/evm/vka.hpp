#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "circuit/settings.hpp"
#include "commit/srs.hpp"
#include "evm/word.hpp"
#include "plonk/keys.hpp"

namespace ezkl::evm {

constexpr unsigned default_decimals = 18;
constexpr unsigned max_decimals = 38;

/// Which instances an artifact tells of. They differ in two cases: when some tensors of a privately hashed group are not
/// replaced by their hash, the published package counts a hash for each of them, which no proof has; and hashes of
/// outputs, which stand behind public inputs, it takes for the first instances (docs/spec/evm.md 6, defect 3).
enum class VkaInstances : std::uint8_t {
  published,  ///< the published package's bytes; where they differ, the reusable contract refuses every proof
  of_proof,   ///< as many as a proof has, in its order
};

/// The verifying-key artifact: a key as words that the reusable contract interprets. Word for word that of the
/// published package: one deployed contract serves keys of both.
/// errors  Fault::unsupported for circuits that the format does not cover, Fault::range when an address passes 16 bits
///         or for more than 38 decimals, Fault::format for more instances than rows or when shapes and scales of the
///         settings disagree
/// source  docs/spec/evm.md 5
std::vector<Word> make_vka(const GraphSettings& settings, const plonk::VerifyingKey& vk, const SrsVerifier& srs,
                           unsigned decimals = default_decimals, VkaInstances instances = VkaInstances::published);

/// Number of instances that an artifact announces; `published`: that of the published package, which counts every tensor
/// of a hashed group. errors: as statement_of.
std::size_t announced_instances(const GraphSettings& settings, VkaInstances instances);

/// Whether an artifact would take hashes of outputs for the instances in front, so that the numbers it tells the contract
/// to make are of other instances than meant. errors: as statement_of.
bool shifts_instances(const GraphSettings& settings, VkaInstances instances);

/// The number that an artifact announces. errors: Fault::format for words that are too few.
std::size_t announced_instances(std::span<const Word> vka);

}  // namespace ezkl::evm
