#include "graph/input_variables.hpp"

#include <algorithm>
#include <cctype>

namespace ezkl {

std::optional<std::size_t> find_variable(const RunArgs& args, const std::string& variable) {
  for (const auto& [name, value] : args.variables) {
    if (name == variable) return value;
  }
  return std::nullopt;
}

bool leads_batch(const std::string& name) {
  // Exporters call the leading dimension what they like: "batch", "Batch_dim_0", "N".
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return name.empty() || lower == "n" || lower.find("batch") != std::string::npos;
}

std::string axis_variable(const std::string& input, std::size_t axis) { return input + "." + std::to_string(axis); }

std::string constant_variable(const std::string& input) { return "constant " + input; }

}  // namespace ezkl
