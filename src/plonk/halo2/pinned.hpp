#pragma once

#include <string>

#include "plonk/keys.hpp"

namespace ezkl::plonk {

/// The one-line rendering of a key that its digest hashes. A single other character makes every proof fail.
/// source: docs/spec/proof-protocol.md 5. errors: Fault::range when the extended domain does not exist.
std::string pinned_text(const VerifyingKey& vk);

}  // namespace ezkl::plonk
