#include "circuit/settings.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

std::string version() { return GraphSettings{}.version; }

std::string own_version() { return EZKL_OWN_VERSION; }

RunArgs library_run_args() {
  RunArgs args;
  args.input_visibility.kind = Visibility::Kind::public_;
  args.output_visibility.kind = Visibility::Kind::public_;
  args.epsilon = 2.220446049250313e-16;
  return args;
}

}  // namespace ezkl
