#include "api/choice_target.hpp"

#include "ezkl/error.hpp"

namespace ezkl {

ChoiceTarget parse_choice_target(const std::string& text) {
  if (text == "prove") return ChoiceTarget::prove;
  if (text == "size") return ChoiceTarget::size;
  if (text == "gas") return ChoiceTarget::gas;
  if (text == "memory") return ChoiceTarget::memory;
  throw Error(Fault::usage, "'" + text + "': prove, size, gas or memory");
}

}  // namespace ezkl
