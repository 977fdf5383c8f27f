// Forged witnesses: hints are replaced by other values and the cells filled around them; whenever the output would
// differ from the honest one, the circuit must refuse.
#include <gtest/gtest.h>

#include "circuit_bench.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/sort.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Rounding;
using claims::Tensor;
using claims::Values;
using claims::Writer;

/// Runs a model with hint number `target` (counting hint tensors through the record) shifted at `element`.
struct Forgery {
  std::size_t claim = 0, tensor = 0, element = 0;
  Int128 value = 0;
};

claims::Record forged(claims::Record record, const std::vector<Forgery>& changes) {
  for (const Forgery& f : changes) {
    auto& claim = record.claims[f.claim];
    const auto honest = claim.hint;
    claim.hint = [honest, f](std::span<const Values* const> in) {
      auto out = honest(in);
      out[f.tensor][f.element] = f.value;
      return out;
    };
  }
  return record;
}

std::vector<Int128> candidates(Int128 honest) {
  std::vector<Int128> out;
  for (const Int128 v : {-2, -1, 1, 2}) out.push_back(honest + v);
  for (const Int128 v : {-1, 0, 1, 16}) out.push_back(v);
  out.push_back(-honest);
  out.push_back((Int128{1} << 126) - 1);
  return out;
}

/// Every hint element replaced, alone and in pairs of hint tensors at one element; all inputs from `inputs`.
void expect_unforgeable(const char* name, const Shape& shape, const std::vector<Values>& inputs, const Build& build,
                        bool pairs = true) {
  SCOPED_TRACE(name);
  for (const bool published : {false, true}) {
    const RunArgs args = small_args(2);
    const auto record = model(args, shape, 20, build);
    const auto settings = published ? published_settings(record, args) : own_settings(record, args);
    Bench bench(record, settings);
    std::vector<Forgery> places;
    for (const Values& input : inputs) {
      claims::Evaluation honest(record, {input}, {true, true});
      honest.run();
      ASSERT_EQ(text(bench.mock({input})), "");
      places.clear();
      for (std::size_t c = 0; c < record.claims.size(); ++c) {
        if (record.claims[c].kind != claims::Kind::hint) continue;
        for (std::size_t t = 0; t < record.claims[c].out.size(); ++t) {
          const Values& values = honest.values(record.claims[c].out[t]);
          for (std::size_t e = 0; e < values.size(); ++e) places.push_back({c, t, e, values[e]});
        }
      }
      std::size_t tried = 0;
      const auto attempt = [&](const std::vector<Forgery>& changes) {
        bench.record = forged(record, changes);
        CircuitWitness::Options loose;
        loose.check = false;
        CircuitWitness witness(bench.record, bench.settings, bench.circuit, {input}, loose);
        ++tried;
        if (witness.outputs() == honest.outputs()) return;
        if (!bench.mock(witness, witness.columns()).empty()) return;
        std::string what;
        for (const auto& f : changes) {
          what += " claim " + std::to_string(f.claim) + " hint " + std::to_string(f.tensor) + "[" +
                  std::to_string(f.element) + "] = " + to_string(f.value);
        }
        ADD_FAILURE() << "accepted:" << what << " for input " << to_string(input[0]);
      };
      for (const Forgery& place : places) {
        for (const Int128 value : candidates(place.value)) attempt({{place.claim, place.tensor, place.element, value}});
      }
      for (std::size_t a = 0; pairs && a < places.size(); ++a) {
        for (std::size_t b = a + 1; b < places.size(); ++b) {
          for (const Int128 da : {-1, 1}) {
            for (const Int128 db : {-1, 1}) {
              Forgery first = places[a], second = places[b];
              first.value += da;
              second.value += db;
              attempt({first, second});
            }
          }
        }
      }
      bench.record = record;
    }
  }
}

TEST(Forge, ComparisonsHaveOneAnswer) {
  const std::vector<Values> inputs{{0}, {1}, {-1}, {5}, {-20}, {20}};
  expect_unforgeable("relu", {1}, inputs, [](Writer& w, Tensor x) { return claims::relu(w, x); });
  expect_unforgeable("sign", {1}, inputs, [](Writer& w, Tensor x) { return claims::sign(w, x); });
  expect_unforgeable("absolute", {1}, inputs, [](Writer& w, Tensor x) { return claims::absolute(w, x); });
  expect_unforgeable("greater(5, 5)", {1}, inputs,
                     [](Writer& w, Tensor x) { return claims::greater(w, x, w.constant({1}, {5})); });
  expect_unforgeable("equals 5", {1}, inputs,
                     [](Writer& w, Tensor x) { return claims::equals(w, x, w.constant({1}, {5})); });
}

TEST(Forge, DivisionsHaveOneQuotient) {
  const std::vector<Values> inputs{{0}, {1}, {-1}, {3}, {-3}, {-9}};
  for (const Int128 d : {3, 6}) {
    for (const auto mode : {Rounding::half_away, Rounding::half_even, Rounding::floor, Rounding::ceil}) {
      expect_unforgeable("divide", {1}, inputs, [=](Writer& w, Tensor x) { return claims::divide(w, x, d, mode); });
    }
  }
}

TEST(Forge, ReciprocalsAndRootsAreTheNearestIntegers) {
  const std::vector<Values> inputs{{0}, {1}, {-4}, {7}, {20}};
  expect_unforgeable("reciprocal", {1}, inputs, [](Writer& w, Tensor x) { return claims::reciprocal(w, x, 16, 40); });
  expect_unforgeable("root", {1}, {{-20}, {-19}, {-18}, {-17}, {-14}, {-13}, {20}},
                     [](Writer& w, Tensor x) { return claims::root(w, w.scale(x, 1, 20)); });
}

TEST(Forge, MaximaAndTheirPlacesAreUnique) {
  const std::vector<Values> inputs{{3, 3, 1}, {0, 0, 0}, {7, -20, 20}};
  expect_unforgeable("maximum", {1, 3}, inputs, [](Writer& w, Tensor x) { return claims::maximum(w, x, 1); });
  expect_unforgeable("argmax", {1, 3}, inputs, [](Writer& w, Tensor x) { return claims::argmax(w, x, 1); });
}

}  // namespace
}  // namespace ezkl
