#pragma once

#include <cstdint>
#include <string_view>

namespace ezkl::service {

/// Where a recipe is.
enum class RecipeState : std::uint8_t { queued, running, cancelling, done, failed, cancelled };
/// Where an attempt is: planned before its engine knows of it, submitted when the engine's answer is written down.
enum class AttemptState : std::uint8_t { planned, submitted, ended };

const char* name_of(RecipeState state) noexcept;
const char* name_of(AttemptState state) noexcept;
/// errors: Fault::format.
RecipeState recipe_state_from(std::string_view name);
AttemptState attempt_state_from(std::string_view name);

/// The only moves there are. What is done, failed or cancelled stays so.
bool may_move(RecipeState from, RecipeState to) noexcept;
bool may_move(AttemptState from, AttemptState to) noexcept;

inline bool has_ended(RecipeState state) noexcept { return state >= RecipeState::done; }

}  // namespace ezkl::service
