#include "spelling.hpp"

#include <algorithm>

#include "environment.hpp"

namespace ezkl::cli {

std::string spelled(std::string_view parameter) {
  if (const char* const variable = variable_of(parameter)) return variable;
  if (parameter == "witness_path") return "--witness";
  std::string name(parameter);
  std::replace(name.begin(), name.end(), '_', '-');
  return "--" + name;
}

}  // namespace ezkl::cli
