#include "graph/claims/field_values.hpp"

#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/evaluation.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl::claims {
namespace {

/// Where a view leads at an index of its extents.
class Place {
 public:
  Place(const View& view, const Shape& source) : view_(view), source_(source), steps_(strides(source)) {}

  Fr element(const Elements& elements, std::span<const std::size_t> index) const {
    std::size_t flat = 0;
    for (std::size_t axis = 0; axis < source_.size(); ++axis) {
      std::int64_t at = view_.axes[axis].base;
      for (const auto& [loop, stride] : view_.axes[axis].strides) at += stride * static_cast<std::int64_t>(index[loop]);
      if (at < 0 || at >= static_cast<std::int64_t>(source_[axis])) return Fr::from_i128(view_.outside);
      flat += static_cast<std::size_t>(at) * steps_[axis];
    }
    return elements.felt(flat);
  }

 private:
  const View& view_;
  const Shape& source_;
  std::vector<std::size_t> steps_;
};

/// The index of flat element number i of a shape.
void set_index(std::vector<std::size_t>& index, const Shape& shape, std::size_t i) {
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    index[axis] = i % shape[axis];
    i /= shape[axis];
  }
}

Felts contract(const Record& record, const Claim& claim, std::span<const Elements> in) {
  const Shape& loops = claim.views[0].extents;
  const std::size_t count = volume(claim.out_extents), inner = volume(claim.sum_extents);
  std::vector<Place> places;
  for (const View& view : claim.views) places.emplace_back(view, record.tensors[view.source.id].shape);
  Felts out(count);
  parallel_for(count, 64, [&](std::size_t begin, std::size_t end) {
    std::vector<std::size_t> index(loops.size());
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t s = 0; s < inner; ++s) {
        set_index(index, loops, i * inner + s);
        Fr product = places[0].element(in[0], index);
        if (places.size() == 2) product *= places[1].element(in[1], index);
        out[i] += product;
      }
    }
  });
  return out;
}

Felts view(const Record& record, const Claim& claim, const Elements& in) {
  const View& shown = claim.views[0];
  const Place place(shown, record.tensors[claim.in[0].id].shape);
  std::vector<std::size_t> index(shown.extents.size());
  Felts out(volume(shown.extents));
  for (std::size_t i = 0; i < out.size(); ++i) {
    set_index(index, shown.extents, i);
    out[i] = place.element(in, index);
  }
  return out;
}

Felts linear(std::size_t count, const Claim& claim, std::span<const Elements> in) {
  Felts out(count, Fr::from_i128(claim.constant));
  for (std::size_t k = 0; k < in.size(); ++k) {
    const Fr coefficient = Fr::from_i128(claim.coefficients[k]);
    for (std::size_t i = 0; i < count; ++i) out[i] += coefficient * in[k].felt(in[k].size() == 1 ? 0 : i);
  }
  return out;
}

Felts remap(const Claim& claim, std::span<const Elements> in) {
  Felts all, out;
  for (const Elements& source : in) {
    for (std::size_t i = 0; i < source.size(); ++i) all.push_back(source.felt(i));
  }
  for (const std::int64_t from : *claim.map) {
    out.push_back(from >= 0 ? all[static_cast<std::size_t>(from)]
                            : Fr::from_i128((*claim.values)[static_cast<std::size_t>(-1 - from)]));
  }
  return out;
}

[[noreturn]] void refuse(const Record& record, const Claim& claim, std::span<const Elements> in) {
  for (std::size_t k = 0; k < in.size(); ++k) {
    for (std::size_t i = 0; i < in[k].size(); ++i) {
      if (is_integer(in[k].felt(i))) continue;
      throw Error(Fault::unsupported, place_name(record, claim.in[k], i) + " is the field element " +
                                          in[k].felt(i).to_hex_be() + ", where only a number can stand");
    }
  }
  throw Error(Fault::unsupported, "field elements where only numbers can stand");
}

}  // namespace

Felts field_values(const Record& record, const Claim& claim, std::span<const Elements> in) {
  switch (claim.kind) {
    case Kind::linear:
      return linear(volume(record.tensors[claim.out[0].id].shape), claim, in);
    case Kind::contract:
      return contract(record, claim, in);
    case Kind::remap:
      return remap(claim, in);
    case Kind::view:
      return view(record, claim, in[0]);
    case Kind::reshape:
      return in[0].all_felts();
    case Kind::is_zero: {
      Felts out = in[0].all_felts();
      for (Fr& f : out) f = f.is_zero() ? Fr::one() : Fr::zero();
      return out;
    }
    case Kind::digest:
      return {poseidon_hash(in[0].all_felts())};
    default:
      refuse(record, claim, in);
  }
}

}  // namespace ezkl::claims
