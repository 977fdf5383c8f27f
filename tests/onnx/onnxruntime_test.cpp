// The operator vectors under ONNX's meaning: from model.onnx and input.json to numbers that onnxruntime gives, too.
// What it gives is stored (tests/data/onnxruntime); the vectors lie in the folder `shared`.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/record.hpp"
#include "onnx/import.hpp"
#include "tensor/quantize.hpp"
#include "vector_case.hpp"

namespace ezkl {
namespace {

using testing::VectorCase;
using Reals = std::vector<double>;

/// Of the numbers at scale 7, relative where they are large; tools/gen/onnxruntime_results.py has the same number.
constexpr double tolerance = 0.05;

/// Where ours is not onnxruntime's, and why.
const std::map<std::string, std::string>& exceptions() {
  static const std::map<std::string, std::string> all = {
      {"args_decomp_overflow", "the case's own decomposition does not hold its input"},
      {"range_limit_outside", "the case's own decomposition does not hold its input"},
      {"non_zero", "the size of the output depends on the data"},
      {"args_epsilon_reciprocal_zero", "1/0 is the largest number there is, not infinity"},
      {"reciprocal_of_zero", "1/0 is the largest number there is, not infinity"},
      {"log_of_nonpositive", "the logarithm of 0 and less is 0, not -infinity or no number"},
      {"sqrt_negative", "the root of a negative number is 0, not no number"},
      {"pow_input_by_input", "a negative number to a computed power is no number in onnxruntime"},
  };
  return all;
}

struct Expected {
  std::vector<Reals> outputs;
  std::string published;  ///< "equal", "differs" or "refused"
};

/// Infinities and no numbers are stored as text.
double number(const nlohmann::json& j) { return j.is_string() ? std::stod(j.get<std::string>()) : j.get<double>(); }

std::map<std::string, Expected> read_expected() {
  std::ifstream file(std::string(EZKL_TEST_DATA) + "/onnxruntime/op_vectors.json");
  std::map<std::string, Expected> all;
  const nlohmann::json entries = nlohmann::json::parse(file);
  for (const auto& entry : entries.items()) {
    Expected& expected = all[entry.key()];
    expected.published = entry.value().at("published");
    for (const auto& output : entry.value().at("outputs")) {
      Reals& values = expected.outputs.emplace_back();
      for (const auto& value : output) values.push_back(number(value));
    }
  }
  return all;
}

std::vector<Reals> evaluate(const VectorCase& c, Semantics semantics) {
  RunArgs args = c.args;
  args.semantics = semantics;
  const Graph graph = build_graph(read_onnx(c.model), args);
  const claims::Record record = ezkl::record(graph, args);
  std::vector<claims::Values> inputs;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const Node& node = graph.nodes[graph.inputs[i]];
    claims::Values& values = inputs.emplace_back();
    for (const double v : c.input_data.at(i)) values.push_back(quantize_input(v, node.type, node.scale));
  }
  claims::Evaluation evaluation(record, inputs);
  evaluation.run();
  std::vector<Reals> outputs;
  const std::vector<claims::Values> integers = evaluation.outputs();
  for (std::size_t k = 0; k < integers.size(); ++k) {
    Reals& values = outputs.emplace_back();
    for (const Int128 value : integers[k]) {
      values.push_back(dequantize(value, graph.nodes[graph.outputs[k]].scale));
    }
  }
  return outputs;
}

/// The first element that is too far off, as text; empty when there is none.
std::string difference(const std::vector<Reals>& have, const std::vector<Reals>& want) {
  if (have.size() != want.size()) return "another number of outputs";
  for (std::size_t k = 0; k < have.size(); ++k) {
    if (have[k].size() != want[k].size()) return "output " + std::to_string(k) + " has another size";
    for (std::size_t i = 0; i < have[k].size(); ++i) {
      const bool close = std::fabs(have[k][i] - want[k][i]) <= tolerance * (1 + std::fabs(want[k][i]));
      if (close && std::isfinite(want[k][i])) continue;
      return "output " + std::to_string(k) + ", element " + std::to_string(i) + ": " + std::to_string(have[k][i]) +
             ", onnxruntime has " + std::to_string(want[k][i]);
    }
  }
  return "";
}

std::string outcome(const VectorCase& c, Semantics semantics, const std::vector<Reals>& want) {
  try {
    return difference(evaluate(c, semantics), want);
  } catch (const Error& e) {
    return e.what();
  }
}

TEST(OnnxRuntime, EveryVectorIsRightUnderOnnxSemantics) {
  const auto cases = testing::read_vector_cases(std::string(EZKL_SHARED) + "/vectors/ops");
  if (cases.empty()) GTEST_SKIP() << "no vectors";
  const auto expected = read_expected();
  std::set<std::string> unused;
  for (const auto& [name, why] : exceptions()) unused.insert(name);
  for (const VectorCase& c : cases) {
    const Expected& want = expected.at(c.name);
    const std::string ours = outcome(c, Semantics::onnx, want.outputs);
    if (exceptions().count(c.name) != 0) {
      EXPECT_NE(ours, "") << c.name << " is listed as an exception";
      unused.erase(c.name);
    } else {
      EXPECT_EQ(ours, "") << c.name;
    }
    if (c.has_witness) {
      const std::string published = outcome(c, Semantics::published, want.outputs);
      EXPECT_EQ(published.empty() ? "equal" : "differs", want.published) << c.name << ": " << published;
    } else {
      EXPECT_EQ(want.published, "refused") << c.name;
    }
  }
  EXPECT_EQ(cases.size(), expected.size());
  for (const std::string& name : unused) ADD_FAILURE() << name << " is listed and does not exist";
}

}  // namespace
}  // namespace ezkl
