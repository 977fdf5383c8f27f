#pragma once

#include <initializer_list>
#include <variant>
#include <vector>

#include "graph/claims/claims.hpp"

namespace ezkl::claims {

/// A tensor's elements as somebody else holds them: integers or field elements. At most one of the two is set.
struct Elements {
  const Values* integers = nullptr;
  const Felts* felts = nullptr;

  std::size_t size() const { return integers != nullptr ? integers->size() : felts != nullptr ? felts->size() : 0; }
  /// Element number i, modulo the field's prime.
  Fr felt(std::size_t i) const { return integers != nullptr ? Fr::from_i128((*integers)[i]) : (*felts)[i]; }
  /// All elements, modulo the field's prime.
  Felts all_felts() const;
};

/// Whether a field element stands for a signed integer of 127 bits, which to_int128_lossy gives then.
bool is_integer(const Fr& felt);
/// What they stand for, where all are such integers.
Values integers_of(const Felts& felts);

/// The elements of a record's inputs, one list each: integers, or field elements where one is no signed integer of 127
/// bits.
class Inputs {
 public:
  Inputs() = default;
  // Not explicit: integers are what inputs are nearly always.
  Inputs(std::vector<Values> integers);            // NOLINT(google-explicit-constructor)
  Inputs(std::initializer_list<Values> integers);  // NOLINT(google-explicit-constructor)

  void add(Values integers) { lists_.emplace_back(std::move(integers)); }
  /// Integers where all elements are.
  void add(Felts felts);

  std::size_t size() const { return lists_.size(); }
  Elements operator[](std::size_t i) const;
  bool has_felts() const;
  /// All lists as field elements.
  std::vector<Felts> felts() const;

 private:
  std::vector<std::variant<Values, Felts>> lists_;
};

}  // namespace ezkl::claims
