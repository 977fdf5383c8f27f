#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/hex.hpp"
#include "curve/g1.hpp"
#include "field/fr.hpp"

/// The answers of tests/reference/sumcheck.py in tests/data/sumcheck.
namespace ezkl::testing {

using Json = nlohmann::json;

inline Json known_answers(const std::string& name) {
  std::ifstream file(std::string(EZKL_TEST_DATA) + "/sumcheck/" + name);
  return Json::parse(file);
}

inline Fr felt(const Json& json) { return Fr::from_hex("0x" + json.get<std::string>()); }

inline std::vector<Fr> felts(const Json& json) {
  std::vector<Fr> out;
  for (const Json& value : json) out.push_back(felt(value));
  return out;
}

inline std::vector<std::uint8_t> bytes(const Json& json) { return parse_hex(json.get<std::string>()); }

/// x and y, 32 bytes each, big-endian.
inline G1Affine point(const Json& json) {
  const std::vector<std::uint8_t> raw = bytes(json);
  const std::span<const std::uint8_t> all(raw);
  const auto x = Fq::from_bytes_be(all.first<32>()), y = Fq::from_bytes_be(all.last<32>());
  if (!x || !y) throw std::runtime_error("a coordinate beyond the modulus");
  return {*x, *y};
}

inline std::vector<std::string> lines(const Json& json) { return json.get<std::vector<std::string>>(); }

}  // namespace ezkl::testing
