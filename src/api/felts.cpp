#include <cmath>

#include "api/model_settings.hpp"
#include "artifact/felt_text.hpp"
#include "base/border.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/claims/elements.hpp"
#include "tensor/float_tensor.hpp"
#include "tensor/quantize.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl {
namespace {

DType type_named(const std::string& name) {
  if (const auto type = type_of_settings(name)) return *type;
  throw Error(Fault::usage, "unknown input type '" + name + "': Bool, F16, F32, F64, Int, TDim or Unknown");
}

}  // namespace

Int128 felt_to_int(const std::string& felt) try {
  const Fr value = parse_felt(felt);
  if (!claims::is_integer(value)) {
    log_warn("the field element " + big_felt_text(value) +
             " is no signed integer of 128 bits: the number given for it, " +
             "as the published package gives it, stands for another");
  }
  return value.to_int128_lossy();
} catch (...) {
  rethrow_as_error();
}

double felt_to_float(const std::string& felt, int scale) { return dequantize(felt_to_int(felt), scale); }

std::string felt_to_big_endian(const std::string& felt) try { return big_felt_text(parse_felt(felt)); } catch (...) {
  rethrow_as_error();
}

std::string float_to_felt(double input, int scale, const std::string& input_type) try {
  const DType type = type_named(input_type);
  const bool nothing = std::isnan(input) && is_float(type);
  return felt_text(Fr::from_i128(nothing ? 0 : quantize_input(input, type, scale)));
} catch (...) {
  rethrow_as_error();
}

std::vector<std::string> buffer_to_felts(const std::vector<std::uint8_t>& buffer) try {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < buffer.size(); begin += 16) {
    std::array<std::uint8_t, 32> bytes{};
    for (std::size_t i = 0; i < 16 && begin + i < buffer.size(); ++i) bytes[i] = buffer[begin + i];
    out.push_back(hex_text(bytes));
  }
  return out;
} catch (...) {
  rethrow_as_error();
}

std::vector<std::string> poseidon_hash(const std::vector<std::string>& message) try {
  if (message.empty()) return {};
  std::vector<Fr> felts;
  for (const std::string& text : message) felts.push_back(parse_felt(text));
  return {felt_text(poseidon_hash(std::span<const Fr>(felts)))};
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
