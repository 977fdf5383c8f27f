#include "evm/rlp.hpp"

#include <array>

namespace ezkl::evm {
namespace {

constexpr std::uint8_t string_prefix = 0x80, list_prefix = 0xc0;
constexpr std::size_t longest_short = 55;

std::span<const std::uint8_t> without_leading_zeros(std::span<const std::uint8_t> digits) {
  while (!digits.empty() && digits.front() == 0) digits = digits.subspan(1);
  return digits;
}

std::array<std::uint8_t, 8> big_endian_bytes(std::uint64_t value) {
  std::array<std::uint8_t, 8> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[out.size() - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
  return out;
}

void append(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> data) {
  out.insert(out.end(), data.begin(), data.end());
}

void append_length(std::vector<std::uint8_t>& out, std::size_t length, std::uint8_t prefix) {
  if (length <= longest_short) {
    out.push_back(static_cast<std::uint8_t>(prefix + length));
    return;
  }
  const auto all = big_endian_bytes(length);
  const auto digits = without_leading_zeros(all);
  out.push_back(static_cast<std::uint8_t>(prefix + longest_short + digits.size()));
  append(out, digits);
}

}  // namespace

RlpList& RlpList::bytes(std::span<const std::uint8_t> data) {
  if (data.size() != 1 || data[0] >= string_prefix) append_length(items_, data.size(), string_prefix);
  append(items_, data);
  return *this;
}

RlpList& RlpList::integer(std::uint64_t value) {
  const auto digits = big_endian_bytes(value);
  return integer(digits);
}

RlpList& RlpList::integer(std::span<const std::uint8_t> big_endian) { return bytes(without_leading_zeros(big_endian)); }

RlpList& RlpList::list(const RlpList& inner) {
  append(items_, inner.encoded());
  return *this;
}

std::vector<std::uint8_t> RlpList::encoded() const {
  std::vector<std::uint8_t> out;
  append_length(out, items_.size(), list_prefix);
  append(out, items_);
  return out;
}

}  // namespace ezkl::evm
