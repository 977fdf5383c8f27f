#include "evm/abi_call.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "evm/contract_writer.hpp"
#include "evm/vka.hpp"
#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

constexpr std::size_t word_size = 32, selector_size = 4;
constexpr std::array<std::uint8_t, 4> text_selector{0x08, 0xc3, 0x79, 0xa0}, panic_selector{0x4e, 0x48, 0x7b, 0x71};
constexpr std::size_t rescaling_offset_word = 30;  // where an artifact holds the place of its rescaling section

Word word_at(std::span<const std::uint8_t> data, std::size_t index) {
  return Word::from_bytes_be(data.subspan(index * word_size).first<word_size>());
}

/// A word as a size, when it is one below 2^32.
std::optional<std::size_t> small(const Word& word) {
  if (word.limb[1] != 0 || word.limb[2] != 0 || word.limb[3] != 0 || word.limb[0] >> 32) return std::nullopt;
  return static_cast<std::size_t>(word.limb[0]);
}

/// Divides by ten, gives the remainder.
unsigned next_digit(Word& word) {
  unsigned __int128 rest = 0;
  for (std::size_t i = word.limb.size(); i-- > 0;) {
    rest = rest << 64 | word.limb[i];
    word.limb[i] = static_cast<std::uint64_t>(rest / 10);
    rest %= 10;
  }
  return static_cast<unsigned>(rest);
}

Word negated(const Word& word) {
  Word out;
  std::uint64_t carry = 1;
  for (std::size_t i = 0; i < word.limb.size(); ++i) {
    out.limb[i] = ~word.limb[i] + carry;
    carry = carry != 0 && out.limb[i] == 0;
  }
  return out;
}

/// The first word of an artifact's rescaling section.
const Word& rescaling_word(std::span<const Word> vka) {
  const auto offset = vka.size() > rescaling_offset_word ? small(vka[rescaling_offset_word]) : std::nullopt;
  const std::size_t section = offset.value_or(0) / word_size;
  if (section < 1 || section - 1 >= vka.size()) {
    throw Error(Fault::format, "no verifying-key artifact: the place of its rescaling section is outside of its " +
                                   std::to_string(vka.size()) + " words");
  }
  return vka[section - 1];
}

std::optional<double> read_real(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

VerifierAnswer decode_verifier_answer(std::span<const std::uint8_t> data) {
  const auto refuse = [&](const std::string& why) {
    throw Error(Fault::format, "the contract returned " + std::to_string(data.size()) + " bytes, " + why);
  };
  if (data.empty() || data.size() % word_size != 0) refuse("a verifier returns whole words of 32 bytes");
  VerifierAnswer out;
  out.accepted = word_at(data, 0) == Word::of(1);
  if (data.size() == word_size) return out;
  if (data.size() < 3 * word_size) refuse("a reusable verifier returns at least three words");
  const auto length = small(word_at(data, 2));
  if (length != data.size() - 3 * word_size) refuse("which does not fit the length of the values that it announces");
  out.reusable = true;
  out.digest = word_at(data, 1);
  for (std::size_t i = 3; i < data.size() / word_size; ++i) out.rescaled.push_back(word_at(data, i));
  return out;
}

std::string revert_reason(std::span<const std::uint8_t> data) {
  if (data.size() == selector_size) {
    for (const std::string_view error : {invalid_calldata, invalid_point, invalid_proof}) {
      const auto selector = error_selector(error);
      if (std::equal(selector.begin(), selector.end(), data.begin())) return std::string(error);
    }
  }
  if (data.size() < selector_size + word_size) return {};
  const auto starts_with = [&](const auto& selector) {
    return std::equal(selector.begin(), selector.end(), data.begin());
  };
  const auto body = data.subspan(selector_size);
  if (starts_with(panic_selector)) {
    const auto code = small(word_at(body, 0));
    return code ? "panic with code " + std::to_string(*code) : std::string();
  }
  if (!starts_with(text_selector) || body.size() < 2 * word_size || word_at(body, 0) != Word::of(word_size)) return {};
  const auto length = small(word_at(body, 1));
  if (!length || *length > body.size() - 2 * word_size) return {};
  std::string out;
  for (const std::uint8_t byte : body.subspan(2 * word_size, *length)) {
    out += byte >= 0x20 && byte != 0x7f ? static_cast<char>(byte) : '?';  // for a terminal
  }
  return out;
}

unsigned artifact_decimals(std::span<const Word> vka) {
  const unsigned decimals = rescaling_word(vka).limb[0] >> 8 & 0xff;
  if (decimals > max_decimals) {
    throw Error(Fault::format, "the verifying-key artifact asks for " + std::to_string(decimals) +
                                   " decimals, at most " + std::to_string(max_decimals) + " are possible");
  }
  return decimals;
}

std::size_t artifact_hashes(std::span<const Word> vka) {
  return (rescaling_word(vka).limb[0] >> 16 & 0xff) / word_size;
}

std::string fixed_point_text(const Word& word, unsigned decimals) {
  const bool negative = word.limb.back() >> 63;
  Word rest = negative ? negated(word) : word;
  std::string out;
  for (unsigned written = 0; rest != Word() || written <= decimals; ++written) {
    if (written == decimals && decimals != 0) out += '.';
    out += static_cast<char>('0' + next_digit(rest));
  }
  if (negative) out += '-';
  std::reverse(out.begin(), out.end());
  return out;
}

bool same_number(const Word& word, unsigned decimals, const std::string& text) {
  const auto found = read_real(fixed_point_text(word, decimals)), expected = read_real(text);
  if (!found || !expected) return false;
  const double one_bit = std::ldexp(std::abs(*expected), -52);
  return std::abs(*found - *expected) <= std::pow(10.0, -static_cast<double>(decimals)) + one_bit;
}

}  // namespace ezkl::evm
