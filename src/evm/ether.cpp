#include "evm/ether.hpp"

#include <algorithm>

#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

constexpr std::size_t whole_digits = 12, wei_digits = 18;  // 10^12 ETH is far more than there is

}  // namespace

Int128 parse_ether(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point), part = text.substr(std::min(point + 1, text.size()));
  const auto digits = [](std::string_view t) { return t.find_first_not_of("0123456789") == std::string_view::npos; };
  if (whole.empty() || whole.size() > whole_digits || part.size() > wei_digits || !digits(whole) || !digits(part) ||
      (point != text.size() && part.empty())) {
    throw Error(Fault::usage, "'" + std::string(text.substr(0, 60)) +
                                  "' is no amount of ETH: expected a number such as "
                                  "0.05, with at most 18 digits behind the point");
  }
  Int128 out = 0;
  for (const char c : whole) out = out * 10 + (c - '0');
  for (std::size_t i = 0; i < wei_digits; ++i) out = out * 10 + (i < part.size() ? part[i] - '0' : 0);
  return out;
}

std::string ether_text(Int128 wei) {
  std::string digits = to_string(wei);
  if (digits.size() <= wei_digits) digits.insert(0, wei_digits + 1 - digits.size(), '0');
  std::string part = digits.substr(digits.size() - wei_digits);
  part.erase(part.find_last_not_of('0') + 1);
  return digits.substr(0, digits.size() - wei_digits) + (part.empty() ? "" : "." + part);
}

}  // namespace ezkl::evm
