#include "graph/passes/masks.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>

#include "ezkl/error.hpp"
#include "graph/passes/rewriter.hpp"

namespace ezkl {
namespace {

constexpr double infinite = 1e30;       // FLT_MAX, and what bfloat16 and double have instead
constexpr double mask_size = 1e9;       // what exporters add in place of minus infinity
constexpr double half_mask_size = 6e4;  // the same for float16, whose largest number is 65504

/// Operators that only ask which element is larger, for an infinity of this sign.
int compares(const std::string& kind) {
  if (kind == "ReduceMax" || kind == "ReduceArgMax" || kind == "MaxPool") return -1;
  return kind == "ReduceMin" || kind == "ReduceArgMin" ? 1 : 0;
}

bool moves(const std::string& kind) {
  static const std::set<std::string> kinds = {"Reshape", "Transpose", "Slice", "MultiBroadcastTo", "Tile", "Identity"};
  return kinds.count(kind) != 0;
}

bool is_comparison(const std::string& kind) {
  return kind == "Less" || kind == "LessEqual" || kind == "Greater" || kind == "GreaterEqual" || kind == "Equals";
}

bool is_infinite(double v) { return std::fabs(v) >= infinite; }

bool gathers_by_constant(const Node& node) { return node.op.kind == "Gather" && node.inputs.size() == 1; }

class MaskPass {
 public:
  MaskPass(const Graph& old, const RunArgs& args, const ModelBudget& budget)
      : old_(old), b_(args, budget), value_(old.nodes.size()), marks_(old.nodes.size()) {
    find_flags();
    find_masks();
  }

  bool needed() const {
    for (std::size_t i = 0; i < old_.nodes.size(); ++i) {
      const Node& node = old_.nodes[i];
      if (!filled(node).empty()) return true;
      if (node.op.kind != "Constant") continue;
      const std::vector<double>& values = node.constant->floats;
      const auto marks = [&](double v) { return sign_of(v, node, mask_only_[i]) != 0; };
      if (std::any_of(values.begin(), values.end(), marks)) return true;
    }
    return false;
  }

  Graph run() {
    for (std::uint32_t i = 0; i < old_.nodes.size(); ++i) {
      b_.set_name(old_.nodes[i].name);
      in_context("node '" + old_.nodes[i].name + "'", [&] { convert(i); });
    }
    for (std::size_t k = 0; k < old_.outputs.size(); ++k) {
      const std::uint32_t i = old_.outputs[k];
      if (marks_[i]) {
        throw Error(Fault::unsupported, "output '" + old_.output_names[k] + "' holds infinities, which come from '" +
                                            marks_[i]->source + "'; a circuit has no number for them");
      }
      b_.add_output(value_[i], old_.output_names[k]);
    }
    return b_.take();
  }

 private:
  /// Where `finite` is 0, a tensor is infinite, of this sign; the number it has there means nothing.
  struct Mark {
    Value finite;
    int sign;
    std::string source;
  };

  /// Whether all readers of a node lead to operators that compare, through such as add and move only.
  void find_masks() {
    mask_only_.assign(old_.nodes.size(), true);
    std::vector<bool> read(old_.nodes.size(), false);
    for (const std::uint32_t output : old_.outputs) mask_only_[output] = false;
    for (std::size_t i = old_.nodes.size(); i-- > 0;) {
      const Node& node = old_.nodes[i];
      const std::string& kind = node.op.kind;
      const bool ends = kind == "Softmax" || compares(kind) != 0;
      const bool passes = moves(kind) || gathers_by_constant(node) || kind == "Add" || kind == "Sub" ||
                          kind == "Mult" || kind == "Neg" || kind == "Concat" || kind == "Iff" || kind == "Remap" ||
                          kind == "Pad";
      for (std::size_t k = 0; k < node.inputs.size(); ++k) {
        const std::uint32_t input = node.inputs[k];
        read[input] = true;
        // A large factor masks only if it multiplies flags; scores times 1e9 are scores.
        const bool scales =
            kind == "Mult" && old_.nodes[input].op.kind == "Constant" && sign_of_flags(node.inputs[1 - k]) == 0;
        if (!ends && (scales || !(passes && mask_only_[i]))) mask_only_[input] = false;
      }
    }
    for (std::size_t i = 0; i < read.size(); ++i) mask_only_[i] = mask_only_[i] && read[i];
  }

  static int sign_of(double v, const Node& node, bool mask_only) {
    if (!is_float(node.type) || std::isnan(v)) return whole_end(v, node.type);
    const double least = !mask_only ? infinite : node.type == DType::f16 ? half_mask_size : mask_size;
    if (std::fabs(v) < least) return 0;
    return v < 0 ? -1 : 1;
  }

  /// The ends of 64-bit integers, which exporters write for no bound.
  static int whole_end(double v, DType type) {
    if (type != DType::i64 || std::fabs(v) < 0x1p63) return 0;
    return v < 0 ? -1 : 1;
  }

  /// The infinite numbers that a node fills in.
  static std::vector<double> filled(const Node& node) {
    std::vector<double> found;
    if (node.op.kind != "Pad" && node.op.kind != "Remap") return found;
    for (const char* name : {"value", "values"}) {
      const auto at = node.op.attributes.find(name);
      if (at == node.op.attributes.end()) continue;
      if (const auto* one = std::get_if<double>(&at->second); one && is_infinite(*one)) found.push_back(*one);
      if (const auto* many = std::get_if<std::vector<double>>(&at->second)) {
        std::copy_if(many->begin(), many->end(), std::back_inserter(found), is_infinite);
      }
    }
    return found;
  }

  const Node& operand(const Node& node, std::size_t k) const { return old_.nodes[node.inputs[k]]; }
  Value mapped(const Node& node, std::size_t k) const { return value_[node.inputs[k]]; }
  const std::optional<Mark>& mark(const Node& node, std::size_t k) const { return marks_[node.inputs[k]]; }

  Value truth(const Shape& shape, bool value) { return b_.constant(DType::boolean, shape, value ? 1 : 0); }

  void convert(std::uint32_t i) {
    const Node& node = old_.nodes[i];
    if (node.op.kind == "Input") {
      value_[i] = b_.input(node.name, node.type, node.shape);
    } else if (node.op.kind == "Constant") {
      convert_constant(i);
    } else if (std::any_of(node.inputs.begin(), node.inputs.end(), [&](std::uint32_t k) { return marks_[k]; })) {
      convert_marked(i);
    } else if (!filled(node).empty()) {
      convert_filling(i);
    } else {
      value_[i] = copy(node);
    }
  }

  Value copy(const Node& node) {
    std::vector<Value> inputs;
    for (const std::uint32_t input : node.inputs) inputs.push_back(value_[input]);
    if (node.op.kind == "ForceScale") return b_.force_scale(inputs[0], inputs[1]);
    return b_.apply(node.op.kind, node.op.attributes, std::move(inputs), node.type);
  }

  void convert_constant(std::uint32_t i) {
    const Node& node = old_.nodes[i];
    FloatTensor finite{DType::boolean, node.shape, {}}, numbers{node.type, node.shape, node.constant->floats};
    int sign = 0;
    bool mixed = false;
    for (double& v : numbers.data) {
      const int own = sign_of(v, node, mask_only_[i]);
      finite.data.push_back(own == 0 ? 1 : 0);
      if (own == 0) continue;
      mixed = mixed || (sign != 0 && own != sign);
      sign = own;
      v = 0;
    }
    // With both signs it stays as it is, for quantization to refuse.
    if (sign == 0 || mixed) {
      value_[i] = b_.share_constant(node);
      return;
    }
    value_[i] = b_.constant(std::move(numbers));
    marks_[i] = Mark{b_.constant(std::move(finite)), sign, node.name};
  }

  /// Padding with an infinity: padding with 0, and a mark.
  void convert_filling(std::uint32_t i) {
    const Node& node = old_.nodes[i];
    const std::vector<double> found = filled(node);
    const bool negative = found.front() < 0;
    if (std::any_of(found.begin(), found.end(), [&](double v) { return (v < 0) != negative; })) refuse(node, node.name);
    Attributes numbers = node.op.attributes, flags = node.op.attributes;
    for (const char* name : {"value", "values"}) {
      const auto at = numbers.find(name);
      if (at == numbers.end()) continue;
      if (auto* one = std::get_if<double>(&at->second); one && is_infinite(*one)) *one = 0;
      if (auto* many = std::get_if<std::vector<double>>(&at->second)) {
        std::vector<double> kept;
        for (double& v : *many) {
          kept.push_back(is_infinite(v) ? 0 : 1);
          if (is_infinite(v)) v = 0;
        }
        flags[name] = kept;
      } else {
        flags[name] = 0.0;
      }
    }
    value_[i] = b_.apply(node.op.kind, numbers, {mapped(node, 0)}, node.type);
    const Value ones = truth(operand(node, 0).shape, true);
    marks_[i] = Mark{b_.apply(node.op.kind, flags, {ones}, DType::boolean), negative ? -1 : 1, node.name};
  }

  [[noreturn]] void refuse(const Node& node, const std::string& source) const {
    throw Error(Fault::unsupported,
                "(" + node.op.kind + ") takes infinities or numbers of 1e30 and more from '" + source +
                    "'; a circuit has no number for them, except where they only bound, compare or mask scores");
  }

  const Mark& any_mark(const Node& node) const {
    for (const std::uint32_t k : node.inputs) {
      if (marks_[k]) return *marks_[k];
    }
    throw Error(Fault::internal, "no operand is marked");
  }

  Value both(const std::optional<Mark>& a, const std::optional<Mark>& b) {
    if (!a) return b->finite;
    if (!b) return a->finite;
    return b_.logical("And", a->finite, b->finite);
  }

  void convert_marked(std::uint32_t i) {
    const Node& node = old_.nodes[i];
    const std::string& kind = node.op.kind;
    const Mark& first = any_mark(node);
    const auto marked = [&](Value finite, int sign) {
      marks_[i] = Mark{b_.expand(finite, node.shape), sign, first.source};
    };
    if (kind == "Max" || kind == "Min") return convert_bound(i);
    if (is_comparison(kind)) return convert_comparison(i);
    if (kind == "Softmax" && first.sign < 0) {
      value_[i] = b_.apply(kind, node.op.attributes, {mapped(node, 0), b_.expand(first.finite, operand(node, 0).shape)},
                           node.type);
      return;
    }
    if (compares(kind) == first.sign) {
      const Value masked = b_.apply("Masked", {{"side", std::int64_t{first.sign}}},
                                    {mapped(node, 0), b_.expand(first.finite, operand(node, 0).shape)});
      value_[i] = b_.apply(kind, node.op.attributes, {masked}, node.type);
      return;
    }
    if ((kind == "Exp" || kind == "Sigmoid" || kind == "LeakyReLU") && first.sign < 0 &&
        (kind != "LeakyReLU" || node.op.real("slope") == 0)) {
      value_[i] = b_.where(first.finite, copy(node), b_.scalar(node.type, 0));
      return;
    }
    if (kind == "Mult") return convert_product(i);
    value_[i] = copy(node);
    if (moves(kind) || gathers_by_constant(node) || kind == "ForceScale") {
      if (node.op.has("shift") && node.op.integer("shift") < 0) refuse(node, first.source);
      marks_[i] = Mark{kind == "ForceScale" || kind == "Identity"
                           ? first.finite
                           : b_.apply(kind, node.op.attributes, {first.finite}, DType::boolean),
                       first.sign, first.source};
    } else if (kind == "Pad" || kind == "Remap") {
      Attributes flags = node.op.attributes;
      if (!filled(node).empty()) refuse(node, first.source);
      if (kind == "Pad") flags["value"] = 1.0;
      if (const auto at = flags.find("values"); at != flags.end()) {
        at->second = std::vector<double>(node.op.reals("values").size(), 1.0);
      }
      marked(b_.apply(kind, flags, {first.finite}, DType::boolean), first.sign);
    } else if (kind == "Neg") {
      marked(first.finite, -first.sign);
    } else if (kind == "Add" || kind == "Sub") {
      const auto &a = mark(node, 0), &b = mark(node, 1);
      const int right = b ? (kind == "Sub" ? -b->sign : b->sign) : a->sign, left = a ? a->sign : right;
      if (left != right) refuse(node, first.source);
      marked(both(a, b), left);
    } else if (kind == "Concat" || kind == "Iff") {
      convert_joined(i);
    } else {
      refuse(node, first.source);
    }
  }

  /// Parts side by side, or one chosen of two: so are their marks.
  void convert_joined(std::uint32_t i) {
    const Node& node = old_.nodes[i];
    const Mark& first = any_mark(node);
    std::vector<Value> flags;
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      if (mark(node, k) && mark(node, k)->sign != first.sign) refuse(node, first.source);
      flags.push_back(mark(node, k) ? mark(node, k)->finite : truth(operand(node, k).shape, true));
    }
    if (node.op.kind == "Concat") {
      marks_[i] = Mark{b_.apply("Concat", node.op.attributes, flags, DType::boolean), first.sign, first.source};
      return;
    }
    if (mark(node, 0)) refuse(node, first.source);
    const Value chosen = mapped(node, 0);
    const auto unless = [&](std::size_t k, Value elsewhere) {
      return b_.uniform_constant(flags[k]) == 0.0 ? elsewhere : b_.logical("Or", flags[k], elsewhere);
    };
    const Value yes = mark(node, 1) ? unless(1, b_.logical_not(chosen)) : 0;
    const Value no = mark(node, 2) ? unless(2, chosen) : 0;
    const Value finite = !mark(node, 1) ? no : !mark(node, 2) ? yes : b_.logical("And", yes, no);
    marks_[i] = Mark{b_.expand(finite, node.shape), first.sign, first.source};
  }

  /// The larger of x and minus infinity is x.
  void convert_bound(std::uint32_t i) {
    const Node& node = old_.nodes[i];
    const int neutral = node.op.kind == "Max" ? -1 : 1;
    const auto &a = mark(node, 0), &b = mark(node, 1);
    if ((a && a->sign != neutral) || (b && b->sign != neutral)) refuse(node, any_mark(node).source);
    if (a && b) {
      const Value alone = b_.where(a->finite, mapped(node, 0), mapped(node, 1));
      value_[i] = b_.where(b_.logical("And", a->finite, b->finite), copy(node), alone);
      marks_[i] = Mark{b_.expand(b_.logical("Or", a->finite, b->finite), node.shape), neutral, a->source};
      return;
    }
    const Value other = b_.expand(mapped(node, a ? 1 : 0), node.shape);
    const Value finite = (a ? a : b)->finite;
    if (b_.uniform_constant(finite) == 0.0) {
      value_[i] = other;
    } else {
      value_[i] = b_.where(finite, copy(node), other);
    }
  }

  void convert_comparison(std::uint32_t i) {
    const Node& node = old_.nodes[i];
    const auto &a = mark(node, 0), &b = mark(node, 1);
    if (a && b) refuse(node, a->source);
    const Mark& m = a ? *a : *b;
    // What the operator says where the marked side is infinite.
    const bool less = node.op.kind == "Less" || node.op.kind == "LessEqual";
    const bool answer = node.op.kind != "Equals" && (less == (a ? m.sign < 0 : m.sign > 0));
    if (b_.uniform_constant(m.finite) == 0.0) {
      value_[i] = truth(node.shape, answer);
      return;
    }
    const Value compared = copy(node);
    const Value finite = b_.expand(m.finite, node.shape);
    value_[i] = answer ? b_.logical("Or", compared, b_.logical_not(finite)) : b_.logical("And", compared, finite);
  }

  /// Zeros and ones times a mask's number: infinite where they are not zero.
  void convert_product(std::uint32_t i) {
    const Node& node = old_.nodes[i];
    const auto &a = mark(node, 0), &b = mark(node, 1);
    if (a && b) refuse(node, a->source);
    const std::size_t other = a ? 1 : 0;
    const Mark& m = a ? *a : *b;
    const int sign = sign_of_flags(node.inputs[other]);
    const bool sure = sign != 0 || is_infinite_constant(node.inputs[1 - other]);
    if (!sure || !mask_only_[i]) refuse(node, m.source);
    value_[i] = copy(node);
    const Value zero = b_.compare("Equals", mapped(node, other), b_.scalar(operand(node, other).type, 0));
    const Value finite = b_.uniform_constant(m.finite) == 0.0 ? zero : b_.logical("Or", m.finite, zero);
    marks_[i] = Mark{b_.expand(finite, node.shape), sign < 0 ? -m.sign : m.sign, m.source};
  }

  bool is_infinite_constant(std::uint32_t i) const {
    const Node& node = old_.nodes[i];
    return node.op.kind == "Constant" &&
           std::any_of(node.constant->floats.begin(), node.constant->floats.end(), is_infinite);
  }

  struct Ends {
    double lo, hi;
  };

  /// The sign of a tensor that is made of flags: 1 for 0 and 1, -1 for -1 and 0, else 0.
  int sign_of_flags(std::uint32_t i) const {
    const std::optional<Ends>& ends = flags_[i];
    if (!ends || ends->lo < -1 || ends->hi > 1) return 0;
    return ends->lo >= 0 ? 1 : ends->hi <= 0 ? -1 : 0;
  }

  /// Each node once, after its operands: a model may add a tensor to itself again and again.
  void find_flags() {
    for (const Node& node : old_.nodes) flags_.push_back(ends_of_flags(node));
  }

  /// Whole numbers and their bounds, if that is what a tensor holds. Integer inputs that mask are taken as 0 and 1.
  std::optional<Ends> ends_of_flags(const Node& node) const {
    const std::string& kind = node.op.kind;
    if (node.type == DType::boolean) return Ends{0, 1};
    if (kind == "Input") return is_integer(node.type) ? std::optional(Ends{0, 1}) : std::nullopt;
    const auto of = [&](std::size_t k) { return flags_[node.inputs[k]]; };
    if (kind == "Constant") {
      const std::vector<double>& v = node.constant->floats;
      const bool whole =
          std::all_of(v.begin(), v.end(), [](double x) { return x == std::trunc(x) && std::fabs(x) < 9; });
      if (v.empty() || !whole) return std::nullopt;
      return Ends{*std::min_element(v.begin(), v.end()), *std::max_element(v.begin(), v.end())};
    }
    if (moves(kind) || gathers_by_constant(node) || kind == "CastInt") {
      return node.op.integer("shift", 0) == 0 ? of(0) : std::nullopt;
    }
    if (kind == "Neg") {
      const auto x = of(0);
      return x ? std::optional(Ends{-x->hi, -x->lo}) : std::nullopt;
    }
    if (kind != "Add" && kind != "Sub" && kind != "Mult") return std::nullopt;
    const auto x = of(0), y = of(1);
    if (!x || !y) return std::nullopt;
    if (kind == "Add") return exact({x->lo + y->lo, x->hi + y->hi});
    if (kind == "Sub") return exact({x->lo - y->hi, x->hi - y->lo});
    const auto [lo, hi] = std::minmax({x->lo * y->lo, x->lo * y->hi, x->hi * y->lo, x->hi * y->hi});
    return exact({lo, hi});
  }

  /// Beyond 2^53 doubles are no whole numbers any more.
  static std::optional<Ends> exact(Ends ends) {
    return std::max(-ends.lo, ends.hi) <= 0x1p53 ? std::optional(ends) : std::nullopt;
  }

  const Graph& old_;
  Builder b_;
  std::vector<Value> value_;
  std::vector<std::optional<Mark>> marks_;
  std::vector<std::optional<Ends>> flags_;
  std::vector<bool> mask_only_;
};

}  // namespace

Graph select_masks(const Graph& graph, const RunArgs& args, const ModelBudget& budget) {
  if (args.semantics != Semantics::onnx) return graph;
  MaskPass pass(graph, args, budget);
  return pass.needed() ? remove_dead_nodes(pass.run()) : graph;
}

}  // namespace ezkl
