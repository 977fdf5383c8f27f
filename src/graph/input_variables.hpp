#pragma once

#include <cstddef>
#include <string>

/// Names of variables (RunArgs::variables) that say what a model leaves open about its inputs.
namespace ezkl {

/// The variable (RunArgs::variables) that gives one axis of one input its size, before the axis's own name is looked at.
std::string axis_variable(const std::string& input, std::size_t axis);
/// Whether a leading axis of that name is the batch's, which the variable batch_size sizes: "batch", "N", no name.
bool leads_batch(const std::string& name);
/// The variable that makes an input a constant, all of whose elements have its value.
std::string constant_variable(const std::string& input);

}  // namespace ezkl
