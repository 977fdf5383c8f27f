#include "base/border.hpp"
#include "base/log.hpp"
#include "commit/ipa_params.hpp"
#include "commit/srs.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

void gen_srs(const Path& srs_path, std::uint32_t logrows, Commitment commitment) try {
  in_context("logrows " + std::to_string(logrows), [&] {
    if (logrows == 0) throw Error(Fault::range, "a setup of one point serves no circuit; logrows can be 1 to 26");
    if (commitment == Commitment::ipa) return write_ipa_params(srs_path, generate_ipa_params(logrows));
    Random random = Random::from_os();
    write_srs(srs_path, generate_srs(logrows, random));
    log_warn(srs_path.string() +
             ": a setup for tests, since whoever makes one could keep its secret and forge proofs; get-srs fetches the "
             "public ceremony's");
  });
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
