#include "sumcheck/fractions.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "poly/multilinear.hpp"
#include "sumcheck/batch.hpp"

namespace ezkl::sumcheck {
namespace {

struct Layer {
  std::vector<Fr> p, q;
};

Layer above(const Layer& layer) {
  const std::size_t n = layer.p.size() / 2;
  Layer out{std::vector<Fr>(n), std::vector<Fr>(n)};
  parallel_for(n, 1024, [&](std::size_t begin, std::size_t end) {
    const FrKernels& kernels = fr_kernels();
    const std::size_t count = end - begin;
    const Fr *const p0 = &layer.p[begin], *const p1 = &layer.p[n + begin];
    const Fr *const q0 = &layer.q[begin], *const q1 = &layer.q[n + begin];
    kernels.mul(&out.p[begin], p1, q0, count);
    kernels.mul_add(&out.p[begin], p0, q1, &out.p[begin], count);
    kernels.mul(&out.q[begin], q0, q1, count);
  });
  return out;
}

/// The four values of a node's children, as they are sent.
struct Children {
  Scalar p0, p1, q0, q1;
};

Children send(Channel& channel, const std::string& name, const std::array<Fr, 4>* values) {
  const auto sent = channel.send(name, values == nullptr ? std::span<const Fr>() : std::span<const Fr>(*values), 4);
  return {sent[0], sent[1], sent[2], sent[3]};
}

/// p0 q1 + q0 w = p0 q1 + p1 q0 + lambda q0 q1 with w = p1 + lambda q1: two products instead of three.
Batch layer_batch(Layer layer, std::vector<Fr> point, const Fr& lambda, unsigned bits) {
  const std::size_t n = layer.p.size() / 2;
  Batch batch;
  std::vector<Fr> w(n);
  parallel_for(n, 1024, [&](std::size_t begin, std::size_t end) {
    fr_kernels().mul_scalar_add(&w[begin], &layer.q[n + begin], lambda, &layer.p[n + begin], end - begin);
  });
  std::vector<Fr> q1(layer.q.begin() + std::ptrdiff_t(n), layer.q.end());
  layer.p.resize(n);
  layer.q.resize(n);
  const std::size_t p0 = batch.add_table(std::move(layer.p)), q0 = batch.add_table(std::move(layer.q));
  const std::size_t upper = batch.add_table(std::move(q1)), mixed = batch.add_table(std::move(w));
  batch.points.push_back(std::move(point));
  batch.items.push_back({Fr::one(), bits, 0, {{p0, upper}, {q0, mixed}}});
  return batch;
}

}  // namespace

FractionClaims prove_fractions(Channel& channel, std::string_view name, unsigned levels, std::vector<Fr> numerators,
                               std::vector<Fr> denominators) {
  EZKL_ENSURE(levels >= 1 && levels <= 32, "between 2 and 2^32 leaves");
  const std::size_t leaves = channel.proving() ? std::size_t{1} << levels : 0;
  EZKL_ENSURE(numerators.size() == leaves && denominators.size() == leaves, "a prover has all leaves, a verifier none");
  std::vector<Layer> layers;  // leaves first
  if (channel.proving()) {
    layers.push_back({std::move(numerators), std::move(denominators)});
    while (layers.back().p.size() > 2) layers.push_back(above(layers.back()));
  }
  const std::string prefix(name);
  FractionClaims out;
  std::array<Fr, 4> values;
  const std::array<Fr, 4>* const given = channel.proving() ? &values : nullptr;
  const auto descend = [&](const Children& c, unsigned level, std::vector<Fr> tail) {
    const Fr mu = channel.challenge(prefix + ".mu" + std::to_string(level));
    out.numerator = c.p0 + (c.p1 - c.p0) * mu;
    out.denominator = c.q0 + (c.q1 - c.q0) * mu;
    tail.insert(tail.begin(), mu);
    out.point = std::move(tail);
  };

  if (channel.proving()) values = {layers.back().p[0], layers.back().p[1], layers.back().q[0], layers.back().q[1]};
  const Children top = send(channel, prefix + ".1", given);
  const Product sum[] = {{Fr::one(), top.p0, top.q1}, {Fr::one(), top.p1, top.q0}};
  channel.require(Scalar(), sum, "fractions do not sum to zero");
  descend(top, 1, {});

  for (unsigned level = 1; level < levels; ++level) {
    const std::string number = std::to_string(level + 1);
    const Fr lambda = channel.challenge(prefix + ".lambda" + std::to_string(level));
    Batch batch;
    if (channel.proving()) {
      layers.pop_back();
      batch = layer_batch(std::move(layers.back()), out.point, lambda, level);
    }
    Scalar claim = out.numerator;
    claim.add(out.denominator, lambda);
    Reduced reduced = reduce(channel, prefix + "." + number, claim, level, 3, channel.proving() ? &batch : nullptr);
    if (channel.proving()) {
      const auto at = [&](std::size_t table) { return batch.tables[table][0]; };
      values = {at(0), at(3) - lambda * at(2), at(1), at(2)};
    }
    const Children c = send(channel, prefix + "." + number, given);
    const Fr e = multilinear::eq(out.point, reduced.point);
    const Product products[] = {{e, c.p0, c.q1}, {e, c.p1, c.q0}, {e * lambda, c.q0, c.q1}};
    channel.require(reduced.claim * -Fr::one(), products, "a layer of the fractions");
    descend(c, level + 1, std::move(reduced.point));
  }
  return out;
}

}  // namespace ezkl::sumcheck
