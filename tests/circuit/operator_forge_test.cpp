// Every operator as a circuit of its own: with another output, or another hint wherever that leads to another output,
// the mock refuses and so do the real prover and verifier.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "../graph/operator_cases.hpp"
#include "artifact/felt_text.hpp"
#include "base/bytes.hpp"
#include "base/random.hpp"
#include "circuit_bench.hpp"
#include "commit/srs.hpp"
#include "graph/op_table.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"
#include "tensor/quantize.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Values;
using testing::Case;
using testing::Ints;

/// An operand of the data families: whole numbers as given.
struct Given {
  Shape shape;
  Values values;
};

struct OperatorCase {
  std::string name;
  OpSpec op;
  DType type = DType::f32;
  Semantics semantics = Semantics::onnx;
  std::vector<Shape> shapes;
  std::vector<Values> inputs;
};

constexpr int scale = 3;

OperatorCase drawn(const Case& c) {
  OperatorCase out{c.name, c.op, c.type, c.semantics, c.shapes, {}};
  std::mt19937 engine(5);
  std::uniform_real_distribution<double> uniform(c.lo, c.hi);
  for (const Shape& shape : c.shapes) {
    Values& values = out.inputs.emplace_back();
    for (std::size_t i = 0; i < volume(shape); ++i) {
      values.push_back(quantize(c.type == DType::f32 ? uniform(engine) : std::round(uniform(engine)),
                                c.type == DType::f32 ? scale : 0));
    }
  }
  return out;
}

OperatorCase data(const std::string& name, OpSpec op, const std::vector<Given>& operands) {
  OperatorCase out{name, std::move(op), DType::i64, Semantics::onnx, {}, {}};
  for (const Given& g : operands) {
    out.shapes.push_back(g.shape);
    out.inputs.push_back(g.values);
  }
  return out;
}

std::vector<OperatorCase> data_cases() {
  const Given m{{2, 3}, {5, -7, 2, 9, 9, -1}};
  const std::int64_t one = 1, zero = 0;
  const auto whole = [](std::int64_t bits, std::int64_t with_sign) {
    return std::map<std::string, Attribute>{{"bits", bits}, {"signed", with_sign}};
  };
  return {
      data("identity", {"Identity", {{"shift", zero}}}, {m}),
      data("multi_broadcast_to", {"MultiBroadcastTo", {{"shape", Ints{2, 2, 3}}}}, {{{1, 2, 3}, m.values}}),
      data("reshape", {"Reshape", {{"shape", Ints{3, 2}}}}, {m}),
      data("transpose", {"Transpose", {{"perm", Ints{1, 0}}}}, {m}),
      data("concat", {"Concat", {{"axis", one}}}, {m, m}),
      data("slice", {"Slice", {{"axes", Ints{1}}, {"starts", Ints{1}}, {"ends", Ints{3}}, {"steps", Ints{1}}}}, {m}),
      data("tile", {"Tile", {{"repeats", Ints{1, 2}}}}, {m}),
      data("trilu", {"Trilu", {{"k", zero}, {"upper", one}}}, {m}),
      data("pad", {"Pad", {{"pads", Ints{0, 1, 0, 1}}, {"value", 4.0}, {"mode", std::string("constant")}}}, {m}),
      data("resize", {"Resize", {{"scales", Ints{1, 2}}}}, {m}),
      data("remap", {"Remap", {{"map", Ints{5, 0, -1}}, {"shape", Ints{3}}, {"values", std::vector<double>{6}}}}, {m}),
      data("gather", {"Gather", {{"axis", one}}}, {m, {{2}, {2, 0}}}),
      data("gather_elements", {"GatherElements", {{"axis", one}}}, {m, {{2, 2}, {2, 0, 1, 1}}}),
      data("gather_nd", {"GatherND", {{"batch_dims", zero}}}, {m, {{2, 2}, {1, 2, 0, 1}}}),
      data("scatter_elements", {"ScatterElements", {{"axis", one}, {"reduction", std::string("none")}}},
           {m, {{2, 1}, {2, 0}}, {{2, 1}, {40, 50}}}),
      data("scatter_elements_add", {"ScatterElements", {{"axis", one}, {"reduction", std::string("add")}}},
           {m, {{2, 2}, {2, 2, 0, 1}}, {{2, 2}, {4, 5, 6, 7}}}),
      data("scatter_nd", {"ScatterND", {{"reduction", std::string("none")}}}, {m, {{1, 2}, {1, 0}}, {{1}, {40}}}),
      data("one_hot", {"OneHot", {{"depth", std::int64_t{3}}, {"axis", one}}}, {{{2}, {2, 0}}}),
      data("top_k", {"TopK", {{"k", std::int64_t{2}}, {"axis", one}, {"largest", one}}}, {m}),
      data("top_k_index", {"TopKIndex", {{"k", std::int64_t{2}}, {"axis", one}, {"largest", one}}}, {m}),
      data("reduce_arg_max", {"ReduceArgMax", {{"axis", one}, {"select_last", zero}}}, {m}),
      data("reduce_arg_min_last", {"ReduceArgMin", {{"axis", one}, {"select_last", one}}}, {m}),
      data("cum_sum", {"CumSum", {{"axis", one}, {"exclusive", zero}, {"reverse", zero}}}, {m}),
      data("bitwise_and", {"BitwiseAnd", whole(8, 1)}, {m, {{2, 3}, {3, 3, 3, 5, 6, 7}}}),
      data("bitwise_or", {"BitwiseOr", whole(8, 1)}, {m, {{2, 3}, {3, 3, 3, 5, 6, 7}}}),
      data("bitwise_xor", {"BitwiseXor", whole(8, 1)}, {m, {{2, 3}, {3, 3, 3, 5, 6, 7}}}),
      data("bitwise_not", {"BitwiseNot", whole(8, 1)}, {m}),
      data("bit_shift",
           {"BitShift", {{"direction", std::string("right")}, {"bits", std::int64_t{8}}, {"signed", zero}}},
           {{{3}, {200, 17, 5}}, {{3}, {1, 2, 0}}}),
      data("scale_by", {"ScaleBy", {{"factors", std::vector<double>{0.3}}, {"integer", one}}}, {m}),
  };
}

const std::vector<OperatorCase>& all_cases() {
  static const std::vector<OperatorCase> all = [] {
    std::vector<OperatorCase> out = data_cases();
    for (const Case& c : testing::cases()) out.push_back(drawn(c));
    return out;
  }();
  return all;
}

/// Operator tables need the whole of their keys, so lookups reach little further than the operands.
RunArgs args_of(const OperatorCase& c) {
  RunArgs args = small_args(2);
  args.input_scale = args.param_scale = scale;
  args.lookup_range = {-200, 200};
  args.semantics = c.semantics;
  args.disable_freivalds = true;  // it has challenges, and a test of its own
  args.output_visibility.kind = Visibility::Kind::public_;
  return args;
}

claims::Record record_of(const OperatorCase& c, const RunArgs& args) {
  const OpEntry& entry = op_entry(c.op.kind);
  std::vector<int> scales(c.shapes.size(), c.type == DType::f32 ? scale : 0);
  if ((c.op.kind == "Conv" || c.op.kind == "DeConv") && scales.size() == 3) scales[2] = 2 * scale;
  const OpContext context{c.op, c.shapes, scales, args, c.semantics, c.name};
  claims::Recorder w(args);
  w.enter_node("input");
  std::vector<Tensor> operands;
  for (std::size_t k = 0; k < c.shapes.size(); ++k) {
    const claims::Interval bounds = c.type == DType::boolean ? claims::Interval{0, 1} : claims::Interval{-250, 250};
    operands.push_back(w.input(c.shapes[k], bounds, true));
    w.bind(operands[k], args.input_visibility, {claims::Slot::Group::input, static_cast<std::uint32_t>(k)});
  }
  w.enter_node(c.name);
  const Tensor out = entry.emit(w, context, operands);
  w.output(out);
  w.bind(out, args.output_visibility, {claims::Slot::Group::output, 0});
  return w.finish();
}

class OperatorForgery : public ::testing::TestWithParam<std::size_t> {
 protected:
  OperatorForgery()
      : case_(all_cases()[GetParam()]),
        record_(record_of(case_, args_of(case_))),
        bench_(record_, own_settings(record_, args_of(case_), true)) {}

  CircuitWitness witness(const claims::Record& record, CircuitWitness::Options options = {}) const {
    return CircuitWitness(record, bench_.settings, bench_.circuit, case_.inputs, std::move(options));
  }

  bool mock_accepts(CircuitWitness& w) const { return bench_.mock(w, w.columns()).empty(); }

  /// An operator that returns its operand as it is has no output of its own to forge.
  bool has_own_output() const {
    return std::none_of(record_.inputs.begin(), record_.inputs.end(),
                        [&](Tensor t) { return t.id == record_.outputs[0].id; });
  }

  /// Whether the mock accepts a run of a changed record whose output is not `honest`. A hint may lead nowhere, such as
  /// an index outside its data: then there is no witness to accept.
  bool accepts_other_output(const claims::Record& changed, const Values& honest) const {
    CircuitWitness::Options loose;
    loose.check = false;
    try {
      CircuitWitness forged = witness(changed, loose);
      return forged.outputs()[0] != honest && mock_accepts(forged);
    } catch (const Error& e) {
      EXPECT_NE(e.fault(), Fault::internal) << e.what();
      return false;
    }
  }

  /// The record with one element of a hint replaced.
  claims::Record with_hint(std::size_t claim, std::size_t tensor, std::size_t element, Int128 value) const {
    claims::Record changed = record_;
    const auto honest = changed.claims[claim].hint;
    changed.claims[claim].hint = [=](std::span<const Values* const> in) {
      auto out = honest(in);
      out[tensor][element] = value;
      return out;
    };
    return changed;
  }

  const OperatorCase& case_;
  const claims::Record record_;
  const Bench bench_;
};

TEST_P(OperatorForgery, NoOtherOutputIsAccepted) {
  CircuitWitness honest = witness(record_);
  const Values output = honest.outputs()[0];
  ASSERT_EQ(text(bench_.mock(honest, honest.columns())), "");
  for (std::size_t element = 0; element < output.size(); ++element) {
    auto shown = honest.instances();
    shown[0][element] += Fr::one();
    EXPECT_FALSE(plonk::mock_check(bench_.circuit.cs, bench_.settings.run_args.logrows, bench_.assembly,
                                   honest.columns(), shown, {}, {})
                     .empty());
  }

  CircuitWitness::Options loose;
  loose.check = false;
  const std::size_t step = std::max<std::size_t>(1, output.size() / 3);
  for (std::size_t element = 0; has_own_output() && element < output.size(); element += step) {
    for (const Int128 delta : {1, -1, 1 << 20}) {
      CircuitWitness::Options options = loose;
      options.forged[record_.outputs[0].id] = output;
      options.forged[record_.outputs[0].id][element] += delta;
      CircuitWitness forged = witness(record_, options);
      // Data movement has no cells of its own to forge.
      if (forged.instances() == honest.instances()) continue;
      EXPECT_FALSE(mock_accepts(forged)) << "output " << element << " off by " << int(delta);
    }
  }
  for (std::size_t at = 0; at < record_.claims.size(); ++at) {
    const claims::Claim& claim = record_.claims[at];
    if (claim.kind != claims::Kind::hint) continue;
    for (std::size_t t = 0; t < claim.out.size(); ++t) {
      const std::size_t size = volume(record_.tensors[claim.out[t].id].shape);
      for (std::size_t element = 0; element < size; element += std::max<std::size_t>(1, size / 2)) {
        claims::Evaluation evaluation(record_, case_.inputs, {false, true});
        evaluation.run();
        const Int128 had = evaluation.values(claim.out[t])[element];
        for (const Int128 value : {had + 1, had - 1, Int128{1} - had, -had}) {
          const claims::Record changed = with_hint(at, t, element, value);
          EXPECT_FALSE(accepts_other_output(changed, output))
              << "claim " << at << " hint " << t << "[" << element << "] is " << to_string(value) << " in place of "
              << to_string(had);
        }
      }
    }
  }
}

TEST_P(OperatorForgery, TheVerifierAcceptsTheHonestProofOnly) {
  Random random = Random::from_seed(3);
  const unsigned k = bench_.settings.run_args.logrows;
  static std::map<unsigned, Srs> setups;
  if (setups.count(k) == 0) setups.emplace(k, generate_srs(k, random));
  const Srs& srs = setups.at(k);
  const auto pk = plonk::keygen(bench_.circuit.cs, k, bench_.assembly, srs, true);
  CircuitWitness honest = witness(record_);
  const auto statement = honest.instances();
  const auto proof = plonk::create_proof(srs, pk, honest, statement, random);
  EXPECT_TRUE(plonk::verify_proof(srs.verifier(), pk.vk, {statement[0].size()}, statement, proof).accepted);

  CircuitWitness::Options options;
  options.check = false;
  Values& values = options.forged[record_.outputs[0].id];
  values = honest.outputs()[0];
  values[values.size() / 2] += 1;
  CircuitWitness forged = witness(record_, options);
  bool accepted = false;
  try {
    const auto wrong = plonk::create_proof(srs, pk, forged, forged.instances(), random);
    accepted = plonk::verify_proof(srs.verifier(), pk.vk, {statement[0].size()}, forged.instances(), wrong).accepted;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsatisfied) << e.what();
  }
  EXPECT_TRUE(!accepted || !has_own_output() || forged.instances() == statement);
  auto shown = statement;
  shown[0].back() += Fr::one();
  EXPECT_FALSE(plonk::verify_proof(srs.verifier(), pk.vk, {statement[0].size()}, shown, proof).accepted);
}

INSTANTIATE_TEST_SUITE_P(Every, OperatorForgery, ::testing::Range<std::size_t>(0, all_cases().size()),
                         [](const auto& test) { return all_cases()[test.param].name; });

/// Adds what a key is made of: constants, selectors and copies.
void absorb(Sha256& hash, const plonk::Assembly& assembly) {
  ByteWriter bytes;
  for (const auto& column : assembly.fixed) {
    for (std::size_t row = 0; row < column.size(); ++row) {
      const Fr value = column.at(row);
      if (value == Fr::zero()) continue;
      bytes.u32le(static_cast<std::uint32_t>(row));
      bytes.bytes(value.to_bytes_le());
    }
    bytes.u32le(static_cast<std::uint32_t>(column.size()));
  }
  for (const auto& selector : assembly.selectors) bytes.bytes(selector.bytes());
  for (const std::uint32_t next : assembly.next) bytes.u32le(next);
  hash.update(bytes.out);
}

TEST(CellLayout, MovesOnlyWithItsVersion) {
  Sha256 hash;
  for (const OperatorCase& c : all_cases()) {
    std::vector<RunArgs> variants{args_of(c)};
    if (c.op.kind == "Einsum") {
      variants.push_back(args_of(c));
      variants.back().disable_freivalds = false;
      variants.back().input_visibility.kind = Visibility::Kind::hashed_public;
      variants.back().output_visibility.kind = Visibility::Kind::polycommit;
    }
    for (const RunArgs& args : variants) {
      const claims::Record record = record_of(c, args);
      const GraphSettings settings = own_settings(record, args, true);
      absorb(hash, assemble(record, settings, configure(settings)));
    }
  }
  EXPECT_EQ(std::to_string(layout_version) + ": " + hex_text(hash.finish()),
            "1: b0a62c5d1c50250c9a52691910afde1fc757bc35659154eb360df849e8733b97")
      << "cells moved: raise layout_version (circuit/lowering.hpp) and write the new digest here; where only the "
         "settings that are chosen changed, the digest alone";
}

TEST(OperatorForgery, EveryOperatorHasACase) {
  std::set<std::string> covered;
  for (const OperatorCase& c : all_cases()) covered.insert(c.op.kind);
  covered.insert({"TreeEnsemble", "PowersOfTwo", "ForceScale"});
  for (const OpEntry* entry : all_ops()) EXPECT_EQ(covered.count(std::string(entry->kind)), 1u) << entry->kind;
}

}  // namespace
}  // namespace ezkl
