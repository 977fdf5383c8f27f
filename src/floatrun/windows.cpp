#include "floatrun/windows.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "floatrun/indexing.hpp"

namespace ezkl::floatrun {

Shape Windows::result(std::size_t batch, std::size_t channels) const {
  Shape shape{batch, channels};
  shape.insert(shape.end(), output.begin(), output.end());
  return shape;
}

Windows windows_of(const Call& c, const Shape& input, Ints kernel) {
  if (kernel.empty()) kernel = c.integers("kernel_shape");
  const std::size_t rank = kernel.size();
  c.require(rank >= 1 && input.size() == rank + 2, "the input's axes do not fit the kernel's");
  Windows w;
  w.kernel = kernel;
  w.strides = c.integers("strides", Ints(rank, 1));
  w.dilations = c.integers("dilations", Ints(rank, 1));
  const Ints pads = c.integers("pads", Ints(2 * rank, 0));
  c.require(w.strides.size() == rank && w.dilations.size() == rank && pads.size() == 2 * rank,
            "strides, dilations or pads do not fit the kernel");
  w.begins.assign(pads.begin(), pads.begin() + static_cast<Int>(rank));
  w.ends.assign(pads.begin() + static_cast<Int>(rank), pads.end());
  const std::string mode = c.text("auto_pad", "NOTSET");
  const bool ceil = c.integer("ceil_mode", 0) != 0;
  constexpr Int most = Int{1} << 30;
  for (std::size_t i = 0; i < rank; ++i) {
    const Int extent = static_cast<Int>(input[i + 2]);
    w.input.push_back(extent);
    c.require(kernel[i] > 0 && kernel[i] < most && w.strides[i] > 0 && w.strides[i] < most && w.dilations[i] > 0 &&
                  w.dilations[i] < most && magnitude_below(w.begins[i], most) && magnitude_below(w.ends[i], most) &&
                  extent < most,
              "kernel, strides, dilations or pads are out of bounds");
    const Int span = (kernel[i] - 1) * w.dilations[i] + 1;
    const Int step = w.strides[i];
    if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
      const Int count = (extent + step - 1) / step;
      const Int total = std::max<Int>(0, (count - 1) * step + span - extent);
      w.begins[i] = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
      w.ends[i] = total - w.begins[i];
    } else if (mode == "VALID") {
      w.begins[i] = w.ends[i] = 0;
    } else {
      c.require(mode == "NOTSET", "unknown auto_pad");
    }
    const Int room = extent + w.begins[i] + w.ends[i] - span;
    c.require(room >= 0, "the kernel is larger than the padded input");
    Int count = room / step + 1;
    // A last window that starts in the padding at the end does not count.
    if (ceil && room % step != 0 && count * step < extent + w.begins[i]) ++count;
    w.output.push_back(count);
  }
  return w;
}

namespace {

/// Adds weight · (the plane's elements under one kernel place) to an output plane.
void add_shifted(const Windows& w, const double* in, double weight, const Ints& shift, double* out) {
  const std::size_t last = w.rank() - 1;
  const Int step = w.strides[last], width = w.input[last], columns = w.output[last];
  // Columns whose element lies inside.
  const Int low = shift[last] >= 0 ? 0 : (-shift[last] + step - 1) / step;
  const Int high = shift[last] >= width ? 0 : std::min(columns, (width - 1 - shift[last]) / step + 1);
  if (low >= high) return;
  Ints row(last, 0);
  while (true) {
    Int source = 0, target = 0;
    bool inside = true;
    for (std::size_t i = 0; i < last; ++i) {
      const Int place = row[i] * w.strides[i] + shift[i];
      inside = inside && place >= 0 && place < w.input[i];
      source = source * w.input[i] + place;
      target = target * w.output[i] + row[i];
    }
    if (inside) {
      const double* from = in + source * width + shift[last];
      double* to = out + target * columns;
      if (step == 1) {
        for (Int i = low; i < high; ++i) to[i] += weight * from[i];
      } else {
        for (Int i = low; i < high; ++i) to[i] += weight * from[i * step];
      }
    }
    std::size_t axis = last;
    while (axis-- > 0) {
      if (++row[axis] < w.output[axis]) break;
      row[axis] = 0;
    }
    if (axis == std::size_t(-1)) return;
  }
}

}  // namespace

std::vector<double> convolve(const Call& c, const Windows& w, const std::vector<double>& x, std::size_t batch,
                             const std::vector<double>& weights, const Shape& weight_shape, std::size_t groups,
                             const std::vector<double>* bias) {
  const std::size_t outputs = weight_shape[0], per_group = weight_shape[1], channels = per_group * groups;
  const std::size_t in_plane = volume(c.to_shape(w.input)), out_plane = volume(c.to_shape(w.output));
  const std::size_t places = volume(c.to_shape(w.kernel));
  c.require(groups > 0 && outputs % groups == 0, "the outputs do not divide into groups");
  c.require(x.size() == batch * channels * in_plane, "the channels do not fit the weights");
  c.require(bias == nullptr || bias->size() == outputs, "the bias does not fit the outputs");
  Shape whole{batch, outputs};
  whole.push_back(out_plane);
  const double work = static_cast<double>(volume(whole)) * static_cast<double>(per_group) * static_cast<double>(places);
  c.require(work < 0x1p60, "the convolution is too large");
  c.spend(static_cast<std::uint64_t>(work));
  std::vector<double> out = c.make(DType::f64, whole).reals();
  if (out_plane == 0) return out;
  std::vector<Ints> shifts;
  Odometer place(c.to_shape(w.kernel));
  for (std::size_t k = 0; k < places; ++k, place.next()) {
    Ints shift;
    for (std::size_t i = 0; i < w.rank(); ++i) {
      shift.push_back(static_cast<Int>(place[i]) * w.dilations[i] - w.begins[i]);
    }
    shifts.push_back(std::move(shift));
  }
  const std::size_t outputs_per_group = outputs / groups;
  parallel_for(batch * outputs, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t n = i / outputs, m = i % outputs;
      double* plane = out.data() + i * out_plane;
      if (bias != nullptr) std::fill(plane, plane + out_plane, (*bias)[m]);
      for (std::size_t ch = 0; ch < per_group; ++ch) {
        const double* in = x.data() + (n * channels + m / outputs_per_group * per_group + ch) * in_plane;
        const double* kernel = weights.data() + (m * per_group + ch) * places;
        for (std::size_t k = 0; k < places; ++k) {
          if (kernel[k] != 0) add_shifted(w, in, kernel[k], shifts[k], plane);
        }
      }
    }
  });
  return out;
}

std::size_t groups_of(const Call& c) {
  const Int groups = c.integer("group", 1);
  c.require(groups > 0 && groups < (1 << 30), "group is out of bounds");
  return static_cast<std::size_t>(groups);
}

Ints kernel_extents(const Call& c, const Tensor& weights) {
  c.require(weights.rank() >= 3, "the weights have too few axes");
  return Ints(weights.shape.begin() + 2, weights.shape.end());
}

Tensor convolved(const Call& c, const Tensor& x, const Tensor& weights, const std::vector<double>* bias) {
  const Windows w = windows_of(c, x.shape, kernel_extents(c, weights));
  const std::size_t groups = groups_of(c);
  return real_tensor(c, x.type, w.result(x.shape[0], weights.shape[0]),
                     convolve(c, w, x.reals(), x.shape[0], weights.reals(), weights.shape, groups, bias));
}

void add_product(std::size_t m, std::size_t k, std::size_t n, const double* a, const double* b, double* out) {
  const std::size_t grain = std::max<std::size_t>(1, (std::size_t{1} << 16) / std::max<std::size_t>(1, k * n));
  parallel_for(m, grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        const double factor = a[i * k + j];
        const double* row = b + j * n;
        double* to = out + i * n;
        for (std::size_t l = 0; l < n; ++l) to[l] += factor * row[l];
      }
    }
  });
}

}  // namespace ezkl::floatrun
