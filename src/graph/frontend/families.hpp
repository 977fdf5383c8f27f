#pragma once

#include <span>

#include "graph/frontend/converter.hpp"

/// The converters by family of operators: each function lives in the file of its name. The converter table is their
/// concatenation.
namespace ezkl {

std::span<const ConverterEntry> activation_converters();
std::span<const ConverterEntry> attention_converters();
std::span<const ConverterEntry> constant_converters();
std::span<const ConverterEntry> control_converters();
std::span<const ConverterEntry> conv_converters();
std::span<const ConverterEntry> sampling_converters();
std::span<const ConverterEntry> indexing_converters();
std::span<const ConverterEntry> linear_converters();
std::span<const ConverterEntry> logic_converters();
std::span<const ConverterEntry> loss_converters();
std::span<const ConverterEntry> math_converters();
std::span<const ConverterEntry> microsoft_converters();
std::span<const ConverterEntry> ml_converters();
std::span<const ConverterEntry> norm_converters();
std::span<const ConverterEntry> pool_converters();
std::span<const ConverterEntry> qlinear_converters();
std::span<const ConverterEntry> quantized_converters();
std::span<const ConverterEntry> recurrent_converters();
std::span<const ConverterEntry> reduce_converters();
std::span<const ConverterEntry> resize_converters();
std::span<const ConverterEntry> shape_converters();
std::span<const ConverterEntry> signal_converters();
std::span<const ConverterEntry> svm_converters();
std::span<const ConverterEntry> tree_converters();

}  // namespace ezkl
