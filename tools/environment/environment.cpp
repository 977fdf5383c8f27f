#include "environment.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

namespace ezkl {
namespace {

struct Variable {
  const char* option;
  const char* name;
};

constexpr Variable variables[] = {
    {"threads", "OMP_NUM_THREADS"},
    {"kernels", "EZKL_CPU"},
    {"max_circuit_area", "EZKL_MAX_CIRCUIT_AREA"},
    {"srs_folder", "EZKL_REPO_PATH"},
    {"srs_mirror", "EZKL_SRS_MIRROR"},
    {"key_format", "EZKL_KEY_FORMAT"},
    {"solidity_compiler", "EZKL_SOLC"},
    {"program_path", "PATH"},
    {"private_key", "EZKL_PRIVATE_KEY"},
};

std::string value_of(const char* name) {
  const char* const text = std::getenv(name);
  return text ? text : "";
}

std::filesystem::path srs_folder() {
  if (const std::string repo = value_of("EZKL_REPO_PATH"); !repo.empty()) return std::filesystem::path(repo) / "srs";
  if (const std::string home = value_of("HOME"); !home.empty()) return std::filesystem::path(home) / ".ezkl" / "srs";
  return {};
}

/// The variable may be a list for nested levels; the first number counts. What is none is left to others to complain
/// of: the variable is not ours.
int threads() {
  const long n = std::strtol(value_of("OMP_NUM_THREADS").c_str(), nullptr, 10);
  return n >= 1 ? int(std::min(n, 1024L)) : 0;
}

std::uint64_t number(const char* name) {
  const std::string text = value_of(name);
  std::uint64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size()) {
    if (!text.empty()) throw Error(Fault::usage, "is '" + text + "', expected a number").within(name);
  }
  return out;
}

}  // namespace

const char* variable_of(std::string_view option) {
  const auto* const found = std::find_if(std::begin(variables), std::end(variables),
                                         [&](const Variable& variable) { return variable.option == option; });
  return found == std::end(variables) ? nullptr : found->name;
}

SessionOptions options_from_environment() {
  SessionOptions out;
  out.threads = threads();
  out.kernels = value_of("EZKL_CPU");
  out.max_circuit_area = number("EZKL_MAX_CIRCUIT_AREA");
  out.srs_folder = srs_folder();
  out.srs_mirror = value_of("EZKL_SRS_MIRROR");
  if (const std::string format = value_of("EZKL_KEY_FORMAT"); !format.empty()) out.key_format = format;
  out.solidity_compiler = value_of("EZKL_SOLC");
  out.program_path = value_of("PATH");
  out.private_key = value_of("EZKL_PRIVATE_KEY");
  return out;
}

}  // namespace ezkl
