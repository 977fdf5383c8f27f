#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "field/fr.hpp"
#include "graph/claims/elements.hpp"
#include "tensor/float_tensor.hpp"
#include "tensor/shape.hpp"

namespace ezkl {

/// One element of input.json.
struct InputValue {
  enum class Kind : std::uint8_t { number, boolean, felt };
  Kind kind = Kind::number;
  double number = 0;  ///< 0 or 1 for a boolean
  Fr felt;            ///< a quantized value, taken as it is
};

/// The values for a model's inputs, from input.json or from numpy arrays.
struct InputData {
  std::vector<std::vector<InputValue>> inputs;  ///< flat, row-major
  std::vector<Shape> shapes;       ///< of each input, as nested lists and arrays tell it; {} for flat lists
  std::vector<std::string> names;  ///< of the arrays of an npz archive; else empty
  std::string source;              ///< where it came from, for messages
};

/// What a model expects of one input.
struct InputSpec {
  std::string name;
  Shape shape;
  DType type = DType::f32;
  int scale = 0;
};

/// Reads `data`: JSON text (anything that opens with a brace or a bracket), else the path of a .json, .npy or .npz
/// file; which of them it is shows in its first bytes. errors: Fault::io; Fault::format.
InputData load_input(const std::string& data);

InputData parse_input_json(std::string_view text, const std::string& what);

/// The same of outputs: an object with `output_data`, a list of lists, or for one output its numbers.
InputData load_output(const std::string& data);
InputData parse_output_json(std::string_view text, const std::string& what);

/// The lists in the order of `names` when all of these are names of arrays, else all lists as they stand.
std::vector<const std::vector<InputValue>*> lists_of(const InputData& data, std::span<const std::string> names);

/// The elements of the circuit, one list an input: a number is rounded to the input's element type, multiplied by
/// 2^scale and rounded half away from zero; a felt stays, and makes its list one of field elements where it is no
/// signed integer of 127 bits; a boolean is 1 or 0 and only fits a boolean input.
/// errors: Fault::format naming the input when lists are missing or have another length than the shape; Fault::range
/// when a number does not fit 127 bits.
claims::Inputs quantize_inputs(const InputData& data, std::span<const InputSpec> specs);

/// Splits calibration data, whose lists hold one or more samples one after the other.
/// errors: Fault::format when a list is no multiple of its input's size, or the inputs differ in the number of samples.
std::vector<InputData> split_samples(const InputData& data, std::span<const InputSpec> specs);

/// {"input_data":[...],"output_data":null}; numbers like the published package writes them.
std::string input_text(const std::vector<std::vector<InputValue>>& inputs);

}  // namespace ezkl
