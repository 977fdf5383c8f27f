#pragma once

#include <string>
#include <vector>

#include "graph/claims/evaluation.hpp"

namespace ezkl::claims {

/// One claim that a trace does not satisfy.
struct Violation {
  std::size_t claim = 0;  ///< index into Record::claims
  std::string message;    ///< names node, claim, element and value
};

/// The mock of claims: tests every claim of a record on given values of all its tensors, whatever made them, and that
/// every value lies within the bounds the record calls proven. Empty when all hold. Stops after `limit` violations.
std::vector<Violation> check_trace(const Record& record, const Trace& trace, std::size_t limit = 16);

/// Whether one claim holds. `message` is filled when it does not.
bool claim_holds(const Record& record, const Claim& claim, const Trace& trace, std::string* message);

/// Recomputes the tensors that claims determine, leaving hints as they are in `trace`: what a prover's tampering with
/// hints leads to. False when a claim cannot even be computed (an index outside its data).
bool recompute_derived(const Record& record, Trace& trace);

/// A change of one hint that the claims accept.
struct Forgery {
  Tensor hint;
  std::size_t element = 0;
  Int128 from = 0, to = 0;
  bool changes_outputs = false;  ///< false: a freedom that reaches no output, harmless
};

/// Changes hints one element at a time by small and large amounts and looks whether the claims still accept. At most
/// `per_tensor` elements of each hint are tried, spread over it.
std::vector<Forgery> forge(const Record& record, const Trace& honest, std::size_t per_tensor);

}  // namespace ezkl::claims
