#include "graph/input_variables.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "ezkl/error.hpp"

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

std::optional<std::size_t> input_extent(const RunArgs& args, const std::string& input, std::size_t axis,
                                        const DimensionDef& dimension) {
  if (dimension.value >= 0) return static_cast<std::size_t>(dimension.value);
  if (const auto own = find_variable(args, axis_variable(input, axis))) return own;
  // ONNX means no batch by an axis that is not the leading one.
  if (dimension.name.empty() && axis > 0 && args.semantics == Semantics::onnx) return std::nullopt;
  const std::string name = dimension.name.empty() ? std::string(batch_size) : dimension.name;
  const std::optional<std::size_t> found = find_variable(args, name);
  return !found && axis == 0 && leads_batch(name) ? find_variable(args, batch_size) : found;
}

std::string shape_example(const RunArgs& args, const ValueDef& input) {
  std::string out = input.name;
  for (std::size_t axis = 0; axis < input.shape.size(); ++axis) {
    const std::size_t example = axis == 0 ? 1 : 5;
    out += (axis == 0 ? '=' : ',') +
           std::to_string(input_extent(args, input.name, axis, input.shape[axis]).value_or(example));
  }
  return out;
}

std::string constant_variable(const std::string& input) { return "constant " + input; }

namespace {

[[noreturn]] void refuse(const char* parameter, const std::string& text) {
  throw Error(Fault::usage, text, {{parameter, "{} says otherwise"}});
}

std::string inputs_text(const std::vector<ValueDef>& inputs) {
  std::string out;
  for (const ValueDef& input : inputs) out += (out.empty() ? "'" : ", '") + input.name + "'";
  return elided(out, 200);
}

}  // namespace

void check_input_variables(const std::vector<ValueDef>& inputs, const RunArgs& args) {
  const auto named = [&](const std::string& name) {
    return std::find_if(inputs.begin(), inputs.end(), [&](const ValueDef& v) { return v.name == name; });
  };
  const auto is_dimension = [&](const std::string& name) {
    return std::any_of(inputs.begin(), inputs.end(), [&](const ValueDef& v) {
      return std::any_of(v.shape.begin(), v.shape.end(), [&](const DimensionDef& d) { return d.name == name; });
    });
  };
  const std::string constant = constant_variable("");
  for (const auto& [name, value] : args.variables) {
    if (name.starts_with(constant)) {
      const std::string input = name.substr(constant.size());
      if (named(input) == inputs.end())
        refuse("constant", "the model has no input '" + elided(input, 80) + "', it has " + inputs_text(inputs));
      continue;
    }
    const std::size_t dot = name.rfind('.');
    const bool digits = dot != std::string::npos && dot + 1 < name.size() && name.size() - dot < 8 &&
                        std::all_of(name.begin() + std::ptrdiff_t(dot) + 1, name.end(),
                                    [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!digits || is_dimension(name)) continue;
    const auto input = named(name.substr(0, dot));
    if (input == inputs.end()) {
      refuse("input_shape",
             "the model has no input '" + elided(name.substr(0, dot), 80) + "', it has " + inputs_text(inputs));
    }
    const std::size_t axis = std::stoul(name.substr(dot + 1));
    if (axis >= input->shape.size()) {
      refuse("input_shape", "input '" + input->name + "' has " + std::to_string(input->shape.size()) +
                                (input->shape.size() == 1 ? " axis" : " axes"));
    }
    const std::int64_t own = input->shape[axis].value;
    if (value == 0 && own < 0) {
      throw Error(
          Fault::usage,
          "input '" + input->name + "' has no elements: its axis " + std::to_string(axis) + " would have size 0",
          {{"input_shape", "{} gives it another"}});
    }
    if (own >= 0 && static_cast<std::uint64_t>(own) != value) {
      refuse("input_shape", "axis " + std::to_string(axis) + " of input '" + input->name + "' is " +
                                std::to_string(own) + " in the model, not " + std::to_string(value));
    }
  }
}

}  // namespace ezkl
