#include "graph/claims/elements.hpp"

#include <algorithm>

namespace ezkl::claims {

bool is_integer(const Fr& felt) { return Fr::from_i128(felt.to_int128_lossy()) == felt; }

Inputs::Inputs(std::vector<Values> integers) {
  for (Values& list : integers) add(std::move(list));
}

Inputs::Inputs(std::initializer_list<Values> integers) {
  for (const Values& list : integers) add(list);
}

void Inputs::add(Felts felts) {
  if (!std::all_of(felts.begin(), felts.end(), is_integer)) {
    lists_.emplace_back(std::move(felts));
    return;
  }
  Values integers;
  integers.reserve(felts.size());
  for (const Fr& f : felts) integers.push_back(f.to_int128_lossy());
  add(std::move(integers));
}

Elements Inputs::operator[](std::size_t i) const {
  return {std::get_if<Values>(&lists_[i]), std::get_if<Felts>(&lists_[i])};
}

bool Inputs::has_felts() const {
  return std::any_of(lists_.begin(), lists_.end(),
                     [](const auto& list) { return std::holds_alternative<Felts>(list); });
}

std::vector<Felts> Inputs::felts() const {
  std::vector<Felts> out;
  for (std::size_t i = 0; i < size(); ++i) {
    const Elements list = (*this)[i];
    Felts& felts = out.emplace_back();
    felts.reserve(list.size());
    for (std::size_t k = 0; k < list.size(); ++k) felts.push_back(list.felt(k));
  }
  return out;
}

}  // namespace ezkl::claims
