#pragma once

#include <cstddef>
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

/// Values of JSON that a witness or proof of so many bytes can hold: texts of 64 digits, each beside up to two forms
/// for people, and the bytes of a proof as numbers.
inline std::size_t most_values_beside_felts(std::size_t bytes) { return (std::size_t{1} << 22) + bytes / 32; }

void write_pretty_elements(JsonWriter& json, const PrettyElements& pretty);
/// Missing members are empty. errors: Fault::format.
PrettyElements read_pretty_elements(const Json& json);

}  // namespace ezkl
