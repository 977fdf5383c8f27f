#include "model/model_budget.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t parts = 1024, most = std::numeric_limits<std::uint64_t>::max();

/// a · b, or the largest number.
std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? most : result;
}

/// In 1024ths of a unit.
std::uint64_t price(ModelBudget::Kind kind) {
  switch (kind) {
    case ModelBudget::Kind::fill:
      return parts;
    case ModelBudget::Kind::compute:
      return 2 * parts;
    case ModelBudget::Kind::copy:
      return 4 * parts;
    case ModelBudget::Kind::make:
      return 8 * parts;
    case ModelBudget::Kind::grow:
      return 16 * parts;
    case ModelBudget::Kind::node:
      return 512 * parts;
    case ModelBudget::Kind::product:
      break;
  }
  return 1;
}

}  // namespace

ModelBudget::ModelBudget(std::uint64_t limit) : limit_(limit), left_(times(limit, parts)) {}

void ModelBudget::allow_file(std::uint64_t bytes) {
  const std::uint64_t more = times(bytes, 64 * parts);
  left_ = more > most - left_ ? most : left_ + more;
}

void ModelBudget::charge(Kind kind, std::uint64_t count) {
  const std::uint64_t cost = times(count, price(kind));
  if (cost > left_) {
    throw Error(Fault::range, "the model becomes larger than " + std::to_string(limit_) +
                                  ", what --max-model-size allows (docs/settings.md: what counts); if it is meant to "
                                  "be so large, give a larger --max-model-size");
  }
  left_ -= cost;
}

}  // namespace ezkl
