#include "api/data_shapes.hpp"

#include <algorithm>
#include <filesystem>

#include "artifact/input_file.hpp"
#include "ezkl/error.hpp"
#include "graph/input_variables.hpp"

namespace ezkl {
namespace {

/// The data that samples_for takes; nothing where there is none or it is not readable, which it reports.
std::optional<InputData> data_of(const SettingsChoice& choice) {
  std::error_code ignored;
  if (!choice.data && !std::filesystem::is_regular_file(choice.usual_data, ignored)) return std::nullopt;
  try {
    return load_input(choice.data.value_or(choice.usual_data));
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::size_t place_of(const InputData& data, const std::string& name, std::size_t otherwise) {
  const auto found = std::find(data.names.begin(), data.names.end(), name);
  return found == data.names.end() ? otherwise : static_cast<std::size_t>(found - data.names.begin());
}

/// Adds what the data say of one input.
void add_sizes(const ValueDef& input, const InputData& data, std::size_t place, RunArgs& args) {
  const Shape shape = place < data.shapes.size() ? data.shapes[place] : Shape();
  std::size_t known = 1;
  std::vector<std::size_t> open;
  for (std::size_t axis = 0; axis < input.shape.size(); ++axis) {
    const DimensionDef& dimension = input.shape[axis];
    if (dimension.value >= 0) {
      known *= static_cast<std::size_t>(dimension.value);
    } else if (!find_variable(args, axis_variable(input.name, axis)) && !find_variable(args, dimension.name) &&
               (axis > 0 || !leads_batch(dimension.name))) {
      open.push_back(axis);
    }
  }
  if (shape.size() == input.shape.size()) {
    for (const std::size_t axis : open) args.variables.emplace_back(axis_variable(input.name, axis), shape[axis]);
  } else if (open.size() == 1 && known != 0 && data.inputs[place].size() % known == 0) {
    args.variables.emplace_back(axis_variable(input.name, open[0]), data.inputs[place].size() / known);
  }
}

void check_given_shapes(const ModelDef& model, const RunArgs& args, const GivenArgs& given) {
  for (const auto& [name, sizes] : given.input_shapes) {
    const auto input = std::find_if(model.graph.inputs.begin(), model.graph.inputs.end(),
                                    [&name = name](const ValueDef& v) { return v.name == name; });
    if (input == model.graph.inputs.end() || input->shape.size() == sizes) continue;
    const std::size_t axes = input->shape.size();
    const std::string found = "input '" + name + "' has " + std::to_string(axes) + (axes == 1 ? " axis" : " axes") +
                              ", its shape was given with " + std::to_string(sizes) + (sizes == 1 ? " size" : " sizes");
    if (axes == 0) throw Error(Fault::usage, found, {{"input_shape", "leave {} out"}});
    throw Error(Fault::usage, found, {{"input_shape", "give all of them: {} '" + shape_example(args, *input) + "'"}});
  }
}

}  // namespace

RunArgs with_data_shapes(const ModelDef& model, RunArgs args, const SettingsChoice& choice) {
  check_given_shapes(model, args, choice.given);
  if (args.semantics != Semantics::onnx) return args;
  std::optional<InputData> data;
  std::size_t place = 0;
  for (const ValueDef& input : model.graph.inputs) {
    if (model.graph.initializers.count(input.name) != 0 || find_variable(args, constant_variable(input.name))) continue;
    const bool open = std::any_of(input.shape.begin(), input.shape.end(), [](const auto& d) { return d.value < 0; });
    if (open && !data) data = data_of(choice);
    if (open && !data) return args;
    const std::size_t at = open ? place_of(*data, input.name, place) : place;
    if (open && at < data->inputs.size()) add_sizes(input, *data, at, args);
    ++place;
  }
  return args;
}

}  // namespace ezkl
