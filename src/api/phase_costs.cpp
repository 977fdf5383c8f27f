#include "api/phase_costs.hpp"

#include "circuit/cost.hpp"

namespace ezkl {

std::vector<PhaseCost> proving_phases(const GraphSettings& settings) {
  const ProvingCost cost = proving_cost(settings);
  const auto pieces = static_cast<double>(cost.degree - 1), lookups = static_cast<double>(cost.lookups);
  const auto products = static_cast<double>((cost.permutation + cost.degree - 3) / (cost.degree - 2));
  // A commitment to field elements takes the same for whatever is committed to, and those to small integers a tenth.
  const double small = 0.1 * static_cast<double>(cost.advice);
  const double point = cost.commitments_s / (small + products + lookups + pieces + 3);
  // Columns are brought to coefficients once, and to each coset of the quotient.
  const double transforms = cost.transforms_s / (pieces + 1);
  std::vector<PhaseCost> out{{"read model", 0.02 * cost.seconds()},
                             {"read setup and key, fill cells", 0.5 * cost.other_s},
                             {"advice", small * point},
                             {"lookups", 0.2 * lookups * point},
                             {"permutation", (products + 0.8 * lookups) * point},
                             {"quotient", transforms}};
  for (unsigned i = 1; i < cost.degree; ++i) out.push_back({"coset", transforms + cost.quotient_s / pieces});
  out.push_back({"combine cosets", pieces * point});
  out.push_back({"openings", 3 * point + 0.5 * cost.other_s});
  out.push_back({"check and write", 0.01 * cost.seconds()});
  return out;
}

std::vector<PhaseCost> setup_phases(const GraphSettings& settings) {
  const ProvingCost cost = proving_cost(settings);
  const auto fixed = static_cast<double>(cost.fixed), permutation = static_cast<double>(cost.permutation);
  return {{"read model", 0.3},
          {"read setup", 0.2},
          {"assemble", 0.05 * static_cast<double>(cost.advice)},
          {"commit fixed columns", 0.1 * fixed},
          {"commit permutation", permutation},
          {"write", 0.1 * permutation}};
}

}  // namespace ezkl
