#include "graph/claims/elements.hpp"

#include <algorithm>

namespace ezkl::claims {

Felts Elements::all_felts() const {
  Felts out;
  out.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) out.push_back(felt(i));
  return out;
}

bool is_integer(const Fr& felt) { return Fr::from_i128(felt.to_int128_lossy()) == felt; }

Values integers_of(const Felts& felts) {
  Values out;
  out.reserve(felts.size());
  for (const Fr& felt : felts) out.push_back(felt.to_int128_lossy());
  return out;
}

Inputs::Inputs(std::vector<Values> integers) {
  for (Values& list : integers) add(std::move(list));
}

Inputs::Inputs(std::initializer_list<Values> integers) {
  for (const Values& list : integers) add(list);
}

void Inputs::add(Felts felts) {
  if (std::all_of(felts.begin(), felts.end(), is_integer)) return add(integers_of(felts));
  lists_.emplace_back(std::move(felts));
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
  for (std::size_t i = 0; i < size(); ++i) out.push_back((*this)[i].all_felts());
  return out;
}

}  // namespace ezkl::claims
