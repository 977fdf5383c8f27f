#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "field/fr.hpp"
#include "sumcheck/channel.hpp"

namespace ezkl::sumcheck {

/// What a batched sumcheck sums, as its prover has it: the sum over items of coefficient · Σ_x [eq(point, x)] · Σ_k
/// a_k(x) b_k(x), x over the item's own cube. Tables and points are shared by items; binding a variable folds each
/// once.
struct Batch {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// a · b, or a alone where b is `none`: numbers of tables.
  struct Factors {
    std::size_t a = none, b = none;
  };
  struct Item {
    Fr coefficient;
    unsigned bits = 0;         ///< its tables have 2^bits entries
    std::size_t point = none;  ///< number of its point, of which it uses the last `bits` coordinates; none: no eq
    std::vector<Factors> products;
  };

  std::vector<std::vector<Fr>> tables;
  std::vector<std::vector<Fr>> points;
  std::vector<Item> items;

  std::size_t add_table(std::vector<Fr> table) {
    tables.push_back(std::move(table));
    return tables.size() - 1;
  }
};

/// What a sumcheck leaves: a claim on the summed polynomial at one point.
struct Reduced {
  Scalar claim;
  std::vector<Fr> point;
};

/// 2^(bits - rounds): what the end value of an item that joins late counts for.
Fr late_factor(unsigned bits, std::size_t rounds);

/// Reduces "the batch sums to `claim`" to its value at a point of `rounds` coordinates. Round j sends the coefficients
/// 0, 2, …, degree of its polynomial as "<name>.r<j>" and draws "<name>.x<j>", most significant variable first. An item
/// of fewer bits joins late: it counts as its value times late_factor on the larger cube, and the verifier has to
/// multiply its end value by that.
///
/// batch    the prover's; nullptr for a verifier. Consumed: afterwards every table has one entry, its value at the last
///          coordinates of the point.
/// degree   2 or 3; every item's is at most that (eq counts as one)
/// errors   Fault::internal for tables of other sizes; a batch that does not sum to the claim gives a proof that a
///          later check refuses
/// threads  parallel over entries; the same messages for any number of threads and any kernel
/// cost     a pair of entries: a product for every factor bound, two for each pair of factors and eq
/// source   docs/spec/sumcheck.md 3.6; the eq factor kept out of the tables: Gruen, ePrint 2024/108
Reduced reduce(Channel& channel, std::string_view name, Scalar claim, unsigned rounds, unsigned degree, Batch* batch);

}  // namespace ezkl::sumcheck
