#pragma once

#include "api/model_settings.hpp"
#include "ezkl/run_args.hpp"
#include "model/node_def.hpp"

namespace ezkl {

/// Run arguments with a variable for every axis of an input that the model leaves open and the data of `choice` tell:
/// by the shape of nested lists or a numpy array, or by the number of elements where one axis is open. The leading axis
/// of a batch stays 1, for data may hold several samples. Variables that are given come first; data that cannot be read
/// tell nothing.
/// errors: Fault::usage for a shape in `choice` of another number of axes than the input has: sizes of its first axes
/// alone would be taken for what nobody meant.
RunArgs with_data_shapes(const ModelDef& model, RunArgs args, const SettingsChoice& choice);

}  // namespace ezkl
