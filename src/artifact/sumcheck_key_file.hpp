#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "relations/plan.hpp"
#include "relations/protocol.hpp"

namespace ezkl {

/// What of the settings a sumcheck key speaks of, beside its plan: the integers that its tables and ranges mean.
struct SumcheckKeySettings {
  Semantics semantics = Semantics::onnx;
  std::uint64_t decomp_base = 0, decomp_legs = 0;
  Int128 lookup_first = 0, lookup_last = 0;

  static SumcheckKeySettings of(const RunArgs& args);
  bool operator==(const SumcheckKeySettings&) const = default;
};

/// vk.key of the sumcheck proof system: settings, plan, rows of keyed tensors, the bases the verifier computes with.
struct SumcheckKey {
  SumcheckKeySettings settings;
  relations::Plan plan;
  relations::VerifyingKey key;
};

/// The payload, canonical: equal keys have equal bytes. What only a prover reads of a plan (where values come from) is
/// not in it.
std::vector<std::uint8_t> sumcheck_key_payload(const SumcheckKey& key);
/// What the transcript begins with: Keccak-256 of "EZKL-CPP sumcheck key 1" and the payload, reduced.
Fr sumcheck_key_digest(std::span<const std::uint8_t> payload);

/// The bytes of vk.key.
std::vector<std::uint8_t> sumcheck_key_bytes(const SumcheckKey& key);
/// The key, its digest computed; for verifying only: the plan has no recipes.
/// errors: Fault::format, beginning with `what`, for another kind of file, for sizes and numbers that do not fit
/// (before anything of their size is made), points off the curve, and a plan that cannot be run
SumcheckKey parse_sumcheck_key(std::span<const std::uint8_t> bytes, const std::string& what);

}  // namespace ezkl
