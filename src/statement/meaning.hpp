#pragma once

#include <optional>
#include <string>

#include "statement/order.hpp"

namespace ezkl {

/// "input", "parameter", "output"
const char* one_of(TensorGroup group);

/// "private", "public", "fixed", "hashed", "hashed/private/0,2", "polycommit": as the command line takes it.
std::string visibility_text(const Visibility& visibility);

/// What a proof says of a group of this visibility, for people who know nothing of proofs: a sentence without a capital
/// or a stop. `trees`, of parameters only: whether the model has trees, whose thresholds and weights are in the key
/// also where parameters are private; absent where that is not known. `hides`: whether proofs hide what they do not
/// show, and keys what they hold.
///
/// The sentences stand in manifests, whose digests people publish: another wording is another format of the manifest.
std::string meaning_of(TensorGroup group, const Visibility& visibility, std::optional<bool> trees = std::nullopt,
                       bool hides = true);

}  // namespace ezkl
