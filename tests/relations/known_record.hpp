#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../sumcheck/known_answers.hpp"
#include "graph/claims/evaluation.hpp"
#include "relations/protocol.hpp"

/// The records of tests/reference/sumcheck.py, as src/graph/claims would have them.
namespace ezkl::testing {

struct KnownRecord {
  claims::Record record;
  claims::Trace trace;
  std::vector<std::pair<std::string, claims::Values>> tables;  ///< values of the functions, by name
};

inline claims::Values integers(const Json& json) {
  claims::Values out;
  for (const Json& value : json) out.push_back(value.get<std::int64_t>());
  return out;
}

inline KnownRecord known_record(const Json& json) {
  using claims::Claim;
  using claims::Kind;
  using claims::Origin;
  KnownRecord out;
  claims::Record& record = out.record;
  record.node_names = {"known"};
  const auto tensor = [](const Json& id) { return claims::Tensor{id.get<std::uint32_t>()}; };
  const auto tensors = [&](const Json& ids) {
    std::vector<claims::Tensor> list;
    for (const Json& id : ids) list.push_back(tensor(id));
    return list;
  };
  const auto view_of = [&](const Json& source, const Json& axes, const Shape& loops, std::int64_t outside) {
    claims::View view{tensor(source), loops, {}, outside};
    for (const Json& axis : axes) {
      claims::AxisMap& map = view.axes.emplace_back();
      map.base = axis[0].get<std::int64_t>();
      for (const Json& stride : axis[1])
        map.strides.emplace_back(stride[0].get<std::uint32_t>(), stride[1].get<std::int64_t>());
    }
    return view;
  };
  const auto add_linear = [&](const Json& terms, const Json& constant, Claim& claim) {
    claim.kind = Kind::linear;
    claim.constant = constant.get<std::int64_t>();
    for (const Json& term : terms) {
      claim.coefficients.push_back(term[0].get<std::int64_t>());
      claim.in.push_back(tensor(term[1]));
    }
  };
  std::uint32_t slots = 0;
  for (const Json& t : json["tensors"]) {
    const claims::Tensor id{static_cast<std::uint32_t>(record.tensors.size())};
    const auto kind = t["kind"].get<std::string>();
    claims::TensorInfo info;
    info.shape = t["shape"].get<Shape>();
    info.bounded = true;
    const auto values = std::make_shared<const claims::Values>(integers(t["values"]));
    out.trace.push_back(values);
    Claim claim;
    claim.out = {id};
    const Shape loops = t.contains("loops") ? t["loops"].get<Shape>() : info.shape;
    const auto split = [&] {
      claim.out_extents = info.shape;
      claim.sum_extents = Shape(loops.begin() + std::ptrdiff_t(info.shape.size()), loops.end());
    };
    bool defined = true;
    if (kind == "public" || kind == "input") {
      info.origin = Origin::input;
      record.inputs.push_back(id);
      const auto word = kind == "public" ? Visibility::Kind::public_ : Visibility::Kind::private_;
      record.bindings.push_back({id, {word, {}}, {claims::Slot::Group::input, slots++}});
      defined = false;
    } else if (kind == "fixed" || kind == "param") {
      info.origin = kind == "fixed" ? Origin::fixed : Origin::param;
      record.params.emplace_back(id, values);
      defined = false;
    } else if (kind == "hint") {
      info.origin = Origin::hint;
      defined = false;
    } else if (kind == "linear") {
      add_linear(t["terms"], t["const"], claim);
    } else if (kind == "con") {
      claim.kind = Kind::contract;
      claim.in = {tensor(t["x"]), tensor(t["k"])};
      claim.views = {view_of(t["x"], t["xaxes"], loops, 0), view_of(t["k"], t["kaxes"], loops, 0)};
      split();
    } else if (kind == "sum") {
      claim.kind = Kind::contract;
      claim.in = {tensor(t["src"])};
      claim.views = {view_of(t["src"], t["axes"], loops, 0)};
      split();
    } else if (kind == "view") {
      claim.kind = Kind::view;
      claim.in = {tensor(t["src"])};
      claim.views = {view_of(t["src"], t["axes"], info.shape, t["outside"].get<std::int64_t>())};
    } else if (kind == "reshape") {
      claim.kind = Kind::reshape;
      claim.in = {tensor(t["src"])};
    } else if (kind == "remap") {
      claim.kind = Kind::remap;
      claim.in = tensors(t["srcs"]);
      claim.map = std::make_shared<const std::vector<std::int64_t>>(t["map"].get<std::vector<std::int64_t>>());
      claim.values = std::make_shared<const claims::Values>(integers(t["constants"]));
    } else {
      throw std::runtime_error("a tensor of kind " + kind);
    }
    record.tensors.push_back(std::move(info));
    if (defined) record.claims.push_back(std::move(claim));
  }
  for (const Json& c : json["claims"]) {
    const auto kind = c["kind"].get<std::string>();
    Claim claim;
    if (kind == "zero") {
      add_linear(c["terms"], c["const"], claim);
      claim.defines = false;
    } else if (kind == "range") {
      claim.kind = Kind::range;
      claim.in = {tensor(c["tensor"])};
      claim.interval = {c["lo"].get<std::int64_t>(), c["hi"].get<std::int64_t>()};
    } else if (kind == "table") {
      claim.kind = Kind::table;
      claim.in = {tensor(c["key"])};
      claim.out = {tensor(c["out"])};
      claim.table = {c["name"].get<std::string>(), {}};
      const Json& table = json["tables"][claim.table.name];
      const auto first = table["first"].get<std::int64_t>();
      claim.interval = {first, first + std::int64_t(table["values"].size()) - 1};
    } else if (kind == "is_zero") {
      claim.kind = Kind::is_zero;
      claim.in = {tensor(c["x"])};
      claim.out = {tensor(c["out"])};
      record.tensors[claim.in[0].id].interval = {c["lo"].get<std::int64_t>(), c["hi"].get<std::int64_t>()};
    } else if (kind == "gather") {
      claim.kind = Kind::gather;
      claim.in = {tensor(c["data"]), tensor(c["index"])};
      claim.out = {tensor(c["out"])};
    } else {
      claim.kind = Kind::permute;
      claim.in = tensors(c["ys"]);
      for (const claims::Tensor t : tensors(c["xs"])) claim.in.push_back(t);
    }
    record.claims.push_back(std::move(claim));
  }
  slots = 0;
  for (const Json& id : json["outputs"]) {
    record.outputs.push_back(tensor(id));
    record.bindings.push_back({tensor(id), {Visibility::Kind::public_, {}}, {claims::Slot::Group::output, slots++}});
  }
  for (const auto& [name, table] : json["tables"].items()) out.tables.emplace_back(name, integers(table["values"]));
  return out;
}

/// A proof of the reference, with all that the program needs to make it again.
struct KnownProof {
  explicit KnownProof(const std::string& name)
      : json(known_answers(name)),
        known(known_record(json["record"])),
        plan(relations::make_plan(known.record, {json["row_bits"].get<unsigned>(), json["limb_bits"].get<unsigned>(),
                                                 json["tree_bits"].get<unsigned>()})),
        srs(srs_from_secret(plan.options.row_bits + 1, felt(json["tau"]))),
        instances(felts(json["instances"])) {
    key.digest = felt(json["digest"]);
    key.bases = srs.verifier();
    key.rows = relations::keyed_rows(plan, witness(), srs);
  }

  /// The functions of the reference's tables are its own.
  relations::Witness witness() const {
    relations::Witness out(plan, known.trace);
    for (const relations::Table& table : plan.tables) {
      for (const auto& [name, values] : known.tables) {
        if (table.function && table.function->name == name) {
          out.replace(table.values, std::vector<std::int64_t>(values.begin(), values.end()));
        }
      }
    }
    return out;
  }

  std::optional<std::string> check(std::span<const std::uint8_t> proof) const {
    return relations::verify(proof, plan, key, instances);
  }

  Json json;
  KnownRecord known;
  relations::Plan plan;
  Srs srs;
  std::vector<Fr> instances;
  relations::VerifyingKey key;
};

}  // namespace ezkl::testing
