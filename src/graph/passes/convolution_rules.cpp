#include <algorithm>

#include "graph/passes/rules.hpp"

namespace ezkl {
namespace {

bool all_equal(const Integers& values, std::int64_t wanted) {
  return std::all_of(values.begin(), values.end(), [&](std::int64_t v) { return v == wanted; });
}

std::vector<Value> mapped_operands(const Rewriter& r, std::uint32_t i) {
  std::vector<Value> operands;
  for (std::size_t k = 0; k < r.node(i).inputs.size(); ++k) operands.push_back(r.mapped_operand(i, k));
  return operands;
}

/// A stride over a kernel that is 1 wide and not padded picks elements of the input.
std::optional<Value> stride_to_slice(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Conv")) return std::nullopt;
  const OpSpec& op = r.node(i).op;
  const Shape& kernel = r.node(r.operand(i, 1)).shape;
  Integers strides = op.integers("strides");
  const Integers& pads = op.integers("pads");
  const std::size_t rank = strides.size();
  std::vector<Value> operands = mapped_operands(r, i);
  bool found = false;
  for (std::size_t a = 0; a < rank; ++a) {
    if (strides[a] == 1 || kernel[a + 2] != 1 || pads[a] != 0 || pads[a + rank] != 0) continue;
    const auto extent = static_cast<std::int64_t>(r.out().shape(operands[0])[a + 2]);
    operands[0] = r.out().slice(operands[0], a + 2, 0, (extent - 1) / strides[a] + 1, strides[a]);
    strides[a] = 1;
    found = true;
  }
  if (!found) return std::nullopt;
  Attributes attributes = op.attributes;
  attributes["strides"] = strides;
  return r.out().apply("Conv", std::move(attributes), std::move(operands));
}

/// A 1×1 convolution is a matrix product, and its bias a sum of its own.
std::optional<Value> pointwise_to_einsum(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Conv")) return std::nullopt;
  const OpSpec& op = r.node(i).op;
  const Shape& kernel = r.node(r.operand(i, 1)).shape;
  const bool pointwise = std::all_of(kernel.begin() + 2, kernel.end(), [](std::size_t k) { return k == 1; });
  if (!pointwise || op.integer("group") != 1 || !all_equal(op.integers("strides"), 1) ||
      !all_equal(op.integers("pads"), 0) || !all_equal(op.integers("dilations"), 1)) {
    return std::nullopt;
  }
  Builder& b = r.out();
  const Shape& shape = r.node(i).shape;
  if (volume(shape) == 0 || volume(kernel) == 0) return std::nullopt;
  const Value image =
      b.reshape(r.mapped_operand(i, 0), {shape[0], kernel[1], volume(Shape(shape.begin() + 2, shape.end()))});
  const Value matrix = b.reshape(r.mapped_operand(i, 1), {kernel[0], kernel[1]});
  const Value product = b.reshape(b.einsum("nip,oi->nop", {image, matrix}), shape);
  if (r.node(i).inputs.size() < 3 || r.uniform(r.operand(i, 2)) == 0.0) return product;
  Shape wide(shape.size(), 1);
  wide[1] = kernel[0];
  return b.add(product, b.reshape(b.expand(r.mapped_operand(i, 2), {kernel[0]}), wide));
}

std::optional<Value> zero_pad_into_convolution(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Conv") || !r.is(r.operand(i, 0), "Pad")) return std::nullopt;
  const OpSpec& pad = r.node(r.operand(i, 0)).op;
  if (pad.text("mode") != "constant" || pad.real("value") != 0) return std::nullopt;
  const Integers& more = pad.integers("pads");
  const std::size_t rank = more.size() / 2;
  if (more[0] != 0 || more[1] != 0 || more[rank] != 0 || more[rank + 1] != 0) return std::nullopt;
  if (std::any_of(more.begin(), more.end(), [](std::int64_t p) { return p < 0; })) return std::nullopt;
  Attributes attributes = r.node(i).op.attributes;
  Integers pads = r.node(i).op.integers("pads");
  for (std::size_t a = 2; a < rank; ++a) {
    pads[a - 2] += more[a];
    pads[a - 2 + rank - 2] += more[a + rank];
  }
  attributes["pads"] = pads;
  std::vector<Value> operands = mapped_operands(r, i);
  operands[0] = r.mapped_operand(r.operand(i, 0), 0);
  return r.out().apply("Conv", std::move(attributes), std::move(operands));
}

/// The constant as one number per output channel, if that is what it is next to a convolution's result.
std::optional<std::vector<double>> channel_numbers(const Rewriter& r, std::uint32_t constant, const Shape& result) {
  if (!r.is_constant(constant)) return std::nullopt;
  const Shape& shape = r.node(constant).shape;
  const std::vector<double>& values = r.node(constant).constant->floats;
  if (shape.size() != result.size()) return std::nullopt;
  for (std::size_t a = 0; a < shape.size(); ++a) {
    if (shape[a] != 1 && (a != 1 || shape[a] != result[1])) return std::nullopt;
  }
  return values.size() == result[1] ? values : std::vector<double>(result[1], values.front());
}

/// Conv followed only by +, - or · with one number per output channel: the numbers go into kernel and bias.
std::optional<Value> channel_arithmetic_into_convolution(Rewriter& r, std::uint32_t i) {
  const std::string& kind = r.node(i).op.kind;
  if (kind != "Add" && kind != "Sub" && kind != "Mult") return std::nullopt;
  const std::size_t side = r.is(r.operand(i, 0), "Conv") ? 0 : 1;
  const std::uint32_t conv = r.operand(i, side);
  if (!r.is(conv, "Conv") || r.uses(conv) != 1) return std::nullopt;
  // The published package leaves convolutions in groups alone.
  if (r.node(conv).op.integer("group") != 1 && !r.out().onnx_semantics()) return std::nullopt;
  if (kind == "Sub" && side == 1) return std::nullopt;
  const auto numbers = channel_numbers(r, r.operand(i, 1 - side), r.node(conv).shape);
  const bool has_bias = r.node(conv).inputs.size() > 2;
  if (!numbers || !r.is_constant(r.operand(conv, 1)) || (has_bias && !r.is_constant(r.operand(conv, 2)))) {
    return std::nullopt;
  }
  const Node& kernel_node = r.node(r.operand(conv, 1));
  FloatTensor kernel{kernel_node.type, kernel_node.shape, kernel_node.constant->floats};
  const std::size_t channels = kernel.shape[0];
  FloatTensor bias{kernel.type, {channels}, std::vector<double>(channels, 0)};
  if (has_bias) bias.data = r.out().constant_of(r.out().expand(r.mapped_operand(conv, 2), {channels})).data;
  const std::size_t per_channel = kernel.data.size() / std::max<std::size_t>(channels, 1);
  for (std::size_t o = 0; o < channels; ++o) {
    const double number = (*numbers)[o];
    if (kind == "Mult") {
      bias.data[o] = round_to(bias.type, bias.data[o] * number);
      for (std::size_t k = 0; k < per_channel; ++k) {
        double& weight = kernel.data[o * per_channel + k];
        weight = round_to(kernel.type, weight * number);
      }
    } else {
      bias.data[o] = round_to(bias.type, kind == "Add" ? bias.data[o] + number : bias.data[o] - number);
    }
  }
  Builder& b = r.out();
  const Value weights = kind == "Mult" ? b.constant(std::move(kernel)) : r.mapped_operand(conv, 1);
  return b.apply("Conv", r.node(conv).op.attributes, {r.mapped_operand(conv, 0), weights, b.constant(std::move(bias))});
}

constexpr Rewriter::Rule rules[] = {stride_to_slice, pointwise_to_einsum, channel_arithmetic_into_convolution,
                                    zero_pad_into_convolution};

}  // namespace

std::span<const Rewriter::Rule> convolution_rules() { return rules; }

}  // namespace ezkl
