// Short forms that both renderings of a report share.
#include "api/verify_report.hpp"

#include <cstdlib>

#include "artifact/felt_text.hpp"
#include "artifact/number_text.hpp"
#include "base/int128.hpp"
#include "base/text.hpp"
#include "graph/claims/elements.hpp"
#include "statement/meaning.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {

namespace {

/// Decimal digits of a number, eighteen in each word, the lowest first.
class Digits {
 public:
  explicit Digits(Uint128 value) {
    for (; value != 0; value /= word) words_.push_back(static_cast<std::uint64_t>(value % word));
  }
  /// `factor` to the power.
  void multiply(std::uint64_t factor, int power) {
    for (; power > 0; --power) {
      Uint128 carry = 0;
      for (std::uint64_t& w : words_) {
        carry += Uint128{w} * factor;
        w = static_cast<std::uint64_t>(carry % word);
        carry /= word;
      }
      if (carry != 0) words_.push_back(static_cast<std::uint64_t>(carry));
    }
  }
  std::string text() const {
    std::string out;
    for (std::size_t i = words_.size(); i-- > 0;) {
      const std::string digits = std::to_string(words_[i]);
      out += (out.empty() ? "" : std::string(word_digits - digits.size(), '0')) + digits;
    }
    return out;
  }

 private:
  static constexpr std::size_t word_digits = 18;
  static constexpr std::uint64_t word = 1'000'000'000'000'000'000;
  std::vector<std::uint64_t> words_;
};

/// value / 2^scale with all its digits: value 5^scale / 10^scale.
std::string exact_number(Int128 value, int scale) {
  Digits digits(value < 0 ? -static_cast<Uint128>(value) : static_cast<Uint128>(value));
  digits.multiply(scale < 0 ? 2 : 5, std::abs(scale));
  std::string text = digits.text();
  if (scale > 0) {
    const auto behind = static_cast<std::size_t>(scale);
    if (text.size() <= behind) text.insert(0, behind + 1 - text.size(), '0');
    text.insert(text.size() - behind, 1, '.');
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return (value < 0 ? "-" : "") + text;
}

}  // namespace

std::optional<std::string> number_of(const Fr& value, int scale) {
  if (!is_scale(scale) || !claims::is_integer(value)) return std::nullopt;
  const Int128 integer = value.to_int128_lossy();
  constexpr Int128 most_of_a_double = Int128{1} << 53;
  constexpr int longest = 128;  // digits behind the point that are written out
  if (integer >= -most_of_a_double && integer <= most_of_a_double) {
    const std::string text = rescaled_text(value, scale);
    if (text.find('n') == std::string::npos) return text;
    return std::nullopt;
  }
  if (scale < -longest || scale > longest) return std::nullopt;
  return exact_number(integer, scale);
}

std::string shown_number(const Fr& value, int scale) {
  return number_of(value, scale).value_or("field element " + big_felt_text(value));
}

bool is_to_be_compared(const ReportedGroup& params) {
  const Visibility::Kind kind = params.visibility.kind;
  const bool shown = kind == Visibility::Kind::hashed_public || kind == Visibility::Kind::polycommit;
  return shown && !params.known_shown && !params.tensors.empty();
}

std::string hides_nothing() {
  return "The proof shows that the model gives these outputs and hides nothing: it holds sums over everything that was "
         "computed, parameters and inner values included";
}

std::string tensor_label(const ReportedGroup& group, std::size_t i) {
  const ReportedTensor& tensor = group.tensors[i];
  if (group.group == TensorGroup::params) return "all";
  const std::string label = std::string(one_of(group.group)) + ' ' + std::to_string(i);
  return tensor.name ? label + " '" + shown_name(*tensor.name) + "'" : label;
}

}  // namespace ezkl
