// Elements written at computed places.
#include <cmath>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

/// Writes element `from` of the updates to place `to`, as the reduction says.
void put(const std::string& reduction, Tensor& out, std::size_t to, const Tensor& updates, std::size_t from) {
  if (out.real()) {
    double& place = out.reals().at(to);
    const double v = updates.reals().at(from);
    if (reduction == "none") place = v;
    if (reduction == "add") place = round_to(out.type, place + v);
    if (reduction == "mul") place = round_to(out.type, place * v);
    if (reduction == "max") place = v > place || std::isnan(v) ? v : place;
    if (reduction == "min") place = v < place || std::isnan(v) ? v : place;
    return;
  }
  Int& place = out.ints().at(to);
  const Int v = updates.ints().at(from);
  const auto a = static_cast<std::uint64_t>(place), b = static_cast<std::uint64_t>(v);
  if (reduction == "none") place = v;
  if (reduction == "add") place = wrapped(out.type, static_cast<Int>(a + b));
  if (reduction == "mul") place = wrapped(out.type, static_cast<Int>(a * b));
  if (reduction == "max") place = less(out.type, place, v) ? v : place;
  if (reduction == "min") place = less(out.type, v, place) ? v : place;
}

std::string reduction_of(const Call& c) {
  const std::string reduction = c.text("reduction", "none");
  for (const char* known : {"none", "add", "mul", "max", "min"}) {
    if (reduction == known) return reduction;
  }
  c.unsupported("the reduction '" + reduction + "'");
}

Outputs scatter_elements(const Call& c) {
  const Tensor &x = c.in(0), &indices = c.in(1), &updates = c.in(2);
  const std::size_t axis = c.axis(c.integer("axis", 0), x.rank());
  c.require(indices.shape == updates.shape && indices.rank() == x.rank() && updates.type == x.type,
            "data, indices and updates do not fit each other");
  for (std::size_t i = 0; i < x.rank(); ++i) {
    c.require(i == axis || indices.shape[i] <= x.shape[i], "the indices are larger than the data");
  }
  const std::string reduction = reduction_of(c);
  const Ints places = c.ints(1);
  const std::vector<std::size_t> own = strides(x.shape);
  Tensor out = reshaped(c, x, x.shape);
  c.spend(places.size());
  Odometer at(indices.shape);
  for (std::size_t i = 0; i < places.size(); ++i, at.next()) {
    std::size_t target = checked_index(c, places[i], x.shape[axis]) * own[axis];
    for (std::size_t k = 0; k < x.rank(); ++k) target += k == axis ? 0 : at[k] * own[k];
    put(reduction, out, target, updates, i);
  }
  return {std::move(out)};
}

Outputs scatter_nd(const Call& c) {
  const Tensor &x = c.in(0), &indices = c.in(1), &updates = c.in(2);
  c.require(indices.rank() >= 1 && indices.shape.back() <= x.rank() && updates.type == x.type,
            "data, indices and updates do not fit each other");
  const std::size_t depth = indices.shape.back();
  Shape wanted(indices.shape.begin(), indices.shape.end() - 1);
  const std::size_t rows = volume(wanted);
  wanted.insert(wanted.end(), x.shape.begin() + static_cast<Int>(depth), x.shape.end());
  c.require(updates.shape == wanted, "the updates do not fit data and indices");
  const std::string reduction = reduction_of(c);
  const Ints places = c.ints(1);
  const std::vector<std::size_t> own = strides(x.shape);
  const std::size_t inner = rows == 0 ? 0 : updates.size() / rows;
  Tensor out = reshaped(c, x, x.shape);
  c.spend(updates.size());
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t target = 0;
    for (std::size_t k = 0; k < depth; ++k) {
      target += checked_index(c, places[row * depth + k], x.shape[k]) * own[k];
    }
    for (std::size_t i = 0; i < inner; ++i) put(reduction, out, target + i, updates, row * inner + i);
  }
  return {std::move(out)};
}

Outputs tensor_scatter(const Call& c) {
  const Tensor &x = c.in(0), &updates = c.in(1);
  const std::size_t axis = c.axis(c.integer("axis", -2), x.rank());
  c.require(axis > 0 && updates.rank() == x.rank() && updates.type == x.type, "cache and update do not fit");
  for (std::size_t i = 0; i < x.rank(); ++i) {
    c.require(i == axis || updates.shape[i] == x.shape[i], "cache and update do not fit");
  }
  const bool circular = c.text("mode", "linear") == "circular";
  const Ints starts = c.has_input(2) ? c.ints(2) : Ints(x.shape[0], 0);
  c.require(starts.size() == x.shape[0], "there should be a start for each of the batch");
  const std::vector<std::size_t> own = strides(x.shape);
  Tensor out = reshaped(c, x, x.shape);
  c.spend(updates.size());
  Odometer at(updates.shape);
  for (std::size_t i = 0; i < updates.size(); ++i, at.next()) {
    Int place = starts[at[0]];
    c.require(place >= 0 && place < (Int{1} << 40), "a start is out of bounds");
    place += static_cast<Int>(at[axis]);
    if (circular) place %= x.extent(axis);
    c.require(place < x.extent(axis), "the update goes beyond the cache");
    std::size_t target = static_cast<std::size_t>(place) * own[axis];
    for (std::size_t k = 0; k < x.rank(); ++k) target += k == axis ? 0 : at[k] * own[k];
    put("none", out, target, updates, i);
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "Scatter", scatter_elements},
    {"", "ScatterElements", scatter_elements},
    {"", "ScatterND", scatter_nd},
    {"", "TensorScatter", tensor_scatter},
};

}  // namespace

std::span<const KernelEntry> scatter_kernels() { return entries; }

}  // namespace ezkl::floatrun
