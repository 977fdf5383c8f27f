// Compiled models with a valid checksum and a graph that no front end wrote: one field after another of graphs of every
// operator takes another value. What comes out is a witness, or an error of the file's; never a crash, a promise broken
// inside ezkl, or a flood.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>

#include "../graph/node_seeds.hpp"
#include "../graph/operator_cases.hpp"
#include "../limits.hpp"
#include "artifact/compiled_file.hpp"
#include "artifact/settings_file.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/frontend/builder.hpp"
#include "graph/op_table.hpp"
#include "graph/passes/quantize_graph.hpp"
#include "graph/record.hpp"

namespace ezkl {
namespace {

using testing::Ints;

/// A valid graph and what its settings are.
struct Sample {
  std::string name;
  Graph graph;
  RunArgs args;
};

RunArgs small_args(Semantics semantics) {
  RunArgs args;
  args.lookup_range = {-1000, 1000};
  args.decomp_legs = 3;
  args.semantics = semantics;
  return args;
}

Sample sample_of(const testing::Case& c) {
  const RunArgs args = small_args(c.semantics);
  Builder builder(args, ModelBudget());
  std::vector<Value> operands;
  for (const Shape& shape : c.shapes) {
    builder.set_name("in" + std::to_string(operands.size()));
    operands.push_back(builder.input(builder.name(), c.type, shape));
  }
  builder.set_name("node");
  builder.add_output(builder.apply(c.op.kind, c.op.attributes, operands), "out");
  return {c.name, quantize_graph(builder.take(), args, std::nullopt), args};
}

/// One-operator graphs that no ONNX node leads to.
std::vector<testing::Case> other_cases() {
  const Shape m{3, 5};
  return {{"powers_of_two", {"PowersOfTwo", {}}, {m}},
          {"trilu", {"Trilu", {{"k", std::int64_t{0}}, {"upper", std::int64_t{1}}}}, {{2, 3, 4}}},
          {"tile", {"Tile", {{"repeats", Ints{2, 3}}}}, {m}},
          {"trilu_published",
           {"Trilu", {{"k", std::int64_t{1}}, {"upper", std::int64_t{0}}}},
           {{2, 3, 4}},
           -3,
           3,
           0,
           DType::f32,
           Semantics::published}};
}

std::vector<Sample> make_samples() {
  std::vector<Sample> samples;
  for (const testing::Case& c : testing::cases()) samples.push_back(sample_of(c));
  for (const testing::Case& c : other_cases()) samples.push_back(sample_of(c));
  for (const testing::Seed& seed : testing::node_seeds()) {
    for (const Semantics semantics : {Semantics::onnx, Semantics::published}) {
      const RunArgs args = small_args(semantics);
      try {
        Sample sample{seed.model.graph.nodes[0].op_type, build_graph(seed.model, args), args};
        record(sample.graph, args);
        samples.push_back(std::move(sample));
      } catch (const Error&) {  // some have no counterpart in the published package
      }
    }
  }
  return samples;
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = make_samples();
  return all;
}

std::vector<std::uint8_t> bytes_of(const Graph& graph, const RunArgs& args) {
  CompiledModel model;
  model.settings.run_args = args;
  model.graph = graph;
  const auto scale = [&](std::uint32_t node) { return node < graph.nodes.size() ? graph.nodes[node].scale : 0; };
  for (const std::uint32_t node : graph.inputs) model.settings.model_input_scales.push_back(scale(node));
  for (const std::uint32_t node : graph.outputs) model.settings.model_output_scales.push_back(scale(node));
  const auto shown = [&](const Visibility& visibility, const std::vector<std::uint32_t>& nodes) {
    if (visibility.kind != Visibility::Kind::public_) return;
    for (const std::uint32_t node : nodes) {
      model.settings.model_instance_shapes.push_back(node < graph.nodes.size() ? graph.nodes[node].shape : Shape());
    }
  };
  shown(args.input_visibility, graph.inputs);
  shown(args.output_visibility, graph.outputs);
  return compiled_bytes(model);
}

/// Does with a file what gen-witness does.
void use(const std::vector<std::uint8_t>& bytes) {
  const CompiledModel model = parse_compiled(bytes, "m");
  const claims::Record record = ezkl::record(model.graph, model.settings.run_args);
  std::vector<claims::Values> zeros;
  std::size_t elements = 0;
  for (const claims::Tensor t : record.inputs) elements += volume(record.tensors[t.id].shape);
  if (elements > 100000) return;  // an input file of as many numbers would have to go with it
  for (const claims::Tensor t : record.inputs) zeros.emplace_back(volume(record.tensors[t.id].shape), 0);
  claims::Evaluation(record, std::move(zeros)).run();
}

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/// True when the file was refused.
bool refused(const std::vector<std::uint8_t>& bytes, const std::string& what) {
  const auto start = std::chrono::steady_clock::now();
  const long peak = peak_megabytes();
  bool out = false;
  try {
    use(bytes);
  } catch (const Error& e) {
    out = true;
    const bool of_the_file = e.fault() == Fault::format || e.fault() == Fault::range || e.fault() == Fault::limit ||
                             e.fault() == Fault::unsupported || e.fault() == Fault::unsatisfied;
    EXPECT_TRUE(of_the_file) << what << ": " << e.what();
  } catch (const std::exception& e) {
    out = true;
    ADD_FAILURE() << what << ": " << e.what();
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took.count(), 10 * testing::slower) << what;
  // Of files a kilobyte long; the tests' own share is small.
  EXPECT_TRUE(peak_megabytes() == peak || peak_megabytes() < testing::most_megabytes)
      << what << ": " << peak_megabytes() << " MiB";
  return out;
}

const std::vector<std::int64_t> odd_integers{INT64_MIN,
                                             -1,
                                             0,
                                             1,
                                             2,
                                             (std::int64_t{1} << 20) - 1,
                                             std::int64_t{1} << 28,
                                             std::int64_t{1} << 31,
                                             std::int64_t{1} << 62,
                                             INT64_MAX};
const std::vector<double> odd_reals{0, -1, 1e-300, 1e300, -1e300, __builtin_nan(""), __builtin_inf()};
const std::vector<Int128> odd_factors{0, -1, 3, Int128{1} << 62, Int128{1} << 63, Int128{1} << 100, Int128{1} << 126};

/// Calls `visit` with every mutation of one node.
class Mutator {
 public:
  using Visit = std::function<void(const std::string& what, const Graph& graph)>;
  Mutator(const Graph& graph, std::size_t at, const Visit& visit) : graph_(graph), at_(at), visit_(visit) {}

  void run() {
    attributes();
    operands();
    for (const std::int64_t odd : odd_integers) {
      for (std::size_t a = 0; a < node().shape.size(); ++a) {
        change("extent " + std::to_string(odd), [&](Node& n) { n.shape[a] = static_cast<std::size_t>(odd); });
        // An operator and its operand both: what the checks of one do not see.
        if (node().inputs.empty()) continue;
        change("extents " + std::to_string(odd), [&](Node& n, Graph& g) {
          Shape& source = g.nodes[n.inputs[0]].shape;
          n.shape[a] = static_cast<std::size_t>(odd);
          if (a < source.size()) source[a] = static_cast<std::size_t>(odd);
        });
      }
      const int scale = static_cast<int>(std::clamp<std::int64_t>(odd, INT32_MIN, INT32_MAX));
      change("scale " + std::to_string(scale), [&](Node& n) { n.scale = scale; });
    }
    for (const int scale : {-1000, -100, -30, 40, 130, 1000}) {
      change("all scales moved by " + std::to_string(scale), [&](Node&, Graph& g) {
        for (Node& other : g.nodes) other.scale += scale;
      });
      change("operand's scale " + std::to_string(scale), [&](Node& n, Graph& g) {
        if (!n.inputs.empty()) g.nodes[n.inputs[0]].scale = scale;
      });
    }
    change("one axis less", [](Node& n) { n.shape.pop_back(); });
    change("one axis more", [](Node& n) { n.shape.insert(n.shape.begin(), 1); });
    change("no axes", [](Node& n) { n.shape.clear(); });
    change("many axes", [](Node& n) { n.shape.resize(5000, 1); });
    change("type", [](Node& n) { n.type = n.type == DType::boolean ? DType::f32 : DType::boolean; });
    for (const Int128 odd : odd_factors) {
      change("divisor", [&](Node& n) { n.rebase_divisor = odd; });
      change("factors", [&](Node& n) { n.input_multipliers.assign(n.inputs.size(), odd); });
      change("one factor", [&](Node& n) {
        n.input_multipliers.assign(n.inputs.size(), 1);
        if (!n.inputs.empty()) n.input_multipliers.back() = odd;
      });
    }
    change("a factor too few",
           [](Node& n) { n.input_multipliers.resize(n.inputs.empty() ? 1 : n.inputs.size() - 1, 2); });
    change("no name", [](Node& n) { n.name.clear(); });
    constants();
    for (const char* kind : {"Input", "Constant", "ForceScale", "Identity", "Add", "NoSuch", ""}) {
      change("kind " + std::string(kind), [&](Node& n) { n.op.kind = kind; });
    }
    for (const OpEntry* entry : all_ops()) {
      change("kind " + std::string(entry->kind), [&](Node& n) { n.op.kind = entry->kind; });
    }
    lists();
  }

 private:
  const Node& node() const { return graph_.nodes[at_]; }

  template <class Change>
  void change(const std::string& what, const Change& change_node) {
    Graph copy = graph_;
    for (Node& n : copy.nodes) {
      if (n.constant) n.constant = std::make_shared<ConstantData>(*n.constant);
    }
    if constexpr (std::is_invocable_v<Change, Node&, Graph&>) {
      change_node(copy.nodes[at_], copy);
    } else {
      change_node(copy.nodes[at_]);
    }
    visit_(node().op.kind + ", " + what, copy);
  }

  void attributes() {
    for (const auto& [key, value] : node().op.attributes) {
      const std::string name = key;
      const auto put = [&](const std::string& what, const Attribute& other) {
        change(name + " " + what, [&](Node& n) { n.op.attributes[name] = other; });
      };
      change(name + " dropped", [&](Node& n) { n.op.attributes.erase(name); });
      for (const std::int64_t odd : odd_integers) put("= " + std::to_string(odd), odd);
      for (const double odd : odd_reals) put("= " + std::to_string(odd), odd);
      for (const char* odd : {"", "sum", "none", "mul", "constant", "edge", "left", "ij,jk->ik", "->", "iii->i,"}) {
        put("= " + std::string(odd), std::string(odd));
      }
      put("an empty list", Ints());
      put("a list of reals", std::vector<double>{0.5, 1e300});
      if (const auto* list = std::get_if<Ints>(&value)) {
        for (const std::int64_t odd : odd_integers) {
          for (std::size_t k = 0; k < std::min<std::size_t>(list->size(), 6); ++k) {
            Ints other = *list;
            other[k] = odd;
            put("entry " + std::to_string(k) + " = " + std::to_string(odd), other);
          }
          put("all = " + std::to_string(odd), Ints(list->size(), odd));
        }
        Ints shorter = *list, longer = *list;
        if (!shorter.empty()) shorter.pop_back();
        longer.push_back(1);
        put("shorter", shorter);
        put("longer", longer);
      }
      if (const auto* list = std::get_if<std::vector<double>>(&value)) {
        for (const double odd : odd_reals) put("all = " + std::to_string(odd), std::vector<double>(list->size(), odd));
        std::vector<double> longer = *list;
        longer.push_back(1);
        put("longer", longer);
      }
    }
    change("an attribute more", [](Node& n) { n.op.attributes["more"] = std::int64_t{1}; });
  }

  void operands() {
    const std::size_t count = graph_.nodes.size();
    for (std::size_t k = 0; k < node().inputs.size(); ++k) {
      for (const std::size_t other : {std::size_t{0}, at_, at_ + 1, count, std::size_t{UINT32_MAX}}) {
        change("reads node " + std::to_string(other),
               [&](Node& n) { n.inputs[k] = static_cast<std::uint32_t>(other); });
      }
    }
    change("no operands", [](Node& n) { n.inputs.clear(); });
    change("an operand less", [](Node& n) {
      if (!n.inputs.empty()) n.inputs.pop_back();
    });
    change("an operand more", [](Node& n) { n.inputs.push_back(0); });
    change("operands swapped", [](Node& n) { std::reverse(n.inputs.begin(), n.inputs.end()); });
    change("many operands", [](Node& n) { n.inputs.resize(1000, 0); });
  }

  void constants() {
    if (node().constant == nullptr) {
      return change("values", [](Node& n) { n.constant = std::make_shared<ConstantData>(); });
    }
    change("no constant", [](Node& n) { n.constant = nullptr; });
    change("no integers", [](Node& n) { n.constant->integers.clear(); });
    change("no floats", [](Node& n) { n.constant->floats.clear(); });
    change("an integer more", [](Node& n) { n.constant->integers.push_back(1); });
    change("a float more", [](Node& n) { n.constant->floats.push_back(1); });
    for (const Int128 odd : odd_factors) {
      change("integers", [&](Node& n) { n.constant->integers.assign(n.constant->integers.size(), odd); });
      change("negative integers", [&](Node& n) { n.constant->integers.assign(n.constant->integers.size(), -odd); });
      change("an integer", [&](Node& n) {
        if (!n.constant->integers.empty()) n.constant->integers.back() = odd;
      });
    }
    change("least integer",
           [](Node& n) { n.constant->integers.assign(n.constant->integers.size(), Int128{1} << 127); });
  }

  void lists() {
    change("node moved to the front", [&](Node&, Graph& g) {
      std::rotate(g.nodes.begin(), g.nodes.begin() + static_cast<std::ptrdiff_t>(at_),
                  g.nodes.begin() + static_cast<std::ptrdiff_t>(at_) + 1);
    });
    change("node removed", [&](Node&, Graph& g) { g.nodes.erase(g.nodes.begin() + static_cast<std::ptrdiff_t>(at_)); });
    change("shown as output too", [&](Node&, Graph& g) {
      g.outputs.push_back(static_cast<std::uint32_t>(at_));
      g.output_names.push_back("more");
    });
    change("no outputs", [](Node&, Graph& g) {
      g.outputs.clear();
      g.output_names.clear();
    });
    change("output out of range", [](Node&, Graph& g) { g.outputs[0] = UINT32_MAX; });
    change("an input less", [](Node&, Graph& g) {
      g.inputs.clear();
      g.input_names.clear();
    });
    change("as input", [&](Node&, Graph& g) {
      g.inputs.push_back(static_cast<std::uint32_t>(at_));
      g.input_names.push_back("more");
    });
    change("input out of range", [](Node&, Graph& g) {
      g.inputs.push_back(UINT32_MAX);
      g.input_names.push_back("more");
    });
    change("names missing", [](Node&, Graph& g) { g.input_names.clear(), g.output_names.clear(); });
    change("other semantics", [](Node&, Graph& g) {
      g.semantics = g.semantics == Semantics::onnx ? Semantics::published : Semantics::onnx;
    });
  }

  const Graph& graph_;
  std::size_t at_;
  const Visit& visit_;
};

TEST(HostileGraph, EveryOperatorIsThere) {
  std::set<std::string> kinds;
  for (const Sample& sample : samples()) {
    const CompiledModel model = parse_compiled(bytes_of(sample.graph, sample.args), sample.name);
    EXPECT_NO_THROW(record(model.graph, sample.args)) << sample.name;
    for (const Node& node : sample.graph.nodes) kinds.insert(node.op.kind);
  }
  for (const OpEntry* entry : all_ops()) EXPECT_EQ(kinds.count(std::string(entry->kind)), 1u) << entry->kind;
}

/// Every operator in up to three nodes that differ in their attributes.
TEST(HostileGraph, EveryFieldMayBeAnything) {
  std::map<std::string, std::size_t> seen;
  std::size_t mutations = 0, refusals = 0;
  const Mutator::Visit visit = [&](const std::string& what, const Graph& graph) {
    ++mutations;
    if (refused(bytes_of(graph, small_args(graph.semantics)), what)) ++refusals;
  };
  for (const Sample& sample : samples()) {
    for (std::size_t i = 0; i < sample.graph.nodes.size(); ++i) {
      if (++seen[sample.graph.nodes[i].op.kind] > 3) continue;
      Mutator(sample.graph, i, visit).run();
    }
  }
  RecordProperty("mutations", static_cast<int>(mutations));
  RecordProperty("refused", static_cast<int>(refusals));
  EXPECT_GT(refusals, mutations / 2);
  EXPECT_LT(refusals, mutations);
}

/// Bytes anywhere in the payload, under a checksum that fits them.
TEST(HostileGraph, EveryByteMayBeAnything) {
  std::mt19937 random(1);
  for (const Sample& sample : samples()) {
    ByteWriter writer;
    write_text(writer, settings_text({}));
    const std::size_t graph_start = writer.out.size();
    const std::vector<std::uint8_t> whole = bytes_of(sample.graph, sample.args);
    const std::string kind = "EZKL-CPP compiled model, format ";
    const auto payload = unseal(kind, 2, whole, "m");
    for (int round = 0; round < 12; ++round) {
      std::vector<std::uint8_t> damaged(payload.begin(), payload.end());
      const std::size_t at = graph_start + random() % (damaged.size() - graph_start);
      const int form = round % 4;
      if (form == 0) damaged[at] = static_cast<std::uint8_t>(random());
      if (form == 1) damaged[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
      if (form == 2) damaged.insert(damaged.begin() + static_cast<std::ptrdiff_t>(at), 3, 0xff);
      if (form == 3) damaged.erase(damaged.begin() + static_cast<std::ptrdiff_t>(at));
      refused(seal(kind, 2, damaged), sample.name + ", byte " + std::to_string(at));
    }
  }
}

}  // namespace
}  // namespace ezkl
