#include "ledger/states.hpp"

#include <algorithm>
#include <string>

#include "ezkl/error.hpp"

namespace ezkl::service {
namespace {

using R = RecipeState;
using A = AttemptState;

constexpr const char* recipe_names[] = {"queued", "running", "cancelling", "done", "failed", "cancelled"};
constexpr const char* attempt_names[] = {"planned", "submitted", "ended"};

template <class State>
struct Move {
  State from, to;
};

constexpr Move<R> recipe_moves[] = {
    {R::queued, R::running},      // an attempt is planned
    {R::queued, R::cancelled},    // nothing ran yet
    {R::running, R::done},        // its result is there
    {R::running, R::failed},      //
    {R::running, R::cancelling},  // somebody asked, the runner does not know yet
    {R::cancelling, R::cancelled},
};
constexpr Move<A> attempt_moves[] = {
    {A::planned, A::submitted},
    {A::planned, A::ended},  // its runner was faster than the engine's answer, or it never had one
    {A::submitted, A::ended},
};

template <class State, std::size_t n>
State state_from(const char* const (&names)[n], std::string_view name) {
  const auto* const found = std::find(std::begin(names), std::end(names), name);
  if (found == std::end(names)) throw Error(Fault::format, "there is no state '" + std::string(name) + "'");
  return static_cast<State>(found - std::begin(names));
}

template <class State, std::size_t n>
bool listed(const Move<State> (&moves)[n], State from, State to) noexcept {
  return std::any_of(std::begin(moves), std::end(moves),
                     [&](const Move<State>& move) { return move.from == from && move.to == to; });
}

}  // namespace

const char* name_of(RecipeState state) noexcept { return recipe_names[static_cast<std::size_t>(state)]; }
const char* name_of(AttemptState state) noexcept { return attempt_names[static_cast<std::size_t>(state)]; }
RecipeState recipe_state_from(std::string_view name) { return state_from<R>(recipe_names, name); }
AttemptState attempt_state_from(std::string_view name) { return state_from<A>(attempt_names, name); }
bool may_move(RecipeState from, RecipeState to) noexcept { return listed(recipe_moves, from, to); }
bool may_move(AttemptState from, AttemptState to) noexcept { return listed(attempt_moves, from, to); }

}  // namespace ezkl::service
