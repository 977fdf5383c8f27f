#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "model/node_def.hpp"

/// Names of variables (RunArgs::variables) that say what a model leaves open about its inputs.
namespace ezkl {

/// The variable that sizes a leading axis without a name, and one that is called a batch.
inline constexpr const char* batch_size = "batch_size";
/// The variable that gives one axis of one input its size, before the axis's own name is looked at.
std::string axis_variable(const std::string& input, std::size_t axis);
/// Whether a leading axis of that name is the batch's, which the variable batch_size sizes: "batch", "N", no name.
bool leads_batch(const std::string& name);
/// What a variable is set to, if it is.
std::optional<std::size_t> find_variable(const RunArgs& args, const std::string& variable);
/// The size of an axis of an input: the model's own number, else what the variables say of that axis or of its name;
/// nothing where neither tells.
std::optional<std::size_t> input_extent(const RunArgs& args, const std::string& input, std::size_t axis,
                                        const DimensionDef& dimension);
/// "x=1,8": how a user says the shape of an input, with the sizes that are known and an example for the rest.
std::string shape_example(const RunArgs& args, const ValueDef& input);
/// Refuses what a user says of the inputs of a model that it does not have: an input of another name, an axis too many,
/// a size that contradicts the model's own. errors: Fault::usage.
void check_input_variables(const std::vector<ValueDef>& inputs, const RunArgs& args);
/// The variable that makes an input a constant, all of whose elements have its value.
std::string constant_variable(const std::string& input);

}  // namespace ezkl
