// Pools.
#include <cmath>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"
#include "floatrun/windows.hpp"

namespace ezkl::floatrun {
namespace {

/// Calls visit(output element, plane's start, places inside the image, whether the place lies in it or its padding).
template <class Visit>
void each_window(const Call& c, const Tensor& x, const Windows& w, Visit visit) {
  const std::size_t plane = volume(c.to_shape(w.input)), outputs = volume(c.to_shape(w.output));
  const std::size_t places = volume(c.to_shape(w.kernel));
  const std::size_t planes = x.shape[0] * x.shape[1];
  c.spend(planes * outputs);
  const double work = static_cast<double>(outputs) * static_cast<double>(places);
  c.require(work < 0x1p60, "the windows are too large");
  c.spend(static_cast<std::uint64_t>(work));
  Odometer window(c.to_shape(w.output));
  std::vector<std::size_t> inside;
  for (std::size_t o = 0; o < outputs; ++o, window.next()) {
    inside.clear();
    std::size_t padded = 0;
    Odometer place(c.to_shape(w.kernel));
    for (std::size_t k = 0; k < places; ++k, place.next()) {
      Int at = 0;
      bool in_image = true, in_padding = true;
      for (std::size_t i = 0; i < w.rank(); ++i) {
        const Int p =
            static_cast<Int>(window[i]) * w.strides[i] + static_cast<Int>(place[i]) * w.dilations[i] - w.begins[i];
        in_image = in_image && p >= 0 && p < w.input[i];
        in_padding = in_padding && p < w.input[i] + w.ends[i];
        at = at * w.input[i] + p;
      }
      padded += in_padding ? 1 : 0;
      if (in_image) inside.push_back(static_cast<std::size_t>(at));
    }
    c.spend(planes * inside.size());
    for (std::size_t n = 0; n < planes; ++n) visit(n * outputs + o, n * plane, inside, padded);
  }
}

Outputs max_pool(const Call& c) {
  const Tensor& x = c.in(0);
  const Windows w = windows_of(c, x.shape, {});
  Tensor out = c.make(x.type, w.result(x.shape[0], x.shape[1])), places = c.make(DType::i64, out.shape);
  const bool column_major = c.integer("storage_order", 0) != 0;
  const Shape image(x.shape.begin() + 2, x.shape.end());
  const std::vector<std::size_t> own = strides(image);
  each_window(c, x, w, [&](std::size_t o, std::size_t start, const auto& inside, std::size_t) {
    if (inside.empty()) {
      if (out.real()) out.reals()[o] = -INFINITY;
      return;
    }
    std::size_t best = inside[0];
    for (const std::size_t i : inside) {
      const bool more = x.real() ? x.reals()[start + i] > x.reals()[start + best] || std::isnan(x.reals()[start + i])
                                 : less(x.type, x.ints()[start + best], x.ints()[start + i]);
      if (more) best = i;
    }
    if (x.real()) {
      out.reals()[o] = x.reals()[start + best];
    } else {
      out.ints()[o] = x.ints()[start + best];
    }
    std::size_t place = best;
    if (column_major) {
      place = 0;
      for (std::size_t i = image.size(); i-- > 0;) place = place * image[i] + best / own[i] % image[i];
    }
    places.ints()[o] = static_cast<Int>(start + place);
  });
  return {std::move(out), std::move(places)};
}

Outputs average_pool(const Call& c) {
  const Tensor& x = c.in(0);
  const Windows w = windows_of(c, x.shape, {});
  const bool with_padding = c.integer("count_include_pad", 0) != 0;
  const std::vector<double>& data = c.reals(0);
  Tensor out = c.make(x.type, w.result(x.shape[0], x.shape[1]));
  each_window(c, x, w, [&](std::size_t o, std::size_t start, const auto& inside, std::size_t padded) {
    double sum = 0;
    for (const std::size_t i : inside) sum += data[start + i];
    const std::size_t count = with_padding ? padded : inside.size();
    out.reals()[o] = sum / static_cast<double>(count);
  });
  return {std::move(out)};
}

Outputs lp_pool(const Call& c) {
  const Tensor& x = c.in(0);
  const Windows w = windows_of(c, x.shape, {});
  const double p = c.opset() < 2 ? c.real("p", 2) : static_cast<double>(c.integer("p", 2));
  const std::vector<double>& data = c.reals(0);
  Tensor out = c.make(x.type, w.result(x.shape[0], x.shape[1]));
  each_window(c, x, w, [&](std::size_t o, std::size_t start, const auto& inside, std::size_t) {
    double sum = 0;
    for (const std::size_t i : inside) sum += std::pow(std::fabs(data[start + i]), p);
    out.reals()[o] = std::pow(sum, 1 / p);
  });
  return {std::move(out)};
}

Outputs global_pool(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  const Shape& shape = c.in(0).shape;
  c.require(shape.size() >= 2, "the input has no channels");
  Shape small(shape.size(), 1);
  small[0] = shape[0];
  small[1] = shape[1];
  Tensor out = c.make(c.in(0).type, small);
  c.require(out.size() == 0 || x.size() > 0, "a pool of no elements");
  const std::size_t plane = out.size() == 0 ? 0 : x.size() / out.size();
  const std::string& op = c.node().op_type;
  const double p = op == "GlobalLpPool" ? static_cast<double>(c.integer("p", 2)) : 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    double sum = 0, top = -INFINITY;
    for (std::size_t k = i * plane; k < (i + 1) * plane; ++k) {
      sum += op == "GlobalLpPool" ? std::pow(std::fabs(x[k]), p) : x[k];
      top = std::isnan(x[k]) || x[k] > top ? x[k] : top;
    }
    out.reals()[i] = op == "GlobalMaxPool"  ? top
                     : op == "GlobalLpPool" ? std::pow(sum, 1 / p)
                                            : sum / static_cast<double>(plane);
  }
  return {std::move(out)};
}

Outputs max_unpool(const Call& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  const Ints kernel = c.integers("kernel_shape");
  const std::size_t rank = kernel.size();
  const Ints steps = c.integers("strides", Ints(rank, 1)), pads = c.integers("pads", Ints(2 * rank, 0));
  c.require(x.rank() == rank + 2 && steps.size() == rank && pads.size() == 2 * rank && indices.shape == x.shape,
            "input, indices and kernel do not fit");
  Ints extents{x.extent(0), x.extent(1)};
  Shape inferred{x.shape[0], x.shape[1]};
  for (std::size_t i = 0; i < rank; ++i) {
    constexpr Int most = Int{1} << 30;
    for (const Int v : {kernel[i], steps[i], pads[i], pads[i + rank]}) {
      c.require(v >= 0 && v < most, "an attribute is out of bounds");
    }
    extents.push_back((x.extent(i + 2) - 1) * steps[i] - pads[i] - pads[i + rank] + kernel[i]);
  }
  const Shape natural = c.to_shape(extents);
  const Shape shape = c.has_input(2) ? c.to_shape(c.ints(2)) : natural;
  c.require(shape.size() == natural.size(), "the output shape has other axes than the input");
  Tensor out = c.make(x.type, shape);
  const std::vector<double>& data = c.reals(0);
  // The places count through the natural shape; a larger one keeps them by coordinates.
  const std::vector<std::size_t> own = strides(natural), wide = strides(shape);
  const Ints places = c.ints(1);
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t place = checked_index(c, places[i], volume(natural));
    std::size_t target = 0;
    for (std::size_t k = 0; k < own.size(); ++k) target += place / own[k] % natural[k] * wide[k];
    out.reals().at(target) = data[i];
  }
  return {std::move(out)};
}

Outputs lrn(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  const Shape& shape = c.in(0).shape;
  c.require(shape.size() >= 2, "the input has no channels");
  const double alpha = c.real("alpha", 0.0001), beta = c.real("beta", 0.75), bias = c.real("bias", 1);
  const Int size = c.integer("size");
  c.require(size > 0, "size is not positive");
  const Int channels = static_cast<Int>(shape[1]);
  const Lines lines = lines_of(shape, 1);
  Tensor out = c.make(c.in(0).type, shape);
  c.spend(x.size() * static_cast<std::size_t>(std::min(size, channels)));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Int channel = static_cast<Int>(i / lines.inner % lines.extent);
    double sum = 0;
    const Int first = std::max<Int>(0, channel - (size - 1) / 2), last = std::min(channels - 1, channel + size / 2);
    for (Int k = first; k <= last; ++k) {
      const double v = x[static_cast<std::size_t>(static_cast<Int>(i) + (k - channel) * static_cast<Int>(lines.inner))];
      sum += v * v;
    }
    out.reals()[i] = x[i] / std::pow(bias + alpha / static_cast<double>(size) * sum, beta);
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "AveragePool", average_pool},
    {"", "GlobalAveragePool", global_pool},
    {"", "GlobalLpPool", global_pool},
    {"", "GlobalMaxPool", global_pool},
    {"", "LRN", lrn},
    {"", "LpPool", lp_pool},
    {"", "MaxPool", max_pool},
    {"", "MaxUnpool", max_unpool},
};

}  // namespace

std::span<const KernelEntry> pooling_kernels() { return entries; }

}  // namespace ezkl::floatrun
