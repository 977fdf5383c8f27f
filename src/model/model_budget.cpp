#include "model/model_budget.hpp"

#include <string>

#include "base/saturating.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t parts = 1024;

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

ModelBudget::ModelBudget(std::uint64_t limit) : limit_(limit), left_(saturating::times(limit, parts)) {}

void ModelBudget::allow_file(std::uint64_t bytes) {
  left_ = saturating::plus(left_, saturating::times(bytes, 64 * parts));
}

void ModelBudget::charge(Kind kind, std::uint64_t count) {
  const std::uint64_t cost = saturating::times(count, price(kind));
  if (cost > left_) {
    throw Error(Fault::range, "the model becomes larger than " + std::to_string(limit_) +
                                  ", what --max-model-size allows (docs/settings.md: what counts); if it is meant to "
                                  "be so large, give a larger --max-model-size");
  }
  left_ -= cost;
}

}  // namespace ezkl
