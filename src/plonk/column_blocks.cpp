#include "plonk/column_blocks.hpp"

#include <algorithm>
#include <utility>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"

namespace ezkl::plonk {
namespace {

/// The plain integer (not its Montgomery form) in the limbs of an element: a product by R^2 later makes it one.
Fr plain_limbs(std::int64_t value) {
  if (value >= 0) return Fr::from_limbs({static_cast<std::uint64_t>(value), 0, 0, 0});
  Fr out = Fr::from_limbs(Fr::modulus);
  std::uint64_t borrow = ~static_cast<std::uint64_t>(value) + 1;
  for (std::uint64_t& limb : out.limb) {
    const std::uint64_t before = limb;
    limb -= borrow;
    borrow = before < borrow ? 1 : 0;
  }
  return out;
}

/// A range of rows that does not wrap around.
void plain_block(const ColumnValues& column, std::size_t begin, std::size_t count, Fr* out) {
  to_field(column.small().subspan(begin, count), {out, count});
  const auto wide = column.wide();
  auto at = std::lower_bound(wide.begin(), wide.end(), begin,
                             [](const auto& entry, std::size_t row) { return entry.first < row; });
  for (; at != wide.end() && at->first < begin + count; ++at) out[at->first - begin] = at->second;
}

}  // namespace

void to_field(std::span<const std::int64_t> values, std::span<Fr> out) {
  EZKL_ENSURE(values.size() == out.size(), "as many elements as integers");
  bool any = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out[i] = plain_limbs(values[i]);
    any |= values[i] != 0;
  }
  if (any) fr_kernels().mul_scalar(out.data(), out.data(), Fr::from_limbs(Fr::r2), out.size());
}

void column_block(const ColumnValues& column, std::size_t begin, std::size_t count, Fr* out) {
  const std::size_t n = column.size();
  while (count > 0) {
    begin %= n;
    const std::size_t part = std::min(count, n - begin);
    plain_block(column, begin, part, out);
    begin += part;
    out += part;
    count -= part;
  }
}

void expand_column(const ColumnValues& column, std::span<Fr> out) {
  EZKL_ENSURE(column.size() == out.size(), "a column is expanded into as many rows as it has");
  parallel_for(out.size(), 4096, [&](std::size_t begin, std::size_t end) {
    plain_block(column, begin, end - begin, out.data() + begin);
  });
}

void selector_block(const SelectorBits& bits, std::size_t begin, std::size_t count, Fr* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = bits.get((begin + i) % bits.size()) ? Fr::one() : Fr::zero();
}

Program::Fetch fetch_rows(std::size_t n, std::function<const ColumnValues*(std::uint32_t slot)> column,
                          std::function<const SelectorBits*(std::uint32_t slot)> selector) {
  return [n, column = std::move(column), selector = std::move(selector)](const Leaf& leaf, std::size_t begin,
                                                                         std::size_t count, Fr* scratch) {
    const auto shift =
        static_cast<std::size_t>(static_cast<std::int64_t>(leaf.rotation) & static_cast<std::int64_t>(n - 1));
    const std::size_t first = (begin + shift) & (n - 1);
    if (const ColumnValues* values = column(leaf.slot)) {
      column_block(*values, first, count, scratch);
    } else {
      const SelectorBits* bits = selector ? selector(leaf.slot) : nullptr;
      EZKL_ENSURE(bits != nullptr, "a program reads a column that does not exist");
      selector_block(*bits, first, count, scratch);
    }
    return static_cast<const Fr*>(scratch);
  };
}

}  // namespace ezkl::plonk
