#include "commit/srs.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

void gen_srs(const Path& srs_path, std::uint32_t logrows) {
  Random random = Random::from_os();
  const Srs srs = in_context("logrows " + std::to_string(logrows), [&] { return generate_srs(logrows, random); });
  write_srs(srs_path, srs);
}

}  // namespace ezkl
