#include "base/ensure.hpp"

#include "ezkl/error.hpp"

namespace ezkl {

void throw_internal(const char* condition, const std::string& message, const char* file, int line) {
  std::string_view name(file);
  if (const auto slash = name.find_last_of('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  throw Error(Fault::internal,
              message + " (" + condition + ", " + std::string(name) + ":" + std::to_string(line) + ")");
}

}  // namespace ezkl
