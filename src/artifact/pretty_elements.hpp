#pragma once

#include <string>
#include <vector>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"

namespace ezkl {

/// Values of a statement in a form for people: `rescaled_*` as decimals, the others as big-endian hexadecimal. Stands
/// in witness.json (`pretty_elements`) and proof.json (`pretty_public_inputs`, only what is public).
struct PrettyElements {
  using Lists = std::vector<std::vector<std::string>>;
  Lists rescaled_inputs, inputs, processed_inputs, processed_params, processed_outputs, rescaled_outputs, outputs;

  bool operator==(const PrettyElements&) const = default;
};

void write_pretty_elements(JsonWriter& json, const PrettyElements& pretty);
/// Missing members are empty. errors: Fault::format.
PrettyElements read_pretty_elements(const Json& json);

}  // namespace ezkl
