#include "plonk/halo2/pinned.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "transcript/blake2b.hpp"

namespace ezkl::plonk {
namespace {

constexpr const char* base_modulus = "0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47";
constexpr const char* scalar_modulus = "0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001";

class PinnedText {
 public:
  explicit PinnedText(const VerifyingKey& vk) {
    Fr omega = Fr::root_of_unity();
    for (unsigned i = vk.k; i < Fr::two_adicity; ++i) omega = omega.square();
    add("PinnedVerificationKey { base_modulus: \"", base_modulus, "\", scalar_modulus: \"", scalar_modulus,
        "\", domain: PinnedEvaluationDomain { k: ", number(vk.k), ", extended_k: ",
        number(extended_k(vk.k, vk.system.quotient_pieces())), ", omega: ", omega.to_hex_be(), " }, cs: ");
    system(vk.system);
    add(", fixed_commitments: ");
    list(vk.fixed_commitments, [this](const G1Affine& p) { point(p); });
    add(", permutation: VerifyingKey { commitments: ");
    list(vk.permutation_commitments, [this](const G1Affine& p) { point(p); });
    add(" } }");
  }

  std::string take() { return std::move(text_); }

 private:
  static unsigned extended_k(unsigned k, unsigned pieces) {
    unsigned out = k;
    while ((std::uint64_t{1} << out) < (std::uint64_t{1} << k) * pieces) ++out;
    if (out > Fr::two_adicity) {
      throw Error(Fault::range, "a circuit of 2^" + std::to_string(k) + " rows and degree " +
                                    std::to_string(pieces + 1) + " exceeds the largest evaluation domain");
    }
    return out;
  }

  template <class... Parts>
  void add(const Parts&... parts) {
    (text_.append(parts), ...);
  }

  static std::string number(std::int64_t value) { return std::to_string(value); }

  template <class Items, class Print>
  void list(const Items& items, Print print) {
    add("[");
    bool first = true;
    for (const auto& item : items) {
      if (!first) add(", ");
      first = false;
      print(item);
    }
    add("]");
  }

  void point(const G1Affine& p) {
    if (p.is_identity()) {
      add("Infinity");
    } else {
      add("(", p.x.to_hex_be(), ", ", p.y.to_hex_be(), ")");
    }
  }

  void phases(const std::vector<std::uint8_t>& all) {
    list(all, [this](std::uint8_t phase) { add("Phase(", number(phase), ")"); });
  }

  void column(const Column& c) {
    add("Column { index: ", number(c.index), ", column_type: ");
    switch (c.kind) {
      case ColumnKind::advice:
        add("Advice");
        if (c.phase != 0) add(" { phase: Phase(", number(c.phase), ") }");
        break;
      case ColumnKind::fixed:
        add("Fixed");
        break;
      case ColumnKind::instance:
        add("Instance");
        break;
    }
    add(" }");
  }

  void columns(const std::vector<Column>& all) {
    list(all, [this](const Column& c) { column(c); });
  }

  void queries(const std::vector<Query>& all) {
    list(all, [this](const Query& query) {
      add("(");
      column(query.column);
      add(", Rotation(", number(query.rotation), "))");
    });
  }

  void cell(const char* kind, const Expression::Node& node) {
    add(kind, " { query_index: ", number(node.query), ", column_index: ", number(node.index), ", rotation: Rotation(",
        number(node.rotation), ")");
    if (node.op == Expression::Op::advice && node.phase != 0) add(", phase: Phase(", number(node.phase), ")");
    add(" }");
  }

  /// What stands in many places is spelled out once and copied: the text of wide tables is hundreds of megabytes.
  void expression(const std::shared_ptr<const Expression::Node>& shared) {
    const bool has_operands = shared->a != nullptr;
    if (!has_operands || shared.use_count() == 1) return spell_out(*shared);
    const auto [place, is_new] = written_.try_emplace(shared.get());
    if (!is_new) {
      text_.append(text_, place->second.first, place->second.second);
      return;
    }
    const std::size_t begin = text_.size();
    spell_out(*shared);
    written_[shared.get()] = {begin, text_.size() - begin};
  }

  void spell_out(const Expression::Node& node) {
    switch (node.op) {
      case Expression::Op::constant:
        return add("Constant(", node.value.to_hex_be(), ")");
      case Expression::Op::selector:
        return add("Selector(Selector(", number(node.index), ", ", node.simple ? "true" : "false", "))");
      case Expression::Op::fixed:
        return cell("Fixed", node);
      case Expression::Op::advice:
        return cell("Advice", node);
      case Expression::Op::instance:
        return cell("Instance", node);
      case Expression::Op::challenge:
        return add("Challenge(Challenge { index: ", number(node.index), ", phase: Phase(", number(node.phase), ") })");
      case Expression::Op::negated:
        add("Negated(");
        expression(node.a);
        return add(")");
      case Expression::Op::sum:
      case Expression::Op::product:
        add(node.op == Expression::Op::sum ? "Sum(" : "Product(");
        expression(node.a);
        add(", ");
        expression(node.b);
        return add(")");
      case Expression::Op::scaled:
        add("Scaled(");
        expression(node.a);
        return add(", ", node.value.to_hex_be(), ")");
    }
    throw Error(Fault::internal, "expression node of unknown kind");
  }

  void tuple(const std::vector<Expression>& all) {
    list(all, [this](const Expression& e) { expression(e.shared()); });
  }

  void tuples(const std::vector<std::vector<Expression>>& all) {
    list(all, [this](const std::vector<Expression>& t) { tuple(t); });
  }

  void lookups_map(const std::map<std::string, LookupEntry>& map) {
    add("{");
    bool first = true;
    for (const auto& [key, entry] : map) {
      if (!first) add(", ");
      first = false;
      add("\"", key, "\": LookupTracker { table: ");
      tuple(entry.table);
      add(", inputs: ");
      tuples(entry.inputs);
      add(" }");
    }
    add("}");
  }

  void system(const FinalSystem& s) {
    const auto& cs = s.cs;
    add("PinnedConstraintSystem { num_fixed_columns: ", number(cs.num_fixed), ", num_advice_columns: ",
        number(cs.num_advice), ", num_instance_columns: ", number(cs.num_instance), ", num_selectors: ",
        number(s.selectors_in_digest));
    if (cs.num_challenges > 0) {
      add(", num_challenges: ", number(cs.num_challenges), ", advice_column_phase: ");
      phases(cs.advice_phase);
      add(", challenge_phase: ");
      phases(cs.challenge_phase);
    }
    add(", gates: ");
    tuple(s.gates);
    add(", advice_queries: ");
    queries(cs.advice_queries);
    add(", instance_queries: ");
    queries(cs.instance_queries);
    add(", fixed_queries: ");
    queries(cs.fixed_queries);
    add(", permutation: Argument { columns: ");
    columns(cs.permutation);
    add(" }, lookups: ");
    list(s.arguments, [this](const LookupArgument& argument) {
      add("Argument { table_expressions: ");
      tuple(argument.table);
      add(", inputs_expressions: ");
      tuples(argument.inputs);
      add(" }");
    });
    add(", lookups_map: ");
    lookups_map(cs.lookups);
    if (!s.shuffles.empty()) {
      add(", shuffles: ");
      list(s.shuffles, [this](const ShuffleArgument& argument) {
        add("Argument { input_expressions: ");
        tuple(argument.input);
        add(", shuffle_expressions: ");
        tuple(argument.shuffle);
        add(" }");
      });
    }
    add(", constants: ");
    columns(cs.constants);
    add(", minimum_degree: ");
    if (cs.minimum_degree) {
      add("Some(", number(*cs.minimum_degree), ")");
    } else {
      add("None");
    }
    add(" }");
  }

  std::string text_;
  std::unordered_map<const Expression::Node*, std::pair<std::size_t, std::size_t>> written_;  ///< begin and length
};

}  // namespace

std::string pinned_text(const VerifyingKey& vk) {
  EZKL_ENSURE(vk.k <= Fr::two_adicity, "a key of 2^" + std::to_string(vk.k) + " rows");
  return PinnedText(vk).take();
}

Fr key_digest(const VerifyingKey& vk) {
  const std::string text = pinned_text(vk);
  Blake2b512 hash("Halo2-Verify-Key");
  std::array<std::uint8_t, 8> length;
  for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<std::uint8_t>(text.size() >> (8 * i));
  hash.update(length);
  hash.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return Fr::from_uniform_bytes(hash.finish());
}

}  // namespace ezkl::plonk
