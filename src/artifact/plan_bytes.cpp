#include "artifact/plan_bytes.hpp"

#include <algorithm>
#include <bit>
#include <memory>
#include <optional>

#include "artifact/envelope.hpp"
#include "artifact/list_bytes.hpp"
#include "ezkl/error.hpp"
#include "relations/plan_check.hpp"

namespace ezkl {
namespace {

using relations::Expression;
using relations::Plan;
using relations::PlanTensor;
using relations::Table;
using relations::TensorKind;
using relations::Tree;

// numbers

/// 0 and a signed number, or 1 and 32 bytes for elements that are no numbers of 63 bits.
void write_element(ByteWriter& w, const Fr& value) {
  const auto small = value.to_small();
  w.u8(small ? 0 : 1);
  if (small) {
    write_signed(w, *small);
  } else {
    w.bytes(value.to_bytes_be());
  }
}

Fr read_element(ByteReader& r) {
  const std::uint8_t tag = r.u8();
  if (tag == 0) {
    const Int128 value = read_signed(r);
    const Fr element = Fr::from_i128(value);
    if (!element.to_small() || *element.to_small() != value) damaged(r, "an element in a form that it does not take");
    return element;
  }
  const auto element = Fr::from_bytes_be(r.bytes(32).first<32>());
  if (tag != 1 || !element || element->to_small()) damaged(r, "an element in a form that it does not take");
  return *element;
}

std::uint32_t read_number(ByteReader& r) {
  const std::uint64_t value = read_varint(r);
  if (value > UINT32_MAX) damaged(r, "a number of more than 32 bits");
  return static_cast<std::uint32_t>(value);
}

bool read_flag(ByteReader& r) {
  const std::uint8_t value = r.u8();
  if (value > 1) damaged(r, "a mark that is neither 0 nor 1");
  return value == 1;
}

std::int64_t read_i64(ByteReader& r) {
  const Int128 value = read_signed(r);
  if (value < INT64_MIN || value > INT64_MAX) damaged(r, "a number of more than 64 bits");
  return static_cast<std::int64_t>(value);
}

void write_numbers(ByteWriter& w, const std::vector<std::uint32_t>& numbers) {
  write_list(w, numbers, [&](std::uint32_t n) { write_varint(w, n); });
}
std::vector<std::uint32_t> read_numbers(ByteReader& r) {
  return read_list<std::uint32_t>(r, 1, [&] { return read_number(r); });
}

void write_integers(ByteWriter& w, const claims::Values& values) {
  write_list(w, values, [&](Int128 v) { write_signed(w, v); });
}
std::shared_ptr<const claims::Values> read_integers(ByteReader& r) {
  return std::make_shared<const claims::Values>(read_list<Int128>(r, 1, [&] { return read_signed(r); }));
}

void write_shape(ByteWriter& w, const Shape& shape) {
  write_list(w, shape, [&](std::size_t extent) { write_varint(w, extent); });
}
Shape read_shape(ByteReader& r) {
  return read_list<std::size_t>(r, 1, [&] { return static_cast<std::size_t>(read_varint(r)); });
}

// tensors

void write_expression(ByteWriter& w, const Expression& e) {
  write_list(w, e.terms, [&](const relations::Term& term) {
    write_element(w, term.coefficient);
    write_varint(w, term.tensor);
  });
  write_element(w, e.constant);
}
Expression read_expression(ByteReader& r) {
  Expression out;
  out.terms = read_list<relations::Term>(r, 3, [&] {
    const Fr coefficient = read_element(r);
    return relations::Term{coefficient, read_number(r)};
  });
  out.constant = read_element(r);
  return out;
}

void write_axes(ByteWriter& w, const std::vector<claims::AxisMap>& axes) {
  write_list(w, axes, [&](const claims::AxisMap& axis) {
    write_signed(w, axis.base);
    write_list(w, axis.strides, [&](const auto& stride) {
      write_varint(w, stride.first);
      write_signed(w, stride.second);
    });
  });
}
std::vector<claims::AxisMap> read_axes(ByteReader& r) {
  return read_list<claims::AxisMap>(r, 2, [&] {
    claims::AxisMap axis;
    axis.base = read_i64(r);
    axis.strides = read_list<std::pair<std::uint32_t, std::int64_t>>(r, 2, [&] {
      const std::uint32_t loop = read_number(r);
      return std::make_pair(loop, read_i64(r));
    });
    return axis;
  });
}

/// Known values: one where all are equal.
claims::Values shortened(const claims::Values& values) {
  const bool equal = std::all_of(values.begin(), values.end(), [&](Int128 v) { return v == values[0]; });
  return equal && !values.empty() ? claims::Values{values[0]} : values;
}

void write_tensor(ByteWriter& w, const PlanTensor& t) {
  w.u8(static_cast<std::uint8_t>(t.kind));
  w.u8(t.materialised ? 1 : 0);
  write_shape(w, t.shape);
  if (t.kind == TensorKind::linear) write_expression(w, t.linear);
  if (t.kind > TensorKind::linear) write_numbers(w, t.sources);
  if (t.kind == TensorKind::view || t.kind == TensorKind::sum || t.kind == TensorKind::contraction) {
    write_shape(w, Shape(t.loops.begin() + std::ptrdiff_t(t.shape.size()), t.loops.end()));
    for (const auto& axes : t.axes) write_axes(w, axes);
  }
  if (t.kind == TensorKind::view) write_signed(w, t.outside);
  if (t.kind == TensorKind::known) write_integers(w, shortened(*t.values));
  if (t.kind == TensorKind::remap) {
    write_list(w, *t.map, [&](std::int64_t at) { write_signed(w, at); });
    write_integers(w, *t.values);
  }
}

PlanTensor read_tensor(ByteReader& r) {
  PlanTensor t;
  const std::uint8_t number = r.u8();
  if (number > static_cast<std::uint8_t>(TensorKind::contraction)) damaged(r, "a tensor of no kind");
  t.kind = static_cast<TensorKind>(number);
  t.materialised = read_flag(r);
  t.shape = read_shape(r);
  try {
    t.cube = Cube(t.shape);
  } catch (const Error& e) {
    damaged(r, e.what());
  }
  if (t.kind == TensorKind::linear) t.linear = read_expression(r);
  if (t.kind > TensorKind::linear) t.sources = read_numbers(r);
  if (t.kind == TensorKind::view || t.kind == TensorKind::sum || t.kind == TensorKind::contraction) {
    t.loops = t.shape;
    const Shape summed = read_shape(r);
    t.loops.insert(t.loops.end(), summed.begin(), summed.end());
    t.axes.push_back(read_axes(r));
    if (t.kind == TensorKind::contraction) t.axes.push_back(read_axes(r));
  }
  if (t.kind == TensorKind::view) t.outside = read_signed(r);
  if (t.kind == TensorKind::known) t.values = read_integers(r);
  if (t.kind == TensorKind::remap) {
    t.map =
        std::make_shared<const std::vector<std::int64_t>>(read_list<std::int64_t>(r, 1, [&] { return read_i64(r); }));
    t.values = read_integers(r);
  }
  return t;
}

// claims

void write_function(ByteWriter& w, const std::optional<claims::TableId>& id) {
  w.u8(id ? 1 : 0);
  if (!id) return;
  write_text(w, id->name);
  write_table(w, id->parameters, [&](float value) { w.u32le(std::bit_cast<std::uint32_t>(value)); });
}
std::optional<claims::TableId> read_function(ByteReader& r) {
  if (!read_flag(r)) return std::nullopt;
  claims::TableId id;
  id.name = read_text_field(r);
  id.parameters = read_table<float>(r, 5, [&] { return std::bit_cast<float>(r.u32le()); });
  return id;
}

}  // namespace

void write_plan(ByteWriter& w, const Plan& plan) {
  for (const unsigned bits : {plan.options.row_bits, plan.options.limb_bits, plan.options.tree_bits})
    write_varint(w, bits);
  w.u8(0);  // not hiding
  write_list(w, plan.tensors, [&](const PlanTensor& t) { write_tensor(w, t); });
  write_numbers(w, plan.instances);
  write_list(w, plan.constraints, [&](const relations::Constraint& c) {
    write_expression(w, c.expression);
    write_varint(w, c.shaped_as);
    w.u8(c.of ? 1 : 0);
    if (c.of) write_varint(w, *c.of);
  });
  write_list(w, plan.squares, [&](const relations::Square& square) {
    write_varint(w, square.tensor);
    write_signed(w, square.lo);
  });
  write_list(w, plan.tables, [&](const Table& table) {
    write_varint(w, table.rows);
    write_signed(w, table.first);
    write_function(w, table.function);
    if (table.function) write_varint(w, table.values);
  });
  write_list(w, plan.lookups, [&](const relations::Lookup& lookup) {
    write_varint(w, lookup.table);
    write_varint(w, lookup.shaped_as);
    write_list(w, lookup.columns, [&](const Expression& e) { write_expression(w, e); });
  });
  write_list(w, plan.gathers, [&](const relations::Gather& gather) {
    for (const std::uint32_t id : {gather.data, gather.index, gather.out}) write_varint(w, id);
  });
  write_list(w, plan.permutes, [&](const relations::Permute& permute) {
    write_numbers(w, permute.ys);
    write_numbers(w, permute.xs);
  });
  write_list(w, plan.trees, [&](const Tree& tree) {
    write_numbers(w, tree.lookups);
    write_numbers(w, tree.gathers);
    write_numbers(w, tree.permutes);
    write_list(w, tree.tables, [&](const auto& entry) {
      write_varint(w, entry.first);
      write_varint(w, entry.second);
    });
    write_numbers(w, tree.gather_counts);
  });
}

Plan read_plan(ByteReader& r) {
  Plan plan;
  for (unsigned* const bits : {&plan.options.row_bits, &plan.options.limb_bits, &plan.options.tree_bits})
    *bits = read_number(r);
  if (r.u8() != 0) damaged(r, "a key for hiding proofs, which this version does not check");
  plan.tensors = read_list<PlanTensor>(r, 3, [&] { return read_tensor(r); });
  plan.of_record = plan.tensors.size();
  plan.instances = read_numbers(r);
  plan.constraints = read_list<relations::Constraint>(r, 5, [&] {
    relations::Constraint c{read_expression(r), 0, std::nullopt};
    c.shaped_as = read_number(r);
    if (read_flag(r)) c.of = read_number(r);
    return c;
  });
  plan.squares = read_list<relations::Square>(r, 2, [&] {
    const std::uint32_t tensor = read_number(r);
    return relations::Square{tensor, read_signed(r)};
  });
  plan.tables = read_list<Table>(r, 3, [&] {
    Table table;
    table.rows = read_varint(r);
    table.first = read_signed(r);
    table.function = read_function(r);
    if (table.function) table.values = read_number(r);
    return table;
  });
  plan.lookups = read_list<relations::Lookup>(r, 3, [&] {
    relations::Lookup lookup{read_number(r), 0, {}};
    lookup.shaped_as = read_number(r);
    lookup.columns = read_list<Expression>(r, 3, [&] { return read_expression(r); });
    return lookup;
  });
  plan.gathers = read_list<relations::Gather>(r, 3, [&] {
    relations::Gather gather;
    for (std::uint32_t* const id : {&gather.data, &gather.index, &gather.out}) *id = read_number(r);
    return gather;
  });
  plan.permutes = read_list<relations::Permute>(r, 2, [&] {
    relations::Permute permute{read_numbers(r), {}};
    permute.xs = read_numbers(r);
    return permute;
  });
  plan.trees = read_list<Tree>(r, 5, [&] {
    Tree tree;
    tree.lookups = read_numbers(r);
    tree.gathers = read_numbers(r);
    tree.permutes = read_numbers(r);
    tree.tables = read_list<std::pair<std::uint32_t, std::uint32_t>>(r, 2, [&] {
      const std::uint32_t table = read_number(r);
      return std::make_pair(table, read_number(r));
    });
    tree.gather_counts = read_numbers(r);
    return tree;
  });
  try {
    relations::check_plan(plan);
  } catch (const Error& e) {
    damaged(r, e.what());
  }
  relations::list_tensors(plan);
  return plan;
}

}  // namespace ezkl
