// Images read at computed places.
#include <array>
#include <cmath>

#include "floatrun/functions.hpp"
#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

/// x reflected at low and high until it lies between.
double reflected(double x, double low, double high) {
  const double range = high - low;
  if (range <= 0) return low;
  double beyond = std::fmod(std::fabs(x < low ? low - x : x - high), 2 * range);
  if (x >= low && x <= high) return x;
  const bool back = beyond > range;
  if (back) beyond = 2 * range - beyond;
  return x < low ? low + beyond : high - beyond;
}

struct GridRule {
  std::string mode, padding;
  bool align = false;
};

/// The pixel at whole coordinates, which may lie outside.
double pixel(const double* plane, const Ints& extents, const std::vector<double>& at, const GridRule& rule) {
  Int place = 0;
  for (std::size_t i = 0; i < extents.size(); ++i) {
    double x = at[i];
    const double last = static_cast<double>(extents[i] - 1);
    if (!(x >= 0 && x <= last)) {
      if (rule.padding == "zeros" || std::isnan(x)) return 0;
      x = rule.padding == "border" ? std::clamp(x, 0.0, last)
                                   : reflected(x, rule.align ? 0 : -0.5, rule.align ? last : last + 0.5);
      x = std::clamp(std::nearbyint(x), 0.0, last);
    }
    place = place * extents[i] + static_cast<Int>(x);
  }
  return plane[place];
}

/// Weights of the neighbours floor(x) + first, floor(x) + first + 1, …
std::vector<double> neighbour_weights(const std::string& mode, double x) {
  const double t = x - std::floor(x);
  if (mode == "linear") return {1 - t, t};
  constexpr double a = -0.75;
  return {cubic_kernel(1 + t, a), cubic_kernel(t, a), cubic_kernel(1 - t, a), cubic_kernel(2 - t, a)};
}

double sampled(const double* plane, const Ints& extents, std::vector<double> at, const GridRule& rule) {
  const std::size_t rank = extents.size();
  for (std::size_t i = 0; i < rank; ++i) {
    const double last = static_cast<double>(extents[i] - 1);
    if (rule.mode == "nearest") at[i] = std::nearbyint(at[i]);
    const double low = rule.align ? 0 : -0.5, high = rule.align ? last : last + 0.5;
    if (at[i] < low || at[i] > high) {
      if (rule.padding == "border") at[i] = std::clamp(at[i], 0.0, last);
      if (rule.padding == "reflection") at[i] = reflected(at[i], low, high);
    }
  }
  if (rule.mode == "nearest") return pixel(plane, extents, at, rule);
  std::vector<std::vector<double>> weights;
  std::size_t corners = 1;
  for (const double x : at) {
    if (!std::isfinite(x)) return rule.padding == "zeros" ? 0 : NAN;
    weights.push_back(neighbour_weights(rule.mode, x));
    corners *= weights.back().size();
  }
  const double first = rule.mode == "linear" ? 0 : -1;
  double sum = 0;
  std::vector<double> place(rank);
  for (std::size_t corner = 0; corner < corners; ++corner) {
    double weight = 1;
    std::size_t rest = corner;
    for (std::size_t i = 0; i < rank; ++i) {
      const std::size_t k = rest % weights[i].size();
      rest /= weights[i].size();
      weight *= weights[i][k];
      place[i] = std::floor(at[i]) + first + static_cast<double>(k);
    }
    if (weight != 0) sum += weight * pixel(plane, extents, place, rule);
  }
  return sum;
}

Outputs grid_sample(const Call& c) {
  const Tensor &x = c.in(0), &grid = c.in(1);
  c.require(x.rank() >= 3 && grid.rank() == x.rank() && grid.shape.back() == x.rank() - 2 &&
                grid.shape[0] == x.shape[0] && x.rank() <= 6 && grid.real(),
            "the grid does not fit the input");
  GridRule rule{c.text("mode", c.opset() < 20 ? "bilinear" : "linear"), c.text("padding_mode", "zeros"),
                c.integer("align_corners", 0) != 0};
  if (rule.mode == "bilinear") rule.mode = "linear";
  if (rule.mode == "bicubic") rule.mode = "cubic";
  c.require(rule.mode == "linear" || rule.mode == "cubic" || rule.mode == "nearest", "unknown mode");
  c.require(rule.padding == "zeros" || rule.padding == "border" || rule.padding == "reflection",
            "unknown padding_mode");
  const std::size_t rank = x.rank() - 2, channels = x.shape[1];
  Ints extents;
  for (std::size_t i = 0; i < rank; ++i) extents.push_back(x.extent(i + 2));
  const std::size_t plane = volume(c.to_shape(extents));
  Shape shape{x.shape[0], channels};
  shape.insert(shape.end(), grid.shape.begin() + 1, grid.shape.end() - 1);
  const Tensor data = converted(c, x, DType::f64);
  Tensor out = c.make(x.type, shape);
  c.require(plane > 0 || out.size() == 0, "an image without pixels");
  const std::size_t places = volume(Shape(shape.begin() + 2, shape.end()));
  c.spend(out.size() * (std::size_t{1} << (rule.mode == "cubic" ? 2 * rank : rank)));
  std::vector<double> at(rank);
  for (std::size_t n = 0; n < x.shape[0]; ++n) {
    for (std::size_t p = 0; p < places; ++p) {
      for (std::size_t i = 0; i < rank; ++i) {
        // The grid names the innermost axis first.
        const double g = grid.reals()[(n * places + p) * rank + rank - 1 - i], extent = static_cast<double>(extents[i]);
        at[i] = rule.align ? (g + 1) / 2 * (extent - 1) : ((g + 1) * extent - 1) / 2;
      }
      for (std::size_t ch = 0; ch < channels; ++ch) {
        const double v = sampled(data.reals().data() + (n * channels + ch) * plane, extents, at, rule);
        const std::size_t to = (n * channels + ch) * places + p;
        out.set(to, v);
      }
    }
  }
  return {std::move(out)};
}

Outputs affine_grid(const Call& c) {
  const Tensor& theta = c.in(0);
  const Shape size = c.to_shape(c.ints(1));
  const std::size_t rank = size.size() < 2 ? 0 : size.size() - 2;
  c.require((rank == 2 || rank == 3) && theta.real() && theta.shape == Shape{size[0], rank, rank + 1},
            "theta does not fit the size");
  const bool align = c.integer("align_corners", 0) != 0;
  Shape shape{size[0]};
  shape.insert(shape.end(), size.begin() + 2, size.end());
  shape.push_back(rank);
  Tensor out = c.make(theta.type, shape);
  const Shape image(size.begin() + 2, size.end());
  const std::size_t places = volume(image);
  for (std::size_t n = 0; n < size[0]; ++n) {
    Odometer at(image);
    for (std::size_t p = 0; p < places; ++p, at.next()) {
      std::vector<double> x;
      for (std::size_t i = rank; i-- > 0;) {
        const double extent = static_cast<double>(image[i]), place = static_cast<double>(at[i]);
        x.push_back(align ? (extent > 1 ? 2 * place / (extent - 1) - 1 : 0) : (2 * place + 1) / extent - 1);
      }
      x.push_back(1);
      for (std::size_t i = 0; i < rank; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k <= rank; ++k) sum += theta.reals()[(n * rank + i) * (rank + 1) + k] * x[k];
        out.reals()[(n * places + p) * rank + i] = sum;
      }
    }
  }
  return {std::move(out)};
}

/// Weighted pixels of one sample; empty where it lies beyond the image.
struct Corners {
  bool inside = false;
  std::array<Int, 4> place{};
  std::array<double, 4> weight{};
};

Corners corners_of(double y, double x, Int height, Int width) {
  Corners out;
  if (!(y >= -1 && y <= static_cast<double>(height) && x >= -1 && x <= static_cast<double>(width))) return out;
  out.inside = true;
  y = std::max(y, 0.0);
  x = std::max(x, 0.0);
  Int top = static_cast<Int>(y), left = static_cast<Int>(x), bottom = top + 1, right = left + 1;
  if (top >= height - 1) {
    top = bottom = height - 1;
    y = static_cast<double>(top);
  }
  if (left >= width - 1) {
    left = right = width - 1;
    x = static_cast<double>(left);
  }
  const double down = y - static_cast<double>(top), along = x - static_cast<double>(left);
  out.place = {top * width + left, top * width + right, bottom * width + left, bottom * width + right};
  out.weight = {(1 - down) * (1 - along), (1 - down) * along, down * (1 - along), down * along};
  return out;
}

Outputs roi_align(const Call& c) {
  const Tensor &x = c.in(0), &rois = c.in(1);
  const Ints batches = c.ints(2);
  c.require(x.rank() == 4 && x.real() && rois.real() && rois.rank() == 2 && rois.shape[1] == 4 &&
                batches.size() == rois.shape[0] && x.shape[2] > 0 && x.shape[3] > 0,
            "input, regions and batch_indices do not fit");
  const std::string coordinates =
      c.text("coordinate_transformation_mode", c.opset() < 16 ? "output_half_pixel" : "half_pixel");
  const bool half = coordinates == "half_pixel", maximum = c.text("mode", "avg") == "max";
  const Int height = c.integer("output_height", 1), width = c.integer("output_width", 1);
  const Int ratio = c.integer("sampling_ratio", 0);
  const double scale = c.real("spatial_scale", 1);
  c.require(height > 0 && width > 0 && height < (1 << 20) && width < (1 << 20) && ratio >= 0 && ratio < (1 << 20),
            "an attribute is out of bounds");
  Tensor out = c.make(x.type, Ints{rois.extent(0), x.extent(1), height, width});
  const std::size_t channels = x.shape[1], plane = x.shape[2] * x.shape[3];
  for (std::size_t r = 0; r < batches.size(); ++r) {
    const std::size_t batch = checked_index(c, batches[r], x.shape[0]);
    const double shift = half ? 0.5 : 0;
    const double left = rois.reals()[r * 4] * scale - shift, top = rois.reals()[r * 4 + 1] * scale - shift;
    double wide = rois.reals()[r * 4 + 2] * scale - shift - left, high = rois.reals()[r * 4 + 3] * scale - shift - top;
    if (!half) {
      wide = std::max(wide, 1.0);
      high = std::max(high, 1.0);
    }
    const double bin_w = wide / static_cast<double>(width), bin_h = high / static_cast<double>(height);
    c.require(std::fabs(bin_w) < 0x1p20 && std::fabs(bin_h) < 0x1p20, "a region is out of bounds");
    const Int nx = ratio > 0 ? ratio : static_cast<Int>(std::ceil(bin_w));
    const Int ny = ratio > 0 ? ratio : static_cast<Int>(std::ceil(bin_h));
    for (Int bin = 0; bin < height * width; ++bin) {
      std::vector<Corners> samples;
      c.spend(static_cast<std::uint64_t>(std::max<Int>(0, nx) * std::max<Int>(0, ny)) * channels);
      for (Int iy = 0; iy < ny; ++iy) {
        for (Int ix = 0; ix < nx; ++ix) {
          const double y = top + static_cast<double>(bin / width) * bin_h +
                           (static_cast<double>(iy) + 0.5) * bin_h / static_cast<double>(ny);
          const double at = left + static_cast<double>(bin % width) * bin_w +
                            (static_cast<double>(ix) + 0.5) * bin_w / static_cast<double>(nx);
          samples.push_back(corners_of(y, at, x.extent(2), x.extent(3)));
        }
      }
      for (std::size_t ch = 0; ch < channels; ++ch) {
        const double* image = x.reals().data() + (batch * channels + ch) * plane;
        double sum = 0, best = 0;
        bool first = true;
        for (const Corners& s : samples) {
          for (std::size_t k = 0; k < 4; ++k) {
            const double v = s.inside ? s.weight[k] * image[s.place[k]] : 0;
            sum += v;
            best = first || v > best ? v : best;
            first = false;
          }
        }
        const double count = static_cast<double>(std::max<std::size_t>(1, samples.size()));
        out.reals()[(r * channels + ch) * static_cast<std::size_t>(height * width) + static_cast<std::size_t>(bin)] =
            maximum ? best : sum / count;
      }
    }
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "AffineGrid", affine_grid},
    {"", "GridSample", grid_sample},
    {"", "RoiAlign", roi_align},
};

}  // namespace

std::span<const KernelEntry> sampling_kernels() { return entries; }

}  // namespace ezkl::floatrun
