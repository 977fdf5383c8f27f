#include "api/sumcheck_choice.hpp"

#include "api/model_settings.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "circuit/statement_of.hpp"

namespace ezkl {

GraphSettings sumcheck_settings(const Graph& graph, const claims::Record& record, const RunArgs& args) {
  GraphSettings out = base_settings(graph, args);
  SumcheckArgs& sizes = out.run_args.sumcheck;
  const relations::PlanOptions options =
      relations::choose_options(record, plan_options(args), {!sizes.row_bits, !sizes.limb_bits});
  sizes.row_bits = options.row_bits;
  sizes.limb_bits = options.limb_bits;
  sizes.tree_bits = options.tree_bits;
  out.run_args.logrows = options.row_bits + 1;
  out.model_instance_shapes = instance_shapes(record);
  return out;
}

relations::ProverCost sumcheck_cost(const claims::Record& record, const GraphSettings& settings) {
  return relations::prover_cost(relations::make_plan(record, plan_options(settings.run_args)));
}

}  // namespace ezkl
