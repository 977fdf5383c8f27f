#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
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
  /// `whole` is a number without a fraction, of less than 128 bits: a double alone loses digits beyond 2^53.
  enum class Kind : std::uint8_t { number, whole, boolean, felt };
  Kind kind = Kind::number;
  double number = 0;  ///< the nearest to the number; 0 or 1 for a boolean
  Fr felt;            ///< a quantized value, taken as it is; of a whole number its exact value

  static InputValue of_whole(Int128 value) { return {Kind::whole, static_cast<double>(value), Fr::from_i128(value)}; }
  /// A number without a fraction, or a boolean as 1 or 0; nothing for others.
  std::optional<Int128> whole() const;
  /// Its digits, for messages.
  std::string text() const;
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

/// Whether the arrays have the names that numpy gives those saved without one: arr_0, arr_1, ... in this order.
bool named_by_place(const InputData& data);

/// The lists in the order of `names` when all of these are names of arrays, all lists as they stand when none is.
/// errors: Fault::format when only some are.
std::vector<const std::vector<InputValue>*> lists_of(const InputData& data, std::span<const std::string> names);

/// Refuses a boolean for what is none, and what is no whole number for integers and booleans. `place` is what takes the
/// value, for messages: "an input of type int64". errors: Fault::format; Fault::range.
void check_kind(const InputValue& value, DType type, const std::string& place);

/// A whole number at a scale, exactly. errors: Fault::format for another value; Fault::range beyond 127 bits.
Int128 whole_at_scale(const InputValue& value, int scale);

/// The elements of the circuit, one list an input: a number for an input of floats is rounded to its element type,
/// multiplied by 2^scale and rounded half away from zero, one for integers or booleans is whole and exact; a felt
/// stays, and makes its list one of field elements where it is no signed integer of 127 bits; a boolean only fits a
/// boolean input. errors: Fault::format naming the input when lists are missing or have another length than the shape;
/// Fault::range when a number does not fit 127 bits or the input's type.
claims::Inputs quantize_inputs(const InputData& data, std::span<const InputSpec> specs);

/// Splits calibration data, whose lists hold one or more samples one after the other.
/// errors: Fault::format when a list is no multiple of its input's size, or the inputs differ in the number of samples.
std::vector<InputData> split_samples(const InputData& data, std::span<const InputSpec> specs);

/// {"input_data":[...],"output_data":null}; numbers like the published package writes them.
std::string input_text(const std::vector<std::vector<InputValue>>& inputs);

}  // namespace ezkl
