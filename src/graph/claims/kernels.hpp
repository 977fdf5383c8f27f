#pragma once

#include <span>

#include "graph/claims/claims.hpp"

/// What the base claims compute: used by evaluation, by the recorder (operands known to the verifier) and by the checker.
namespace ezkl::claims {

/// A factor's or a view's data: the view, its source's shape and elements.
struct Source {
  const View* view = nullptr;
  const Shape* shape = nullptr;
  const Values* values = nullptr;
};

/// Element number i is what the view shows at the i-th index of its extents.
Values view_values(const Source& source);

/// out[o] = Σ_s Π_k views[k](o, s) for one or two views over `out` ++ `sum`.
/// threads  parallel_for over the output
/// cost     one multiplication a term: of doubles (blocks of matrices) or 64-bit where the values at hand allow it,
///          else 128-bit
Values contract_values(const Shape& out, const Shape& sum, std::span<const Source> factors);

/// The same on real numbers in doubles, zero outside; `shapes` and `data` are the factors' sources'.
std::vector<double> contract_reals(const Shape& out, const Shape& sum, std::span<const View> factors,
                                   std::span<const Shape> shapes, std::span<const std::vector<double>> data);

/// constant + Σ coefficients[k]·terms[k]; terms of one element broadcast over `n`.
Values linear_values(std::size_t n, std::span<const Int128> coefficients, std::span<const Values* const> terms,
                     Int128 constant);

/// out[i] = element map[i] of the concatenated sources, or constants[-1 - map[i]].
Values remap_values(std::span<const Values* const> sources, std::span<const std::int64_t> map, const Values& constants);

/// How many equations a linear claim stands for: one for each element of what it defines, else of the operands that
/// are not broadcast. That is none where these have no elements.
std::size_t equations(const Record& record, const Claim& claim);

/// Whether some index of the view leaves its source.
bool leaves_source(const View& view, const Shape& source);

/// Index of the first element that is not as another, or `size` when the two are equal.
std::size_t first_difference(const Values& a, const Values& b);

}  // namespace ezkl::claims
