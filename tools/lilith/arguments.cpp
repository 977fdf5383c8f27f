#include "arguments.hpp"

#include <algorithm>
#include <charconv>

#include "ezkl/error.hpp"

namespace ezkl::lilith {
namespace {

std::uint64_t whole(const std::string& option, const std::string& text) {
  std::uint64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size()) {
    throw Error(Fault::usage, "'" + text + "' is no whole number").within("--" + option);
  }
  return out;
}

}  // namespace

Arguments::Arguments(const std::vector<std::string>& words, const std::vector<std::string>& known) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].substr(0, 2) != "--") {
      words_.push_back(words[i]);
      continue;
    }
    const std::size_t equals = std::min(words[i].find('='), words[i].size());
    const std::string option = words[i].substr(2, equals - 2);
    if (std::find(known.begin(), known.end(), option) == known.end()) {
      throw Error(Fault::usage, "there is no option --" + option);
    }
    if (equals == words[i].size() && i + 1 == words.size()) throw Error(Fault::usage, "--" + option + " needs a value");
    options_[option] = equals < words[i].size() ? words[i].substr(equals + 1) : words[++i];
  }
}

std::string Arguments::text(const std::string& option) const {
  const auto found = options_.find(option);
  if (found == options_.end()) throw Error(Fault::usage, "--" + option + " is missing");
  return found->second;
}

std::string Arguments::text(const std::string& option, const std::string& otherwise) const {
  return options_.count(option) ? options_.at(option) : otherwise;
}

std::uint64_t Arguments::number(const std::string& option, std::uint64_t otherwise) const {
  return options_.count(option) ? whole(option, options_.at(option)) : otherwise;
}

std::uint64_t Arguments::bytes(const std::string& option, std::uint64_t otherwise) const {
  if (!options_.count(option)) return otherwise;
  std::string text = options_.at(option);
  const std::size_t unit = text.empty() ? std::string::npos : std::string("KMGT").find(text.back());
  if (unit != std::string::npos) text.pop_back();
  const std::uint64_t number = whole(option, text);
  const unsigned shift = unit == std::string::npos ? 0 : 10 * static_cast<unsigned>(unit + 1);
  if (number > (~std::uint64_t{0} >> 1) >> shift) throw Error(Fault::usage, "is too much").within("--" + option);
  return number << shift;
}

const std::vector<std::string>& Arguments::words(std::size_t count) const {
  if (words_.size() != count) {
    throw Error(Fault::usage, "expected " + std::to_string(count) + " words behind the options, found " +
                                  std::to_string(words_.size()));
  }
  return words_;
}

}  // namespace ezkl::lilith
