#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../sumcheck/forging.hpp"
#include "base/random.hpp"
#include "graph/claims/evaluation.hpp"
#include "relations/plan_check.hpp"
#include "relations/protocol.hpp"

/// Proofs about records, for tests: a setup from a known secret, a digest that stands for the key's.
namespace ezkl::testing {

inline const Srs& small_srs() {
  static const Srs srs =
      srs_from_secret(8, Fr::from_hex("0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef"));
  return srs;
}

class ProofBench {
 public:
  ProofBench(const claims::Record& record, const std::vector<claims::Values>& inputs,
             const relations::PlanOptions& options = {5, 6, 21})
      : plan_(relations::make_plan(record, options)), trace_(trace_of(record, inputs)) {
    relations::check_plan(plan_);
    key_.digest = Fr::from_u64(77);
    key_.bases = small_srs().verifier();
    key_.rows = relations::keyed_rows(plan_, witness(), small_srs());
    instances_ = shown_by(witness());
  }

  /// The statement that comes of a witness.
  std::vector<Fr> shown_by(const relations::Witness& witness) const {
    std::vector<Fr> out;
    for (const std::uint32_t tensor : plan_.instances) {
      const std::vector<Fr> values = witness.expression({{{Fr::one(), tensor}}, {}}, tensor);
      out.insert(out.end(), values.begin(), values.end());
    }
    return out;
  }

  static claims::Trace trace_of(const claims::Record& record, const std::vector<claims::Values>& inputs) {
    claims::Evaluation::Options options;
    options.keep_all = true;
    claims::Evaluation evaluation(record, inputs, options);
    evaluation.run();
    return evaluation.trace();
  }

  relations::Witness witness() const { return witness(trace_); }
  relations::Witness witness(claims::Trace trace) const { return relations::Witness(plan_, std::move(trace)); }

  std::vector<std::uint8_t> prove() const {
    sumcheck::ClearWriter writer;
    relations::prove(writer, plan_, key_, small_srs(), instances_, witness());
    return writer.proof();
  }
  /// A prover that does not look whether its checks hold, for whatever statement.
  std::vector<std::uint8_t> insist(const relations::Witness& witness, std::span<const Fr> instances) const {
    ForgingWriter writer("nothing", 0);
    relations::prove(writer, plan_, key_, small_srs(), instances, witness);
    return writer.proof();
  }

  std::optional<std::string> check(std::span<const std::uint8_t> proof, std::span<const Fr> instances) const {
    return relations::verify(proof, plan_, key_, instances);
  }

  const relations::Plan& plan() const { return plan_; }
  const claims::Trace& trace() const { return trace_; }
  const std::vector<Fr>& instances() const { return instances_; }

 private:
  relations::Plan plan_;
  claims::Trace trace_;
  relations::VerifyingKey key_;
  std::vector<Fr> instances_;
};

}  // namespace ezkl::testing
