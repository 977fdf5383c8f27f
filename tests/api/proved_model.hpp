#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "../temp_folder.hpp"
#include "artifact/proof_file.hpp"
#include "ezkl/ezkl.hpp"
#include "field/fr.hpp"

namespace ezkl::testing {

/// What a proof is made from, and where it is written.
struct ProofPaths {
  std::filesystem::path compiled, witness, pk, srs, proof;
};

/// A proof by the real prover with its refusals taken out, which starts from other instances than the circuit's.
void prove_forged(const ProofPaths& paths, const std::function<void(std::vector<Fr>&)>& change);

/// y = relu(x·u) for x of 4 and y of 3 elements, taken as far as its keys in a folder of its own. For x = input() the
/// last element of y is 0.
class ProvedModel {
 public:
  explicit ProvedModel(const RunArgs& args);

  static const char* input() { return R"({"input_data": [[0.5, -0.25, 1.0, 0.75]]})"; }
  static RunArgs run_args(Visibility::Kind inputs, Visibility::Kind params, Visibility::Kind outputs);

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  /// The proof that prove makes of the witness of `input`, as proof.json.
  void prove_honestly() const;
  /// prove_forged, as proof.json.
  void prove_with(const std::function<void(std::vector<Fr>&)>& change) const;
  void replace(const std::string& file, const std::string& from, const std::string& to) const;

 private:
  TempFolder folder_;
};

}  // namespace ezkl::testing
