#include "plonk/instance_room.hpp"

namespace ezkl::plonk {

std::optional<std::string> instance_room_refusal(const ConstraintSystem& cs, unsigned k, std::size_t instances) {
  const std::size_t room = cs.usable_rows(k);
  if (instances <= room) return std::nullopt;
  return "an instance column has " + std::to_string(instances) + " rows, at most " + std::to_string(room) + " fit";
}

}  // namespace ezkl::plonk
