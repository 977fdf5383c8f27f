#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "api/manifest.hpp"
#include "commit/commitment_key.hpp"
#include "curve/g1.hpp"
#include "field/fr.hpp"
#include "statement/order.hpp"
#include "tensor/shape.hpp"

namespace ezkl {

/// One tensor of a statement. Settings do not name tensors.
struct ReportedTensor {
  std::optional<std::string> name;
  std::optional<std::string> type;  ///< as settings.json: Bool F16 F32 F64 Int TDim Unknown
  std::optional<Shape> shape;       ///< of shown values
  int scale = 0;                    ///< a number is value / 2^scale
  std::vector<Fr> values;           ///< empty unless public
  std::optional<Fr> hash;
  std::vector<G1Affine> commitments;
};

struct ReportedGroup {
  TensorGroup group = TensorGroup::inputs;
  Visibility visibility;
  std::optional<std::string> part;  ///< of a split: whose parameters
  /// Inputs and outputs: all of them. Parameters: one, with their hash or commitments, or none.
  std::vector<ReportedTensor> tensors;
  std::optional<bool> trees = {};  ///< of parameters: whether the model has trees, if that is known
  bool known_shown = false;        ///< of parameters: the manifest has the hash or the commitments that are shown
};

/// Of a split: the model of a part, as its manifest has it.
struct ReportedPart {
  std::string part;
  std::optional<std::string> model_name, model_digest;
};

/// A setup that a proof was checked with.
struct ReportedSetup {
  std::string file;
  std::optional<SetupOrigin> origin = {};
  std::vector<std::string> parts = {};  ///< of a split: the parts whose proofs were
};

/// The verdict on a proof and what it means.
struct VerifyReport {
  bool accepted = false;
  std::string reason;  ///< empty when accepted; else what did not hold
  std::string proof;   ///< the file or split

  std::optional<std::string> model_name, model_digest;
  std::vector<ReportedPart> parts;  ///< of a split, in order
  Trust trust = Trust::on_trust;
  std::optional<std::string> pinned_by;  ///< the manifest behind `trust`; of a split, those of its parts
  bool by_digest = false;                ///< a digest was compared
  std::optional<std::string> digest;     ///< what --digest takes to pin this statement

  std::vector<ReportedGroup> groups;  ///< inputs, parameters (of every part), outputs

  ProofSystem system = ProofSystem::plonk;
  bool hides = true;  ///< whether the proof hides what it does not show
  Commitment scheme = Commitment::kzg;
  /// None where the proof was refused before. Of a split every distinct one, the least trustworthy first: who can forge
  /// a part can forge the whole.
  std::vector<ReportedSetup> setups;

  std::vector<std::string> waived;    ///< checks that the circuit does not make
  std::vector<std::string> compared;  ///< what the proof was found to be about: "inputs: input.json"
};

/// value / 2^scale as a decimal: with the fewest digits that tell it from other doubles, exactly where a double cannot
/// hold it; nothing for a field element that stands for no number of the model, which can only be where the circuit
/// does not check ranges, and for scales beyond reason.
std::optional<std::string> number_of(const Fr& value, int scale);

/// The same for people, in words where there is none.
std::string shown_number(const Fr& value, int scale);

/// Whether which parameters a proof is about is told by a hash or commitments alone that nothing here knows: the reader
/// has to compare them.
bool is_to_be_compared(const ReportedGroup& params);
/// What a proof that hides nothing means for who hands it on: a sentence.
std::string hides_nothing();

/// "output 0 'probabilities'"
std::string tensor_label(const ReportedGroup& group, std::size_t i);

/// The report as a page of text; long tensors are cut. For people.
std::string report_page(const VerifyReport& report);

/// The same as one JSON object on one line, nothing cut. For programs.
std::string report_json(const VerifyReport& report);

}  // namespace ezkl
