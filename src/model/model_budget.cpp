#include "model/model_budget.hpp"

#include <algorithm>
#include <cmath>
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

ModelBudget::ModelBudget(std::uint64_t limit)
    : limit_(limit), allowed_(saturating::times(limit, parts)), left_(allowed_) {}

void ModelBudget::allow_file(std::uint64_t bytes) {
  const std::uint64_t more = saturating::times(bytes, 64 * parts);
  allowed_ = saturating::plus(allowed_, more);
  left_ = saturating::plus(left_, more);
}

std::string ModelBudget::larger_limit(double more) const {
  // Operators of equal size differ in what they ask for.
  constexpr double reserve = 1.5, least_known = 1e-3;
  const double asked = static_cast<double>(allowed_ - left_) / parts + more,
               free = static_cast<double>(allowed_) / parts - static_cast<double>(limit_);
  const bool known = done_ > least_known;
  const double needed = std::max(known ? reserve * asked / done_ : asked, asked) - free;
  const int bits =
      std::max(10, static_cast<int>(std::ceil(std::log2(std::max(needed, 2.0 * static_cast<double>(limit_))))));
  constexpr int most_bits = 59;
  if (bits > most_bits) return "a larger {}";
  static constexpr const char* units[] = {"", "K", "M", "G"};
  const int unit = std::min(bits / 10, 3);
  return "{} " + std::to_string(std::uint64_t{1} << (bits - 10 * unit)) + units[unit] +
         (known ? "" : " or more");
}

void ModelBudget::charge(Kind kind, std::uint64_t count) {
  const std::uint64_t cost = saturating::times(count, price(kind));
  if (cost > left_) {
    const double more = static_cast<double>(count) * static_cast<double>(price(kind)) / parts;
    throw Error(Fault::limit,
                "the model becomes larger than " + std::to_string(limit_) +
                    ", the most that is allowed (docs/settings.md: what counts)",
                {{"max_model_size", "if it is meant to be so large, give " + larger_limit(more)}});
  }
  left_ -= cost;
}

}  // namespace ezkl
