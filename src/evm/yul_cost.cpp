#include "evm/yul_cost.hpp"

#include <cctype>
#include <map>
#include <string_view>
#include <vector>

namespace ezkl::evm {
namespace {

constexpr std::uint64_t push_gas = 3, copy_gas = 3, assign_gas = 5, branch_gas = 17, loop_turn_gas = 36;
constexpr std::uint64_t call_gas = 100, product_gas = 6000, sum_gas = 150, pairing_gas = 113'000, modexp_gas = 4048;
constexpr std::uint64_t mac_gas = 95, checked_point_gas = 66, checked_scalars_gas = 140;  // around what they call
constexpr std::uint64_t point_size = 0x40, four_scalars_size = 0x80;

const std::map<std::string_view, std::uint64_t>& operation_gas() {
  static const std::map<std::string_view, std::uint64_t> table = {
      {"add", 3},          {"sub", 3},          {"lt", 3},
      {"gt", 3},           {"eq", 3},           {"iszero", 3},
      {"and", 3},          {"or", 3},           {"mload", 3},
      {"mstore", 3},       {"mstore8", 3},      {"calldataload", 3},
      {"mod", 5},          {"mulmod", 8},       {"addmod", 8},
      {"gas", 2},          {"calldatasize", 2}, {"keccak256", 30},
      {"calldatacopy", 3}, {"revert", 0},       {"staticcall", call_gas}};
  return table;
}

struct Token {
  std::string_view text;
  bool is_number = false;
  std::uint64_t value = 0;  ///< of a number that fits; else 0
};

bool is_word_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Words, numbers, ":=" and single signs; comments are left out.
std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at, 2) == "//") {
      at = text.find('\n', at);
      if (at == std::string_view::npos) break;
    } else if (std::isspace(static_cast<unsigned char>(text[at]))) {
      ++at;
    } else if (is_word_part(text[at])) {
      std::size_t end = at;
      while (end < text.size() && is_word_part(text[end])) ++end;
      Token token{text.substr(at, end - at), std::isdigit(static_cast<unsigned char>(text[at])) != 0, 0};
      if (token.is_number && token.text.size() <= 16) token.value = std::stoull(std::string(token.text), nullptr, 0);
      out.push_back(token);
      at = end;
    } else {
      const std::size_t size = text.substr(at, 2) == ":=" ? 2 : 1;
      out.push_back({text.substr(at, size)});
      at += size;
    }
  }
  return out;
}

std::uint64_t literal_bytes(const Token& number) {
  if (number.text.substr(0, 2) == "0x") return (number.text.size() - 1) / 2;
  return number.value < 256 ? 1 : 2;
}

class Reader {
 public:
  explicit Reader(std::string_view body) : tokens_(tokens_of(body)) {}

  YulCost read() {
    while (at_ < tokens_.size()) step();
    return total_;
  }

 private:
  std::string_view text(std::size_t index) const { return index < tokens_.size() ? tokens_[index].text : ""; }

  void pay(std::uint64_t gas, std::uint64_t bytes) {
    total_.gas += gas * times();
    total_.bytes += bytes;
  }
  std::uint64_t times() const {
    std::uint64_t out = 1;
    for (const std::uint64_t count : turns_) out *= count;
    return out;
  }

  void step() {
    const Token& token = tokens_[at_];
    if (token.is_number) {
      pay(push_gas, 1 + literal_bytes(token));
    } else if (token.text == "for") {
      enter_loop();
      return;
    } else if (token.text == "if") {
      pay(branch_gas, 6);
    } else if (token.text == "{") {
      turns_.push_back(1);
    } else if (token.text == "}") {
      if (!turns_.empty()) turns_.pop_back();
    } else if (token.text == ":=") {
      if (at_ < 2 || text(at_ - 2) != "let") pay(assign_gas, 2);
    } else if (is_word_part(token.text[0]) && token.text != "let") {
      if (text(at_ + 1) == "(") {
        pay_call(token.text);
      } else if (text(at_ + 1) != ":=") {
        pay(copy_gas, 1);
      }
    }
    ++at_;
  }

  /// Numbers among the arguments of the call at the current token.
  std::vector<std::uint64_t> literal_arguments() const {
    std::vector<std::uint64_t> out;
    int depth = 0;
    for (std::size_t i = at_ + 1; i < tokens_.size(); ++i) {
      if (tokens_[i].text == "(") ++depth;
      if (tokens_[i].text == ")" && --depth == 0) break;
      if (depth == 1 && tokens_[i].is_number) out.push_back(tokens_[i].value);
    }
    return out;
  }

  void pay_call(std::string_view name) {
    const auto place = operation_gas().find(name);
    if (place == operation_gas().end()) {
      pay_helper(name);
      return;
    }
    pay(name == "staticcall" ? 0 : place->second, 1);
    const auto numbers = literal_arguments();
    if (numbers.empty()) return;
    const std::uint64_t words = (numbers.back() + 31) / 32;
    if (name == "keccak256") pay(6 * words, 0);
    if (name == "calldatacopy") pay(3 * words, 0);
    if (name == "staticcall") pay_precompile(numbers[numbers.size() - 5]);
  }

  void pay_precompile(std::uint64_t target) {
    constexpr std::uint64_t modexp = 5, sum = 6, product = 7;
    total_.products += target == product ? times() : 0;
    const std::uint64_t gas = target == modexp    ? modexp_gas
                              : target == sum     ? sum_gas
                              : target == product ? product_gas
                                                  : pairing_gas;
    total_.precompiles += (gas + call_gas) * times();
  }

  void pay_helper(std::string_view name) {
    const auto numbers = literal_arguments();
    if (name == "mac") {
      pay(mac_gas, 6);
      pay_precompile(6);
      pay_precompile(7);
    } else if (name == "points" && numbers.size() == 2) {
      pay((numbers[1] - numbers[0]) / point_size * checked_point_gas, 8);
    } else if (name == "scalars" && numbers.size() == 2) {
      pay((numbers[1] - numbers[0]) / four_scalars_size * checked_scalars_gas, 8);
    }
  }

  /// for { let p := FIRST ... } lt(p, END) { p := add(p, STEP) ... } {
  void enter_loop() {
    std::uint64_t first = 0, end = 0, step = 1;
    std::size_t braces = 0;
    for (; at_ < tokens_.size() && braces < 3; ++at_) {
      if (tokens_[at_].text == "{") ++braces;
      if (!tokens_[at_].is_number) continue;
      const std::string_view before = text(at_ - 2);
      if (text(at_ - 1) == ":=" && before == "p") first = tokens_[at_].value;
      if (before == "p" && text(at_ - 4) == "lt") end = tokens_[at_].value;
      if (before == "p" && text(at_ - 4) == "add") step = tokens_[at_].value;
    }
    pay(0, 24);
    turns_.push_back(step == 0 || end <= first ? 1 : (end - first) / step);
    pay(loop_turn_gas, 0);
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<std::uint64_t> turns_;
  YulCost total_;
};

}  // namespace

YulCost& YulCost::operator+=(const YulCost& other) {
  gas += other.gas;
  precompiles += other.precompiles;
  products += other.products;
  bytes += other.bytes;
  return *this;
}

YulCost yul_cost(const std::string& body) { return Reader(body).read(); }

}  // namespace ezkl::evm
