// Circuits of field elements: the results are those of integers modulo the prime that another program worked out, and
// no forger gets another one accepted.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "cell_forgery.hpp"
#include "graph/op_table.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Felts;
using claims::Slot;
using claims::Tensor;
using claims::Values;
using claims::Writer;
using Kind = Visibility::Kind;
using Ints = std::vector<std::int64_t>;

const Fr somewhere = Fr::from_hex("0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef");

RunArgs public_args() {
  RunArgs args = small_args(2);
  args.logrows = 8;
  args.input_visibility.kind = args.output_visibility.kind = Kind::public_;
  args.disable_freivalds = true;
  return args;
}

Tensor operate(Writer& w, const RunArgs& args, const OpSpec& op, const std::vector<Tensor>& operands) {
  std::vector<Shape> shapes;
  for (const Tensor t : operands) shapes.push_back(w.shape(t));
  const std::vector<int> scales(operands.size(), 0);
  const OpContext context{op, shapes, scales, args, Semantics::onnx, op.kind};
  return op_entry(op.kind).emit(w, context, operands);
}

/// An operation of field_operations.txt.
struct Operation {
  std::string name;
  Felts a, b, result;
};

Felts parse(const std::string& list) {
  Felts out;
  std::stringstream text(list);
  for (std::string item; std::getline(text, item, ',');) out.push_back(Fr::from_hex(item));
  return out;
}

std::vector<Operation> operations() {
  std::ifstream file(EZKL_TEST_DATA "/felts/field_operations.txt");
  std::vector<Operation> out;
  for (std::string line; std::getline(file, line);) {
    std::stringstream text(line);
    std::string fields[4];
    for (std::string& field : fields) std::getline(text, field, '|');
    out.push_back({fields[0], parse(fields[1]), parse(fields[2]), parse(fields[3])});
  }
  return out;
}

using BuildOf = std::function<Tensor(Writer&, const RunArgs&, Tensor a, Tensor b)>;

BuildOf graph_operator(OpSpec op, std::size_t operands) {
  return [=](Writer& w, const RunArgs& args, Tensor a, Tensor b) {
    return operate(w, args, op, operands == 1 ? std::vector<Tensor>{a} : std::vector<Tensor>{a, b});
  };
}

BuildOf beside_constant(OpSpec op, Values constant) {
  return [=](Writer& w, const RunArgs& args, Tensor a, Tensor) {
    return operate(w, args, op, {a, w.constant(Shape(2, 1), constant)});
  };
}

const std::map<std::string, BuildOf>& builds() {
  constexpr Int128 factor = (Int128{1} << 62) + 1;
  const std::int64_t zero = 0, one = 1;
  static const std::map<std::string, BuildOf> all{
      {"add", graph_operator({"Add", {}}, 2)},
      {"sub", graph_operator({"Sub", {}}, 2)},
      {"mult", graph_operator({"Mult", {}}, 2)},
      {"times_constant", beside_constant({"Mult", {}}, {factor})},
      {"times_zero", beside_constant({"Mult", {}}, {0})},
      {"plus_constant", beside_constant({"Add", {}}, {factor})},
      {"neg", graph_operator({"Neg", {}}, 1)},
      {"pow", graph_operator({"Pow", {{"exponent", std::int64_t{5}}}}, 1)},
      {"sum", graph_operator({"Sum", {{"axes", Ints{1}}}}, 1)},
      {"prod", graph_operator({"Prod", {{"axes", Ints{1}}}}, 1)},
      {"cum_sum", graph_operator({"CumSum", {{"axis", one}, {"exclusive", zero}, {"reverse", zero}}}, 1)},
      {"einsum", graph_operator({"Einsum", {{"equation", std::string("ik,jk->ij")}}}, 2)},
      {"gather",
       graph_operator({"Gather", {{"axis", one}, {"indices", Ints{2, 0, 2}}, {"indices_shape", Ints{3}}}}, 1)},
      {"slice",
       graph_operator({"Slice", {{"axes", Ints{1}}, {"starts", Ints{1}}, {"ends", Ints{3}}, {"steps", Ints{1}}}}, 1)},
      {"concat", graph_operator({"Concat", {{"axis", one}}}, 2)},
      {"transpose", graph_operator({"Transpose", {{"perm", Ints{1, 0}}}}, 1)},
      {"reshape", graph_operator({"Reshape", {{"shape", Ints{6}}}}, 1)},
      {"expand", graph_operator({"MultiBroadcastTo", {{"shape", Ints{2, 2, 3}}}}, 1)},
      {"equals", graph_operator({"Equals", {}}, 2)},
      {"equals_zero", beside_constant({"Equals", {}}, {0})},
      {"iff",
       [](Writer& w, const RunArgs& args, Tensor a, Tensor b) {
         return operate(w, args, {"Iff", {}}, {w.constant({2, 3}, {1, 0, 0, 1, 1, 0}), a, b});
       }},
  };
  return all;
}

/// The operation on two public inputs of field elements.
claims::Record record_of(const RunArgs& args, const BuildOf& build) {
  claims::Recorder w(args);
  w.enter_node("inputs");
  std::vector<Tensor> operands;
  for (std::uint32_t i = 0; i < 2; ++i) {
    operands.push_back(w.field_input({2, 3}));
    w.bind(operands[i], args.input_visibility, {Slot::Group::input, i});
  }
  w.enter_node("operation");
  const Tensor out = build(w, args, operands[0], operands[1]);
  w.output(out);
  w.bind(out, args.output_visibility, {Slot::Group::output, 0});
  return w.finish();
}

claims::Inputs inputs_of(const Operation& op) {
  claims::Inputs out;
  out.add(op.a);
  out.add(op.b);
  return out;
}

/// An operation as a circuit, run honestly; the forger may write what he likes but the inputs.
struct Forger {
  RunArgs args = public_args();
  Bench bench;
  CircuitWitness witness;
  CellForgery cells;

  explicit Forger(const Operation& op)
      : bench(record_of(args, builds().at(op.name)), own_settings(record_of(args, builds().at(op.name)), args)),
        witness(bench.record, bench.settings, bench.circuit, inputs_of(op)),
        cells(bench, witness) {
    for (std::size_t i = 0; i < op.a.size() + op.b.size(); ++i) cells.pin(cells.shown(i));
  }
};

TEST(FieldElements, CircuitsGiveTheResultsOfIntegersModuloThePrime) {
  const auto all = operations();
  ASSERT_EQ(all.size(), builds().size());
  for (const Operation& op : all) {
    SCOPED_TRACE(op.name);
    Forger f(op);
    EXPECT_EQ(text(f.cells.mock()), "");
    ASSERT_EQ(f.witness.output_felts().size(), 1u);
    EXPECT_EQ(f.witness.output_felts()[0], op.result);
    Felts shown = op.a;
    shown.insert(shown.end(), op.b.begin(), op.b.end());
    shown.insert(shown.end(), op.result.begin(), op.result.end());
    EXPECT_EQ(f.witness.instances()[0], shown);
  }
}

TEST(FieldElements, NoOtherResultIsAccepted) {
  std::size_t tried = 0;
  for (const Operation& op : operations()) {
    SCOPED_TRACE(op.name);
    Forger f(op);
    for (std::size_t i = op.a.size() + op.b.size(); i < f.witness.instances()[0].size(); ++i) {
      auto shown = f.witness.instances();
      shown[0][i] += Fr::one();
      EXPECT_FALSE(
          plonk::mock_check(f.bench.circuit.cs, f.args.logrows, f.bench.assembly, f.witness.columns(), shown, {}, {})
              .empty());
    }
    for (const CellForgery::Place place : f.cells.places()) {
      const Fr had = f.cells.value(place);
      for (const Fr& value : {Fr::zero(), Fr::one(), -Fr::one(), had + Fr::one(), -had, had.inverse(), somewhere}) {
        if (value == had) continue;
        f.cells.set(place, value);
        f.cells.follow();
        if (f.cells.shows_another_output()) {
          ++tried;
          EXPECT_FALSE(f.cells.mock().empty()) << "place " << place;
        }
        f.cells.restore();
      }
    }
  }
  EXPECT_GT(tried, 500u);
}

TEST(FieldElements, ProductsOfMatricesAreCheckedByCombinationsToo) {
  RunArgs args = public_args();
  args.logrows = 10;
  args.disable_freivalds = false;
  const std::size_t n = 8;
  const auto build = [](const RunArgs& a) {
    claims::Recorder w(a);
    std::vector<Tensor> operands;
    for (std::uint32_t i = 0; i < 2; ++i) {
      operands.push_back(w.field_input({n, n}));
      w.bind(operands[i], a.input_visibility, {Slot::Group::input, i});
    }
    const Tensor out = operate(w, a, {"Einsum", {{"equation", std::string("ik,kj->ij")}}}, operands);
    w.output(out);
    w.bind(out, a.output_visibility, {Slot::Group::output, 0});
    return w.finish();
  };
  GraphSettings base;
  base.run_args = args;
  GraphSettings settings = plan_settings(build(args), base);
  if (settings.total_einsum_col_size == 0) {
    settings.total_einsum_col_size = 4096;
    settings.einsum_equations = {{"ab,bc->ac", {{"a", 2}, {"b", 800}, {"c", 2}}}};
  }
  const Bench bench(build(args), settings);
  claims::Inputs inputs;
  Felts x, y, wanted(n * n);
  for (std::size_t i = 0; i < n * n; ++i) {
    x.push_back(somewhere.pow(i + 1));
    y.push_back(somewhere.pow(3 * i + 2));
  }
  for (std::size_t i = 0; i < n * n; ++i) {
    for (std::size_t k = 0; k < n; ++k) wanted[i] += x[i / n * n + k] * y[k * n + i % n];
  }
  inputs.add(x);
  inputs.add(y);
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, inputs);
  EXPECT_EQ(witness.output_felts()[0], wanted);
  EXPECT_EQ(text(bench.mock(witness, witness.columns())), "");
  CircuitWitness::Options options;
  options.check = false;
  wanted[5] += Fr::one();
  options.forged_felts[bench.record.outputs[0].id] = wanted;
  CircuitWitness forged(bench.record, bench.settings, bench.circuit, inputs, options);
  EXPECT_FALSE(bench.mock(forged, forged.columns()).empty());
}

/// prod(hash(x) - y) for a set y of two, one of which is the hash.
struct Membership {
  RunArgs args;
  claims::Record record;
  Tensor digest{}, difference{};

  static RunArgs hashed() {
    RunArgs args = public_args();
    args.logrows = 9;
    args.input_visibility = {Kind::hashed_private, {0}};
    return args;
  }
  Membership() : args(hashed()) {
    claims::Recorder w(args);
    const Tensor x = w.input({1}, {-20, 20}, true);
    w.bind(x, args.input_visibility, {Slot::Group::input, 0});
    const Tensor y = w.field_input({2});
    w.bind(y, args.input_visibility, {Slot::Group::input, 1});
    digest = w.digest(x, {1});
    difference = w.sub(digest, y);
    const Tensor outputs[] = {operate(w, args, {"Prod", {{"axes", Ints{0}}}}, {difference}), y};
    for (std::uint32_t i = 0; i < 2; ++i) {
      w.output(outputs[i]);
      w.bind(outputs[i], args.output_visibility, {Slot::Group::output, i});
    }
    record = w.finish();
  }
};

TEST(FieldElements, AHashThatTheModelComputesWithIsTheHashOfItsInput) {
  const Membership m;
  const Bench bench(m.record, own_settings(m.record, m.args));
  EXPECT_EQ(bench.settings.poseidon_counts, std::vector<std::size_t>{2}) << "as the published package counts";
  const Felts message{Fr::from_u64(7)};
  const Fr hash = poseidon_hash(message);
  claims::Inputs inputs;
  inputs.add(Values{7});
  inputs.add(Felts{somewhere, hash});
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, inputs);
  EXPECT_EQ(text(bench.mock(witness, witness.columns())), "");
  EXPECT_EQ(witness.instances()[0], (Felts{hash, Fr::zero(), somewhere, hash}));
  for (std::size_t i = 0; i < 4; ++i) {
    auto shown = witness.instances();
    shown[0][i] += Fr::one();
    EXPECT_FALSE(
        plonk::mock_check(bench.circuit.cs, m.args.logrows, bench.assembly, witness.columns(), shown, {}, {}).empty())
        << "instance " << i;
  }

  // Another input, whose hash is not in the set: its product is not 0, and none can be had that is.
  claims::Inputs others;
  others.add(Values{8});
  others.add(Felts{somewhere, hash});
  CircuitWitness other(bench.record, bench.settings, bench.circuit, others);
  EXPECT_EQ(text(bench.mock(other, other.columns())), "");
  const Fr other_hash = poseidon_hash(Felts{Fr::from_u64(8)});
  EXPECT_EQ(other.instances()[0][1], (other_hash - somewhere) * (other_hash - hash));
  CircuitWitness::Options options;
  options.check = false;
  options.forged[m.record.outputs[0].id] = {0};
  CircuitWitness forged(bench.record, bench.settings, bench.circuit, others, options);
  EXPECT_FALSE(bench.mock(forged, forged.columns()).empty());
  options.forged.clear();
  options.forged_felts[m.difference.id] = {Fr::zero(), Fr::zero()};
  CircuitWitness differences(bench.record, bench.settings, bench.circuit, others, options);
  EXPECT_FALSE(bench.mock(differences, differences.columns()).empty());
  // The input under a hash that is in the set.
  options.forged_felts.clear();
  options.forged[m.record.inputs[0].id] = {8};
  CircuitWitness swapped(bench.record, bench.settings, bench.circuit, inputs, options);
  auto columns = swapped.columns();
  const auto state = bench.circuit.columns.poseidon.at(0).state[0];
  for (std::size_t row = 0; row < bench.settings.poseidon_rows; ++row) {
    columns[state.index].set(row, witness.columns()[state.index].at(row));
  }
  EXPECT_FALSE(plonk::mock_check(bench.circuit.cs, m.args.logrows, bench.assembly, columns, witness.instances(), {}, {})
                   .empty());
}

TEST(FieldElements, ConstantsThatOutgrowACircuitAreRefused) {
  const RunArgs args = public_args();
  const auto build = [](Writer& w, const RunArgs&, Tensor a, Tensor) {
    const Int128 large = Int128{1} << 100;
    const Tensor sources[] = {a};
    const Tensor padded = w.remap({7}, sources, {0, 1, 2, 3, 4, 5, -1}, {large});
    return w.mul(padded, w.constant({1}, {large}));
  };
  try {
    own_settings(record_of(args, build), args);
    ADD_FAILURE() << "a constant of 200 bits";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::range) << e.what();
    EXPECT_NE(std::string(e.what()).find("'operation'"), std::string::npos) << e.what();
  }
}

TEST(FieldElements, FixedOnesAreConstants) {
  Operation op = operations()[0];
  const RunArgs args = public_args();
  claims::Record record = record_of(args, builds().at("add"));
  claims::Claim claim;
  claim.kind = claims::Kind::fixed;
  claim.defines = false;
  claim.in = {record.outputs[0]};
  claim.felts = std::make_shared<const Felts>(op.result);
  record.claims.push_back(claim);
  const Bench bench(record, own_settings(record, args));
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, inputs_of(op));
  EXPECT_EQ(text(bench.mock(witness, witness.columns())), "");
  op.a[0] += Fr::one();
  CircuitWitness other(bench.record, bench.settings, bench.circuit, inputs_of(op));
  EXPECT_FALSE(bench.mock(other, other.columns()).empty());
}

}  // namespace
}  // namespace ezkl
