// Operators that move elements and change none.
#include <algorithm>
#include <limits>
#include <numeric>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

std::vector<TensorPtr> identity(const Call& c) { return {c.shared(0)}; }

/// Inference hands its input on; training with a ratio drops at random, which nothing can be compared with.
Outputs dropout(const Call& c) {
  const Tensor& x = c.in(0);
  const bool training = c.has_input(2) && c.int_scalar(2) != 0;
  const double ratio = c.has_input(1) ? c.real_scalar(1) : 0.5;
  if (training && ratio != 0) c.unsupported("Dropout in training mode: its result is random");
  Tensor mask = c.make(DType::boolean, x.shape);
  std::fill(mask.ints().begin(), mask.ints().end(), 1);
  return {reshaped(c, x, x.shape), std::move(mask)};
}

Outputs reshape(const Call& c) {
  const Tensor& x = c.in(0);
  Ints wanted = c.opset() < 5 ? c.integers("shape") : c.ints(1);
  const bool allow_zero = c.integer("allowzero", 0) != 0;
  std::size_t known = 1, open = wanted.size();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == 0 && !allow_zero) wanted[i] = x.extent(i);
    if (wanted[i] == -1) {
      c.require(open == wanted.size(), "two extents are -1");
      open = i;
    }
  }
  Ints fixed = wanted;
  if (open < fixed.size()) fixed[open] = 1;
  known = volume(c.to_shape(fixed));
  if (open < wanted.size()) {
    c.require(known != 0 && x.size() % known == 0, "the shape does not fit the input");
    wanted[open] = static_cast<Int>(x.size() / known);
  }
  return {reshaped(c, x, c.to_shape(wanted))};
}

Outputs flatten(const Call& c) {
  const Tensor& x = c.in(0);
  const Int given = c.integer("axis", 1);
  const std::size_t axis = given == static_cast<Int>(x.rank()) ? x.rank() : c.axis(given, x.rank());
  std::size_t rows = 1, columns = 1;
  for (std::size_t i = 0; i < x.rank(); ++i) (i < axis ? rows : columns) *= x.shape[i];
  return {reshaped(c, x, {rows, columns})};
}

Outputs squeeze(const Call& c) {
  const Tensor& x = c.in(0);
  std::vector<bool> gone(x.rank(), false);
  if (c.axes_given(1, "axes")) {
    for (const Int axis : c.axes(1, "axes")) gone[c.axis(axis, x.rank())] = true;
  } else {
    for (std::size_t i = 0; i < x.rank(); ++i) gone[i] = x.shape[i] == 1;
  }
  Shape shape;
  for (std::size_t i = 0; i < x.rank(); ++i) {
    c.require(!gone[i] || x.shape[i] == 1, "an axis that should go has an extent other than 1");
    if (!gone[i]) shape.push_back(x.shape[i]);
  }
  return {reshaped(c, x, shape)};
}

Outputs unsqueeze(const Call& c) {
  const Tensor& x = c.in(0);
  const Ints axes = c.axes(1, "axes");
  const std::size_t rank = x.rank() + axes.size();
  c.require(rank <= 64, "more than 64 axes");
  std::vector<bool> fresh(rank, false);
  for (const Int axis : axes) {
    const std::size_t at = c.axis(axis, rank);
    c.require(!fresh[at], "an axis is named twice");
    fresh[at] = true;
  }
  Shape shape;
  std::size_t next = 0;
  for (std::size_t i = 0; i < rank; ++i) shape.push_back(fresh[i] ? 1 : x.shape[next++]);
  return {reshaped(c, x, shape)};
}

Outputs transpose(const Call& c) {
  const Tensor& x = c.in(0);
  Ints wanted = c.integers("perm");
  if (!c.has("perm")) {
    for (std::size_t i = x.rank(); i-- > 0;) wanted.push_back(static_cast<Int>(i));
  }
  c.require(wanted.size() == x.rank(), "perm does not name every axis");
  std::vector<std::size_t> order;
  std::vector<bool> seen(x.rank(), false);
  for (const Int axis : wanted) {
    order.push_back(c.axis(axis, x.rank()));
    c.require(!seen[order.back()], "perm names an axis twice");
    seen[order.back()] = true;
  }
  return {transposed(c, x, order)};
}

Outputs concat(const Call& c) {
  std::vector<const Tensor*> parts;
  for (std::size_t i = 0; i < c.input_count(); ++i) parts.push_back(&c.in(i));
  c.require(!parts.empty(), "there is nothing to join");
  return {concatenated(c, parts, c.axis(c.integer("axis", 1), parts[0]->rank()))};
}

Tensor sliced(const Call& c, const Tensor& x, const Ints& starts, const Ints& steps, const Shape& shape) {
  const std::vector<std::size_t> own = strides(x.shape);
  Int first = 0;
  Ints by;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    first += starts[i] * static_cast<Int>(own[i]);
    by.push_back(steps[i] * static_cast<Int>(own[i]));
  }
  return strided(c, x, shape, by, first);
}

Outputs split(const Call& c) {
  const Tensor& x = c.in(0);
  const std::size_t axis = c.axis(c.integer("axis", 0), x.rank());
  const Int extent = x.extent(axis);
  Ints sizes = c.axes(1, "split");
  if (sizes.empty()) {
    const Int parts = c.integer("num_outputs", static_cast<Int>(c.node().outputs.size()));
    c.require(parts > 0, "it is split into no parts");
    c.spend(static_cast<std::uint64_t>(parts));
    const Int size = (extent + parts - 1) / parts;
    for (Int i = 0; i < parts; ++i) sizes.push_back(std::max<Int>(0, std::min(size, extent - i * size)));
  }
  Int start = 0;
  std::vector<Tensor> out;
  for (const Int size : sizes) {
    c.require(size >= 0 && size <= extent - start, "the parts do not add up to the axis");
    Shape shape = x.shape;
    shape[axis] = static_cast<std::size_t>(size);
    Ints starts(x.rank(), 0);
    starts[axis] = start;
    out.push_back(sliced(c, x, starts, Ints(x.rank(), 1), shape));
    start += size;
  }
  c.require(start == extent, "the parts do not add up to the axis");
  return out;
}

Outputs slice(const Call& c) {
  const Tensor& x = c.in(0);
  const bool old = c.opset() < 10;
  const Ints starts = old ? c.integers("starts") : c.ints(1);
  const Ints ends = old ? c.integers("ends") : c.ints(2);
  Ints axes = old ? c.integers("axes") : c.has_input(3) ? c.ints(3) : Ints();
  if (axes.empty() && starts.size() <= x.rank()) {
    axes.resize(starts.size());
    std::iota(axes.begin(), axes.end(), 0);
  }
  const Ints steps = !old && c.has_input(4) ? c.ints(4) : Ints(starts.size(), 1);
  c.require(ends.size() == starts.size() && axes.size() == starts.size() && steps.size() == starts.size(),
            "starts, ends, axes and steps differ in length");
  Ints from(x.rank(), 0), by(x.rank(), 1);
  Shape shape = x.shape;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t axis = c.axis(axes[i], x.rank());
    const Int extent = x.extent(axis), step = steps[i];
    c.require(step != 0, "a step is 0");
    const auto placed = [&](Int v) { return v < 0 ? std::max<Int>(v, -extent - 1) + extent : std::min(v, extent); };
    const Int low = step > 0 ? 0 : -1, high = step > 0 ? extent : extent - 1;
    const Int start = std::clamp<Int>(placed(starts[i]), step > 0 ? 0 : std::min<Int>(0, high), std::max(low, high));
    const Int end = std::clamp<Int>(placed(ends[i]), low, std::max(low, high));
    // Written so that steps near the ends of 64 bits do not overflow.
    Int count = 0;
    if (step > 0 && end > start) count = (end - start - 1) / step + 1;
    if (step < 0 && start > end) count = (end - start + 1) / step + 1;
    from[axis] = start;
    by[axis] = count > 1 ? step : 1;
    shape[axis] = static_cast<std::size_t>(count);
  }
  return {sliced(c, x, from, by, shape)};
}

Outputs expand(const Call& c) {
  const Tensor& x = c.in(0);
  return {stretched(c, x, broadcast_shape(x.shape, c.to_shape(c.ints(1))))};
}

Outputs tile(const Call& c) {
  const Tensor& x = c.in(0);
  Ints repeats;
  if (c.opset() < 6) {
    repeats.assign(x.rank(), 1);
    repeats[c.axis(c.int_scalar(2), x.rank())] = c.int_scalar(1);
  } else {
    repeats = c.ints(1);
  }
  c.require(repeats.size() == x.rank(), "there should be a repeat for each axis");
  Shape shape = x.shape;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    c.require(repeats[i] >= 0 && repeats[i] < (Int{1} << 40), "a repeat is out of bounds");
    shape[i] *= static_cast<std::size_t>(repeats[i]);
  }
  const std::vector<std::size_t> own = strides(x.shape);
  Odometer at(shape);
  return {moved(c, x, shape, [&](std::size_t) {
    std::size_t source = 0;
    for (std::size_t i = 0; i < own.size(); ++i) source += at[i] % x.shape[i] * own[i];
    at.next();
    return static_cast<Int>(source);
  })};
}

/// Where an index outside 0 .. extent-1 reads, or -1 for the constant.
Int padded_source(const Call& c, const std::string& mode, Int at, Int extent) {
  if (at >= 0 && at < extent) return at;
  if (mode == "constant") return -1;
  c.require(extent > 0, "an axis without elements is padded by its own");
  if (mode == "edge") return at < 0 ? 0 : extent - 1;
  if (mode == "wrap") return ((at % extent) + extent) % extent;
  if (mode != "reflect") c.unsupported("Pad with mode = '" + mode + "'");
  if (extent == 1) return 0;
  const Int period = 2 * (extent - 1);
  const Int place = ((at % period) + period) % period;
  return place < extent ? place : period - place;
}

Outputs pad(const Call& c) {
  const Tensor& x = c.in(0);
  const bool old = c.opset() < 11;
  const Ints given = old ? c.integers(c.opset() < 2 ? "paddings" : "pads") : c.ints(1);
  Ints axes = c.has_input(3) ? c.ints(3) : Ints();
  if (!c.has_input(3)) {
    axes.resize(x.rank());
    std::iota(axes.begin(), axes.end(), 0);
  }
  c.require(given.size() == 2 * axes.size(), "pads should have a begin and an end for each axis");
  const std::string mode = c.text("mode", "constant");
  Ints begins(x.rank(), 0), ends(x.rank(), 0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = c.axis(axes[i], x.rank());
    begins[axis] = given[i];
    ends[axis] = given[i + axes.size()];
  }
  Shape shape = x.shape;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    constexpr Int most = Int{1} << 40;
    c.require(magnitude_below(begins[i], most) && magnitude_below(ends[i], most), "a pad is out of bounds");
    const Int extent = x.extent(i) + begins[i] + ends[i];
    c.require(extent >= 0, "the pads take more than there is");
    shape[i] = static_cast<std::size_t>(extent);
  }
  const std::vector<std::size_t> own = strides(x.shape);
  Odometer at(shape);
  std::vector<std::size_t> outside;
  Tensor out = moved(c, x, shape, [&](std::size_t i) {
    Int source = 0;
    for (std::size_t axis = 0; axis < shape.size() && source >= 0; ++axis) {
      // Negative pads cut first; the others pad what is left.
      const Int cut = std::max<Int>(0, -begins[axis]);
      const Int left = std::max<Int>(0, x.extent(axis) - cut - std::max<Int>(0, -ends[axis]));
      const Int place = padded_source(c, mode, static_cast<Int>(at[axis]) - std::max<Int>(0, begins[axis]), left);
      source = place < 0 ? -1 : source + (place + cut) * static_cast<Int>(own[axis]);
    }
    at.next();
    if (source < 0) outside.push_back(i);
    return source;
  });
  if (!old && c.has_input(2)) {
    const Tensor& value = c.in(2);
    c.require(value.size() == 1 && value.type == x.type, "the constant should be one number of the input's type");
    for (const std::size_t i : outside) {
      if (out.real()) {
        out.reals()[i] = value.reals()[0];
      } else {
        out.ints()[i] = value.ints()[0];
      }
    }
  } else if (old && out.real()) {
    const double value = c.real("value", 0);
    for (const std::size_t i : outside) out.reals()[i] = value;
  }
  return {std::move(out)};
}

Outputs depth_to_space(const Call& c) {
  const Tensor& x = c.in(0);
  const Int size = c.integer("blocksize");
  c.require(x.rank() == 4 && size > 0 && size < (1 << 20) && x.extent(1) % (size * size) == 0,
            "the channels do not divide into blocks");
  const auto b = static_cast<std::size_t>(size);
  const std::size_t n = x.shape[0], depth = x.shape[1] / (b * b), h = x.shape[2], w = x.shape[3];
  const bool crd = c.text("mode", "DCR") == "CRD";
  const Tensor apart = reshaped(c, x, crd ? Shape{n, depth, b, b, h, w} : Shape{n, b, b, depth, h, w});
  using Order = std::vector<std::size_t>;
  return {reshaped(c, transposed(c, apart, crd ? Order{0, 1, 4, 2, 5, 3} : Order{0, 3, 4, 1, 5, 2}),
                   {n, depth, h * b, w * b})};
}

Outputs space_to_depth(const Call& c) {
  const Tensor& x = c.in(0);
  const Int size = c.integer("blocksize");
  c.require(x.rank() == 4 && size > 0 && x.extent(2) % size == 0 && x.extent(3) % size == 0,
            "the image does not divide into blocks");
  const auto b = static_cast<std::size_t>(size);
  const std::size_t n = x.shape[0], depth = x.shape[1], h = x.shape[2] / b, w = x.shape[3] / b;
  const Tensor apart = reshaped(c, x, {n, depth, h, b, w, b});
  const bool crd = c.text("mode", "DCR") == "CRD";
  using Order = std::vector<std::size_t>;
  return {reshaped(c, transposed(c, apart, crd ? Order{0, 1, 3, 5, 2, 4} : Order{0, 3, 5, 1, 2, 4}),
                   {n, depth * b * b, h, w})};
}

Outputs trilu(const Call& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2, "the input is no matrix");
  const Int k = c.has_input(1) ? c.int_scalar(1) : 0;
  const bool upper = c.integer("upper", 1) != 0;
  const std::size_t columns = x.shape.back(), rows = x.shape[x.rank() - 2];
  return {moved(c, x, x.shape, [&](std::size_t i) {
    const Int beyond = static_cast<Int>(i % columns) - static_cast<Int>(i / columns % rows);
    return (upper ? beyond >= k : beyond <= k) ? static_cast<Int>(i) : Int{-1};
  })};
}

Outputs center_crop_pad(const Call& c) {
  const Tensor& x = c.in(0);
  const Ints wanted = c.ints(1);
  Ints axes = c.integers("axes");
  if (!c.has("axes")) {
    axes.resize(x.rank());
    std::iota(axes.begin(), axes.end(), 0);
  }
  c.require(wanted.size() == axes.size(), "there should be an extent for each axis");
  Shape shape = x.shape;
  Ints shift(x.rank(), 0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = c.axis(axes[i], x.rank());
    c.require(wanted[i] >= 0 && wanted[i] < (Int{1} << 40), "an extent is out of bounds");
    shape[axis] = static_cast<std::size_t>(wanted[i]);
    const Int extra = x.extent(axis) - wanted[i];
    shift[axis] = extra >= 0 ? extra / 2 : -(-extra / 2);
  }
  const std::vector<std::size_t> own = strides(x.shape);
  Odometer at(shape);
  return {moved(c, x, shape, [&](std::size_t) {
    Int source = 0;
    for (std::size_t i = 0; i < shape.size() && source >= 0; ++i) {
      const Int place = static_cast<Int>(at[i]) + shift[i];
      source = place < 0 || place >= x.extent(i) ? -1 : source + place * static_cast<Int>(own[i]);
    }
    at.next();
    return source;
  })};
}

Outputs reverse_sequence(const Call& c) {
  const Tensor& x = c.in(0);
  const Ints lengths = c.ints(1);
  const std::size_t batch = c.axis(c.integer("batch_axis", 1), x.rank());
  const std::size_t time = c.axis(c.integer("time_axis", 0), x.rank());
  c.require(batch != time && lengths.size() == x.shape[batch], "there should be a length for each of the batch");
  for (const Int length : lengths) c.require(length >= 0 && length <= x.extent(time), "a length is out of bounds");
  const std::vector<std::size_t> own = strides(x.shape);
  return {moved(c, x, x.shape, [&](std::size_t i) {
    const Int at = static_cast<Int>(i / own[time] % x.shape[time]);
    const Int length = lengths[i / own[batch] % x.shape[batch]];
    return static_cast<Int>(i) + (at < length ? (length - 1 - 2 * at) * static_cast<Int>(own[time]) : 0);
  })};
}

Outputs compress(const Call& c) {
  const Tensor& x = c.in(0);
  const Ints mask = c.ints(1);
  const bool flat = !c.has("axis");
  const std::size_t axis = flat ? 0 : c.axis(c.integer("axis"), x.rank());
  Shape shape = flat ? Shape{x.size()} : x.shape;
  const Lines lines = lines_of(shape, axis);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < mask.size() && i < lines.extent; ++i) {
    if (mask[i] != 0) kept.push_back(i);
  }
  shape[axis] = kept.size();
  return {selected(c, x, lines, kept, shape)};
}

constexpr KernelEntry entries[] = {
    {"", "CenterCropPad", center_crop_pad},
    {"", "Compress", compress},
    {"", "Concat", concat},
    {"", "DepthToSpace", depth_to_space},
    {"", "Dropout", dropout},
    {"", "Expand", expand},
    {"", "Flatten", flatten},
    {"", "Identity", nullptr, identity},
    {"", "Pad", pad},
    {"", "Reshape", reshape},
    {"", "ReverseSequence", reverse_sequence},
    {"", "Slice", slice},
    {"", "SpaceToDepth", space_to_depth},
    {"", "Split", split},
    {"", "Squeeze", squeeze},
    {"", "Tile", tile},
    {"", "Transpose", transpose},
    {"", "Trilu", trilu},
    {"", "Unsqueeze", unsqueeze},
};

}  // namespace

std::span<const KernelEntry> movement_kernels() { return entries; }

}  // namespace ezkl::floatrun
