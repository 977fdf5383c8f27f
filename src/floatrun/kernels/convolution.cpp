// Convolutions.
#include <cmath>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"
#include "floatrun/windows.hpp"

namespace ezkl::floatrun {
namespace {

Outputs conv(const Call& c) {
  c.reals(0);  // an error unless they are floats
  c.reals(1);
  return {convolved(c, c.in(0), c.in(1), c.has_input(2) ? &c.reals(2) : nullptr)};
}

Outputs conv_transpose(const Call& c) {
  const Tensor &x = c.in(0), &weights = c.in(1);
  const Ints kernel = kernel_extents(c, weights);
  const std::size_t rank = kernel.size(), groups = groups_of(c);
  c.require(x.rank() == rank + 2 && weights.shape[0] == x.shape[1] && x.shape[1] % groups == 0,
            "input, weights and groups do not fit");
  const Ints steps = c.integers("strides", Ints(rank, 1)), dilations = c.integers("dilations", Ints(rank, 1));
  const Ints extra = c.integers("output_padding", Ints(rank, 0)), wanted = c.integers("output_shape");
  Ints pads = c.integers("pads", Ints(2 * rank, 0));
  c.require(steps.size() == rank && dilations.size() == rank && extra.size() == rank && pads.size() == 2 * rank &&
                (wanted.empty() || wanted.size() == rank || wanted.size() == rank + 2),
            "strides, dilations, pads or output shape do not fit the kernel");
  const std::string mode = c.text("auto_pad", "NOTSET");
  Ints extents;
  for (std::size_t i = 0; i < rank; ++i) {
    constexpr Int most = Int{1} << 30;
    const Int extent = x.extent(i + 2);
    for (const Int v : {steps[i], dilations[i], kernel[i]})
      c.require(v > 0 && v < most, "an attribute is out of bounds");
    for (const Int v : {extra[i], pads[i], pads[i + rank]}) {
      c.require(magnitude_below(v, most), "an attribute is out of bounds");
    }
    const Int full = steps[i] * (extent - 1) + extra[i] + (kernel[i] - 1) * dilations[i] + 1;
    const bool same = mode == "SAME_UPPER" || mode == "SAME_LOWER";
    if (!wanted.empty() || same) {
      const Int out = wanted.empty() ? extent * steps[i] : wanted[wanted.size() - rank + i];
      const Int total = std::max<Int>(0, full - out);
      pads[i] = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
      pads[i + rank] = total - pads[i];
      extents.push_back(out);
    } else {
      if (mode == "VALID") pads[i] = pads[i + rank] = 0;
      extents.push_back(full - pads[i] - pads[i + rank]);
    }
  }
  const std::size_t per_group = weights.shape[1], outputs = per_group * groups, channels = x.shape[1];
  Shape shape{x.shape[0], outputs};
  const Shape image = c.to_shape(extents);
  shape.insert(shape.end(), image.begin(), image.end());
  Tensor out = c.make(x.type, shape);
  const std::size_t plane = volume(image), places = volume(c.to_shape(kernel));
  const Shape in_image(x.shape.begin() + 2, x.shape.end());
  const std::size_t in_plane = volume(in_image);
  c.spend(x.size() * per_group * places);
  const std::vector<double>&data = c.reals(0), &kernels = c.reals(1);
  if (c.has_input(2)) {
    const std::vector<double>& bias = c.reals(2);
    c.require(bias.size() == outputs, "the bias does not fit the outputs");
    for (std::size_t i = 0; i < out.size(); ++i) out.reals()[i] = bias[i / plane % outputs];
  }
  const std::vector<std::size_t> own = strides(image);
  Odometer pixel(in_image);
  for (std::size_t p = 0; p < in_plane; ++p, pixel.next()) {
    Odometer place(c.to_shape(kernel));
    for (std::size_t k = 0; k < places; ++k, place.next()) {
      std::size_t target = 0;
      bool inside = true;
      for (std::size_t i = 0; i < rank; ++i) {
        const Int at = static_cast<Int>(pixel[i]) * steps[i] + static_cast<Int>(place[i]) * dilations[i] - pads[i];
        inside = inside && at >= 0 && at < extents[i];
        if (inside) target += static_cast<std::size_t>(at) * own[i];
      }
      if (!inside) continue;
      for (std::size_t n = 0; n < x.shape[0]; ++n) {
        for (std::size_t ch = 0; ch < channels; ++ch) {
          const double v = data[(n * channels + ch) * in_plane + p];
          const std::size_t group = ch / (channels / groups);
          for (std::size_t m = 0; m < per_group; ++m) {
            out.reals()[(n * outputs + group * per_group + m) * plane + target] +=
                v * kernels[(ch * per_group + m) * places + k];
          }
        }
      }
    }
  }
  return {std::move(out)};
}

/// A plane read between its pixels, linearly along each axis; zero outside.
double interpolated(const double* plane, const Ints& extents, const std::vector<double>& at) {
  const std::size_t rank = extents.size();
  double sum = 0;
  for (std::size_t corner = 0; corner < (std::size_t{1} << rank); ++corner) {
    double weight = 1;
    Int place = 0;
    bool inside = true;
    for (std::size_t i = 0; i < rank; ++i) {
      const double low = std::floor(at[i]);
      const bool upper = (corner >> i & 1u) != 0;
      weight *= upper ? at[i] - low : 1 - (at[i] - low);
      const double pixel = low + (upper ? 1 : 0);
      inside = inside && pixel >= 0 && pixel < static_cast<double>(extents[i]);
      if (inside) place = place * extents[i] + static_cast<Int>(pixel);
    }
    if (inside && weight != 0) sum += weight * plane[place];
  }
  return sum;
}

Outputs deform_conv(const Call& c) {
  const Tensor &x = c.in(0), &weights = c.in(1);
  const Windows w = windows_of(c, x.shape, kernel_extents(c, weights));
  const std::size_t rank = w.rank(), groups = groups_of(c);
  const Int offset_groups = c.integer("offset_group", 1);
  const std::size_t channels = x.shape[1], outputs = weights.shape[0], per_group = weights.shape[1];
  c.require(rank <= 4 && offset_groups > 0 && channels % static_cast<std::size_t>(offset_groups) == 0 &&
                per_group * groups == channels && outputs % groups == 0,
            "channels do not divide into groups");
  const auto og = static_cast<std::size_t>(offset_groups);
  const std::size_t places = volume(c.to_shape(w.kernel)), plane = volume(c.to_shape(w.output)),
                    in_plane = volume(c.to_shape(w.input));
  const std::vector<double>&data = c.reals(0), &kernels = c.reals(1), &offsets = c.reals(2);
  c.require(offsets.size() == x.shape[0] * og * places * rank * plane, "the offsets do not fit");
  const std::vector<double>* mask = c.has_input(4) ? &c.reals(4) : nullptr;
  c.require(mask == nullptr || mask->size() == x.shape[0] * og * places * plane, "the mask does not fit");
  Tensor out = c.make(x.type, w.result(x.shape[0], outputs));
  c.spend(x.shape[0] * plane * places * channels * (outputs / groups + 16));
  if (c.has_input(3)) {
    c.require(c.reals(3).size() == outputs, "the bias does not fit the outputs");
    for (std::size_t i = 0; i < out.size(); ++i) out.reals()[i] = c.reals(3)[i / plane % outputs];
  }
  std::vector<double> at(rank);
  for (std::size_t n = 0; n < x.shape[0]; ++n) {
    Odometer pixel(c.to_shape(w.output));
    for (std::size_t p = 0; p < plane; ++p, pixel.next()) {
      Odometer place(c.to_shape(w.kernel));
      for (std::size_t k = 0; k < places; ++k, place.next()) {
        for (std::size_t ch = 0; ch < channels; ++ch) {
          const std::size_t g = n * og + ch / (channels / og);
          for (std::size_t i = 0; i < rank; ++i) {
            at[i] = static_cast<double>(static_cast<Int>(pixel[i]) * w.strides[i] +
                                        static_cast<Int>(place[i]) * w.dilations[i] - w.begins[i]) +
                    offsets[((g * places + k) * rank + i) * plane + p];
          }
          double v = interpolated(data.data() + (n * channels + ch) * in_plane, w.input, at);
          if (mask != nullptr) v *= (*mask)[(g * places + k) * plane + p];
          const std::size_t group = ch / per_group, per = outputs / groups;
          for (std::size_t m = group * per; m < (group + 1) * per; ++m) {
            out.reals()[(n * outputs + m) * plane + p] += v * kernels[(m * per_group + ch % per_group) * places + k];
          }
        }
      }
    }
  }
  return {std::move(out)};
}

Outputs causal_conv(const Call& c) {
  const Tensor &x = c.in(0), &weights = c.in(1);
  c.require(x.rank() == 3 && weights.rank() == 3 && weights.shape[0] == x.shape[1] && weights.shape[1] == 1 &&
                weights.shape[2] > 0,
            "input and weights do not fit");
  const std::size_t batch = x.shape[0], channels = x.shape[1], length = x.shape[2], k = weights.shape[2];
  const Shape state_shape{batch, channels, k - 1};
  Tensor past = c.has_input(3) ? reshaped(c, c.in(3), c.in(3).shape) : c.make(x.type, state_shape);
  c.require(past.shape == state_shape && past.type == x.type, "the state does not fit");
  const Tensor whole = concatenated(c, {&past, &x}, 2);
  const std::string activation = c.text("activation", "none");
  c.require(activation == "none" || activation == "silu" || activation == "swish", "unknown activation");
  Tensor out = c.make(x.type, x.shape);
  c.spend(x.size() * k);
  const std::size_t wide = length + k - 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t line = i / length, ch = line % channels;
    double sum = c.has_input(2) ? c.reals(2).at(ch) : 0;
    for (std::size_t j = 0; j < k; ++j) sum += whole.reals()[line * wide + i % length + j] * c.reals(1)[ch * k + j];
    out.reals()[i] = activation == "none" ? sum : sum / (1 + std::exp(-sum));
  }
  Tensor present = moved(c, whole, state_shape,
                         [&](std::size_t i) { return static_cast<Int>(i / (k - 1) * wide + length + i % (k - 1)); });
  return {std::move(out), std::move(present)};
}

Outputs col2im(const Call& c) {
  const Tensor& x = c.in(0);
  const Ints image = c.ints(1), block = c.ints(2);
  const std::size_t rank = image.size();
  const Ints steps = c.integers("strides", Ints(rank, 1)), dilations = c.integers("dilations", Ints(rank, 1));
  const Ints pads = c.integers("pads", Ints(2 * rank, 0));
  c.require(block.size() == rank && steps.size() == rank && dilations.size() == rank && pads.size() == 2 * rank &&
                x.rank() == 3,
            "the input and the attributes do not fit the shapes of image and block");
  Ints counts;
  for (std::size_t i = 0; i < rank; ++i) {
    constexpr Int most = Int{1} << 30;
    for (const Int v : {image[i], block[i], steps[i], dilations[i]}) c.require(v > 0 && v < most, "out of bounds");
    for (const Int v : {pads[i], pads[i + rank]}) c.require(v >= 0 && v < most, "a pad is out of bounds");
    const Int room = image[i] + pads[i] + pads[i + rank] - (dilations[i] * (block[i] - 1) + 1);
    c.require(room >= 0, "the blocks do not fit the image");
    counts.push_back(room / steps[i] + 1);
  }
  const std::size_t size = volume(c.to_shape(block)), blocks = volume(c.to_shape(counts));
  c.require(x.shape[1] % size == 0 && x.shape[2] == blocks, "the input does not hold the blocks of the image");
  const std::size_t channels = x.shape[1] / size, pixels = volume(c.to_shape(image));
  Shape shape{x.shape[0], channels};
  shape.insert(shape.end(), image.begin(), image.end());
  Tensor out = c.make(x.type, shape);
  c.require(x.real(), "the input should be floats");
  c.spend(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::size_t number = i % blocks, place = i / blocks % size;
    const std::size_t plane = i / (blocks * size);
    std::size_t target = 0, step = 1;
    bool inside = true;
    for (std::size_t k = rank; k-- > 0;) {
      const Int at = static_cast<Int>(number % static_cast<std::size_t>(counts[k])) * steps[k] +
                     static_cast<Int>(place % static_cast<std::size_t>(block[k])) * dilations[k] - pads[k];
      number /= static_cast<std::size_t>(counts[k]);
      place /= static_cast<std::size_t>(block[k]);
      inside = inside && at >= 0 && at < image[k];
      if (inside) target += static_cast<std::size_t>(at) * step;
      step *= static_cast<std::size_t>(image[k]);
    }
    if (inside) out.reals()[plane * pixels + target] += x.reals()[i];
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "CausalConvWithState", causal_conv}, {"", "Col2Im", col2im},          {"", "Conv", conv},
    {"", "ConvTranspose", conv_transpose},    {"", "DeformConv", deform_conv},
};

}  // namespace

std::span<const KernelEntry> convolution_kernels() { return entries; }

}  // namespace ezkl::floatrun
