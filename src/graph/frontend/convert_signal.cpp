// Fourier transforms as products with constant matrices, and images from blocks and grids.
#include <cmath>

#include "base/checked_int.hpp"
#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

/// e^(∓2πi·nk/N) for n below `length` and k below `count`, as a matrix from `channels` numbers (real, or real and
/// imaginary part) at each n to the two parts at each k.
FloatTensor fourier_matrix(Converter& c, DType type, std::size_t length, std::size_t size, std::size_t count,
                           std::size_t channels, bool inverse) {
  const Shape shape{length * channels, count * 2};
  FloatTensor matrix{type, shape, std::vector<double>(c.charged_volume(shape))};
  const double sign = inverse ? 1 : -1;
  for (std::size_t n = 0; n < length; ++n) {
    for (std::size_t k = 0; k < count; ++k) {
      const double angle = 2 * M_PI * static_cast<double>(n * k % size) / static_cast<double>(size);
      const double real = std::cos(angle);
      const double imaginary = sign * std::sin(angle);
      double* row = &matrix.data[n * channels * count * 2 + k * 2];
      row[0] = round_to(type, real);
      row[1] = round_to(type, imaginary);
      if (channels == 2) {
        row[count * 2] = round_to(type, -imaginary);
        row[count * 2 + 1] = round_to(type, real);
      }
    }
  }
  return matrix;
}

/// `count` times the real signal of `count` numbers whose spectrum starts with `length` given values, the rest of which
/// mirrors them: a matrix from real and imaginary part at each k to the number at each n.
FloatTensor real_inverse_matrix(Converter& c, DType type, std::size_t length, std::size_t count) {
  c.charged_volume({length * 2, count});
  FloatTensor matrix{type, {length * 2, count}, {}};
  for (std::size_t k = 0; k < length; ++k) {
    const bool alone = k == 0 || 2 * k == count;
    const double factor = alone ? 1 : 2;
    for (const bool imaginary : {false, true}) {
      for (std::size_t n = 0; n < count; ++n) {
        const double angle = 2 * M_PI * static_cast<double>(n * k % count) / static_cast<double>(count);
        matrix.data.push_back(round_to(type, factor * (imaginary ? -std::sin(angle) : std::cos(angle))));
      }
    }
  }
  return matrix;
}

std::size_t scalar_size(const OnnxNode& n, std::size_t input) {
  const Integers value = n.constant_integers(input);
  if (value.size() != 1 || value[0] < 1 || value[0] > (1 << 20)) {
    n.fail(Fault::format, "input " + std::to_string(input) + " must be one number from 1 to 2^20");
  }
  return static_cast<std::size_t>(value[0]);
}

std::vector<Value> convert_dft(Converter& c, const OnnxNode& n) {
  Value x = n.input(0);
  const std::size_t rank = c.rank(x);
  if (rank < 2 || c.shape(x).back() < 1 || c.shape(x).back() > 2) {
    n.fail(Fault::format, "the last axis of " + to_string(c.shape(x)) + " must hold real, or real and imaginary parts");
  }
  std::int64_t wanted = n.opset() < 20 ? n.integer("axis", 1) : -2;
  if (n.opset() >= 20 && n.has_input(2)) wanted = n.constant_integers(2).at(0);
  const std::size_t axis = n.axis(wanted, rank);
  if (axis + 1 == rank) n.fail(Fault::format, "axis must not be the last one");
  const bool inverse = n.integer("inverse", 0) != 0;
  const bool onesided = n.integer("onesided", 0) != 0;
  const bool real_signal = inverse && onesided;
  const std::size_t extent = c.shape(x)[axis];
  if (extent == 0 || (real_signal && (extent < 2 || c.shape(x).back() != 2))) {
    n.fail(Fault::format, to_string(c.shape(x)) + " holds no spectrum or signal along axis " + std::to_string(axis));
  }
  const std::size_t size = n.has_input(1) ? scalar_size(n, 1) : real_signal ? 2 * (extent - 1) : extent;
  const std::size_t length = std::min(real_signal ? size / 2 + 1 : size, extent);
  x = c.slice(x, axis, 0, static_cast<std::int64_t>(length));
  const std::size_t count = onesided && !inverse ? size / 2 + 1 : size;
  const std::size_t channels = c.shape(x).back();
  const std::size_t parts = real_signal ? 1 : 2;
  Integers order = iota(rank);
  order.erase(order.begin() + static_cast<std::ptrdiff_t>(axis));
  order.insert(order.end() - 1, static_cast<std::int64_t>(axis));
  const Value moved = c.transpose(x, order);
  Shape lines = c.shape(moved);
  lines.pop_back();
  lines.back() = length * channels;
  const Value matrix = c.constant(real_signal ? real_inverse_matrix(c, c.type(x), length, size)
                                              : fourier_matrix(c, c.type(x), length, size, count, channels, inverse));
  Value product = c.matmul(c.reshape(moved, lines), matrix);
  // Divided afterwards, the matrix keeps more digits.
  if (inverse) product = c.div(product, c.scalar_like(product, static_cast<double>(size)));
  Shape spectrum = lines;
  spectrum.back() = count;
  spectrum.push_back(parts);
  Integers back = iota(rank);
  back.erase(back.begin() + static_cast<std::ptrdiff_t>(rank) - 2);
  back.insert(back.begin() + static_cast<std::ptrdiff_t>(axis), static_cast<std::int64_t>(rank) - 2);
  return {c.transpose(c.reshape(product, spectrum), back)};
}

std::vector<Value> convert_stft(Converter& c, const OnnxNode& n) {
  Value x = n.input(0);
  if (c.rank(x) == 2) x = c.unsqueeze(x, {2});
  const Shape shape = c.shape(x);
  if (shape.size() != 3 || shape[2] < 1 || shape[2] > 2) n.fail(Fault::format, "the signal must have three axes");
  const std::size_t step = scalar_size(n, 1);
  std::size_t length = n.has_input(2) ? volume(c.shape(n.input(2))) : shape[1];
  if (n.has_input(3)) length = scalar_size(n, 3);
  if (length == 0 || length > shape[1]) n.fail(Fault::format, "the frame is longer than the signal");
  const std::size_t frames = (shape[1] - length) / step + 1;
  const std::size_t channels = shape[2];
  const std::size_t count = n.integer("onesided", 1) != 0 ? length / 2 + 1 : length;
  const Shape framed{shape[0], frames, length, channels};
  const std::vector<std::size_t> steps = strides(framed);
  Integers map(c.charged_volume(framed));
  for (std::size_t flat = 0; flat < map.size(); ++flat) {
    const std::size_t at = flat / steps[1] % frames * step + flat / steps[2] % length;
    map[flat] = static_cast<std::int64_t>((flat / steps[0] * shape[1] + at) * channels + flat % channels);
  }
  Value windows = c.remap(x, framed, std::move(map));
  if (n.has_input(2)) windows = c.mul(windows, c.reshape(n.input(2), {length, 1}));
  const Value matrix = c.constant(fourier_matrix(c, c.type(x), length, length, count, channels, false));
  const Value product = c.matmul(c.reshape(windows, {shape[0], frames, length * channels}), matrix);
  return {c.reshape(product, {shape[0], frames, count, 2})};
}

/// Triangles over the bins of a spectrum, evenly spaced on the mel scale, all from constants.
std::vector<Value> convert_mel_weights(Converter& c, const OnnxNode& n) {
  const std::size_t bands = scalar_size(n, 0), length = scalar_size(n, 1), rate = scalar_size(n, 2);
  const std::size_t bins = length / 2 + 1;
  const auto mel = [&](std::size_t input) {
    const std::vector<double> hertz = n.constant(input).data;
    if (hertz.size() != 1 || !(hertz[0] >= 0)) n.fail(Fault::format, "the edges must be one frequency each");
    return 2595 * std::log10(1 + hertz[0] / 700);
  };
  const double low = mel(3), high = mel(4);
  std::vector<std::int64_t> edges;
  for (std::size_t i = 0; i < bands + 2; ++i) {
    const double at = low + static_cast<double>(i) * (high - low) / static_cast<double>(bands + 2);
    const double hertz = 700 * (std::pow(10.0, at / 2595) - 1);
    const double edge = std::floor(static_cast<double>(length + 1) * hertz / static_cast<double>(rate));
    const bool inside = edge >= 0 && edge < static_cast<double>(bins);
    edges.push_back(inside ? static_cast<std::int64_t>(edge) : -1);
    if (!inside || (i > 0 && edges[i] < edges[i - 1])) {
      n.fail(Fault::format, "the edges do not lie within half the sample rate in ascending order");
    }
  }
  FloatTensor weights{DType::f32, {bins, bands}, std::vector<double>(c.charged_volume({bins, bands}), 0)};
  for (std::size_t i = 0; i < bands; ++i) {
    const std::int64_t left = edges[i], centre = edges[i + 1], right = edges[i + 2];
    const auto set = [&](std::int64_t bin, double value) {
      weights.data[static_cast<std::size_t>(bin) * bands + i] = round_to(DType::f32, value);
    };
    set(centre, 1);
    for (std::int64_t j = left; j < centre; ++j) set(j, double(j - left) / double(centre - left));
    for (std::int64_t j = centre; j < right; ++j) set(j, double(right - j) / double(right - centre));
  }
  return {c.constant(std::move(weights))};
}

Shape positive_extents(const OnnxNode& n, std::size_t input) {
  Shape extents;
  for (const std::int64_t extent : n.constant_integers(input)) {
    if (extent < 1 || extent > (1 << 20)) n.fail(Fault::format, "an extent is " + std::to_string(extent));
    extents.push_back(static_cast<std::size_t>(extent));
  }
  return extents;
}

/// Adds up, for each place within a block, the image that this place of all blocks makes.
std::vector<Value> convert_col2im(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Shape image = positive_extents(n, 1);
  const Shape block = positive_extents(n, 2);
  const std::size_t rank = image.size();
  const Integers stride = n.integers("strides", Integers(rank, 1));
  const Integers dilation = n.integers("dilations", Integers(rank, 1));
  const Integers pads = n.integers("pads", Integers(2 * rank, 0));
  const Shape shape = c.shape(x);
  const std::size_t size = volume(block);
  if (block.size() != rank || stride.size() != rank || dilation.size() != rank || pads.size() != 2 * rank ||
      shape.size() != 3 || shape[1] % size != 0) {
    n.fail(Fault::format, "the input and the attributes do not fit the shapes of image and block");
  }
  Shape blocks;
  constexpr std::int64_t most = 1 << 30;
  for (std::size_t i = 0; i < rank; ++i) {
    const CheckedInt span = CheckedInt(dilation[i]) * (CheckedInt(block[i]) - 1) + 1;
    const CheckedInt room = CheckedInt(image[i]) + pads[i] + pads[i + rank] - span;
    if (stride[i] < 1 || dilation[i] < 1 || room < 0) n.fail(Fault::format, "the blocks do not fit the image");
    // Below this, no place in the image is a number without 64 bits.
    if (pads[i] < -most || pads[i] > most) n.fail(Fault::format, "pads holds " + std::to_string(pads[i]));
    blocks.push_back((room / stride[i] + 1).size());
  }
  if (volume(blocks) != shape[2])
    n.fail(Fault::format, "there should be " + std::to_string(volume(blocks)) + " blocks");
  const std::size_t channels = shape[1] / size;
  Shape result{shape[0], channels};
  result.insert(result.end(), image.begin(), image.end());
  const std::vector<std::size_t> image_steps = strides(image), block_steps = strides(block),
                                 blocks_steps = strides(blocks);
  std::optional<Value> total;
  const std::size_t pixels = volume(image);
  for (std::size_t place = 0; place < size; ++place) {
    Integers map(c.charged_volume(result), -1);
    for (std::size_t flat = 0; flat < map.size(); ++flat) {
      const std::size_t pixel = flat % pixels;
      std::size_t number = 0;
      bool hit = true;
      for (std::size_t i = 0; i < rank && hit; ++i) {
        const auto within = static_cast<std::int64_t>(place / block_steps[i] % block[i]) * dilation[i];
        const std::int64_t start = static_cast<std::int64_t>(pixel / image_steps[i] % image[i]) + pads[i] - within;
        hit = start >= 0 && start % stride[i] == 0 && start / stride[i] < static_cast<std::int64_t>(blocks[i]);
        if (hit) number += static_cast<std::size_t>(start / stride[i]) * blocks_steps[i];
      }
      const std::size_t plane = flat / pixels;
      if (hit) map[flat] = static_cast<std::int64_t>((plane * size + place) * shape[2] + number);
    }
    const Value layer = c.remap(x, result, std::move(map), {0});
    total = total ? c.add(*total, layer) : layer;
  }
  return {*total};
}

std::vector<Value> convert_affine_grid(Converter& c, const OnnxNode& n) {
  const Value theta = n.input(0);
  const Shape size = positive_extents(n, 1);
  const std::size_t rank = size.size() < 2 ? 0 : size.size() - 2;
  if ((rank != 2 && rank != 3) || c.shape(theta) != Shape{size[0], rank, rank + 1}) {
    n.fail(Fault::format, "theta " + to_string(c.shape(theta)) + " does not fit the size");
  }
  const Shape image(size.begin() + 2, size.end());
  const std::vector<std::size_t> steps = strides(image);
  const bool align = n.integer("align_corners", 0) != 0;
  FloatTensor places{c.type(theta), {tensor_volume(image), rank + 1}, {}};
  c.charged_volume(places.shape);
  for (std::size_t flat = 0; flat < places.shape[0]; ++flat) {
    for (std::size_t i = rank; i-- > 0;) {
      const double extent = static_cast<double>(image[i]);
      const double at = static_cast<double>(flat / steps[i] % image[i]);
      const double place = align ? (extent > 1 ? 2 * at / (extent - 1) - 1 : -1) : (2 * at + 1) / extent - 1;
      places.data.push_back(round_to(places.type, place));
    }
    places.data.push_back(1);
  }
  const Value grid = c.einsum("nij,pj->npi", {theta, c.constant(std::move(places))});
  Shape result{size[0]};
  result.insert(result.end(), image.begin(), image.end());
  result.push_back(rank);
  return {c.reshape(grid, result)};
}

constexpr ConverterEntry entries[] = {
    {"", "AffineGrid", convert_affine_grid},      {"", "Col2Im", convert_col2im}, {"", "DFT", convert_dft},
    {"", "MelWeightMatrix", convert_mel_weights}, {"", "STFT", convert_stft},
};

}  // namespace

std::span<const ConverterEntry> signal_converters() { return entries; }

}  // namespace ezkl
