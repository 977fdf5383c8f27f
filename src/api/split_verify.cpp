// Whether proofs of parts make a proof of the whole.
#include <algorithm>

#include "api/links.hpp"
#include "api/manifest.hpp"
#include "api/split.hpp"
#include "api/verify.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/sha256_text.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/border.hpp"
#include "base/log.hpp"

namespace ezkl {
namespace {

struct PartCircuit : LoadedCircuit {
  std::string name;
};

std::vector<PartCircuit> load_all(const std::vector<PartFiles>& folders) {
  std::vector<PartCircuit> out;
  for (const PartFiles& files : folders) {
    out.push_back({load_circuit(files.settings, files.vk), files.folder.filename().string()});
    in_context(files.settings.string(), [&] { need_plonk(out.back().settings.run_args, "a part of a split model"); });
  }
  return out;
}

/// A split has one scheme: what is said of its setups is said of all parts.
void check_one_scheme(const std::vector<PartCircuit>& parts) {
  const Commitment first = parts.front().settings.run_args.commitment;
  for (const PartCircuit& part : parts) {
    const Commitment scheme = part.settings.run_args.commitment;
    if (scheme == first) continue;
    throw Error(Fault::unsatisfied, part.name + " is proved with " + name_of(scheme) + " commitments, " +
                                        parts.front().name + " with " + name_of(first) +
                                        ": all parts of a split have those of one scheme");
  }
}

/// Of the digests of the parts' manifests, in order: they bind settings, keys, setups, names and models.
std::string digest_of(const std::vector<std::string>& manifests) {
  std::string text = "ezkl split 2\n";
  for (const std::string& digest : manifests) text += digest + "\n";
  return sha256_text(std::string_view(text));
}

/// The tensors on one side of a link, as settings and manifest tell of them.
struct Ends {
  const Visibility& visibility;
  const std::vector<int>& scales;
  const std::optional<std::vector<std::string>>& types;
};

[[noreturn]] void refuse(const std::string& reason) { throw Error(Fault::unsatisfied, reason); }

/// `which`: "part-1's outputs".
void check_ends(const Ends& ends, Visibility::Kind link, const std::vector<LinkedTensor>& tensors,
                const std::string& which) {
  if (ends.visibility.kind != link) refuse(which + " are not " + link_name(link) + ", as the links of this split are");
  if (ends.scales.size() != tensors.size() || (ends.types && ends.types->size() != tensors.size())) {
    refuse(which + " are " + std::to_string(ends.scales.size()) + " tensors, split.json lists " +
           std::to_string(tensors.size()));
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::string tensor = which + ": '" + tensors[i].name + "' has ";
    if (ends.scales[i] != tensors[i].scale) {
      refuse(tensor + "the scale " + std::to_string(ends.scales[i]) + ", split.json says " +
             std::to_string(tensors[i].scale));
    }
    if (ends.types && (*ends.types)[i] != tensors[i].type) {
      refuse(tensor + "the type " + (*ends.types)[i] + ", split.json says " + tensors[i].type);
    }
  }
}

/// Sizes, where settings tell them; those of hashed tensors are fixed by the keys.
void check_sizes(const PartCircuit& part, TensorGroup side, const std::vector<LinkedTensor>& tensors,
                 const std::string& which) {
  const RunArgs& args = part.settings.run_args;
  const Visibility& visibility = side == TensorGroup::inputs ? args.input_visibility : args.output_visibility;
  const auto at = [&](const auto& list, std::size_t i) -> const auto& {
    return side == TensorGroup::inputs ? list[i] : list[list.size() - tensors.size() + i];
  };
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    bool same = true;
    if (visibility.kind == Visibility::Kind::public_)
      same = at(part.settings.model_instance_shapes, i) == tensors[i].shape;
    if (visibility.kind == Visibility::Kind::polycommit) {
      same = at(part.settings.polycommit_sizes, i) == volume(tensors[i].shape);
    }
    if (!same) refuse(which + ": '" + tensors[i].name + "' has another shape than split.json says");
  }
}

void check_link(const PartCircuit& from, const ProofFile& from_proof, const PartCircuit& to, const ProofFile& to_proof,
                Visibility::Kind link, const std::vector<LinkedTensor>& tensors) {
  const std::string gives = from.name + "'s outputs", takes = to.name + "'s inputs";
  const GraphSettings &a = from.settings, &b = to.settings;
  check_ends({a.run_args.output_visibility, a.model_output_scales, a.output_types}, link, tensors, gives);
  check_ends({b.run_args.input_visibility, b.model_input_scales, b.input_types}, link, tensors, takes);
  if (b.run_args.ignore_range_check_inputs_outputs) {
    refuse(to.name + ": its circuit does not check how large its inputs are (ignore_range_check_inputs_outputs)");
  }
  // The element at a row of a committed column depends on how many rows a column holds.
  const bool same_columns =
      a.run_args.logrows == b.run_args.logrows && from.circuit.columns.usable_rows == to.circuit.columns.usable_rows;
  if (link == Visibility::Kind::polycommit && !same_columns) {
    refuse(from.name + " and " + to.name + " have circuits of different sizes: commitments link only equal ones");
  }
  const auto given =
      in_context(from.name, [&] { return shown_tensors(from_proof, a, from.circuit.columns, TensorGroup::outputs); });
  const auto taken =
      in_context(to.name, [&] { return shown_tensors(to_proof, b, to.circuit.columns, TensorGroup::inputs); });
  check_sizes(from, TensorGroup::outputs, tensors, gives);
  check_sizes(to, TensorGroup::inputs, tensors, takes);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (given[i] == taken[i]) continue;
    refuse("the link is broken: " + to.name + " was not run on the '" + tensors[i].name + "' that " + from.name +
           " gives");
  }
}

/// How little a setup says, the least trustworthy first: one of unknown origin, or of which nothing is known.
int rank_of(const ReportedSetup& setup) {
  switch (setup.origin.value_or(SetupOrigin::unknown)) {
    case SetupOrigin::no_secret:
      return 2;
    case SetupOrigin::public_ceremony:
      return 1;
    case SetupOrigin::unknown:
      break;
  }
  return 0;
}

/// Every setup of the parts, each once.
std::vector<ReportedSetup> setups_of(const std::vector<VerifyReport>& reports, const std::vector<PartCircuit>& parts) {
  std::vector<ReportedSetup> out;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    for (const ReportedSetup& setup : reports[i].setups) {
      auto found = std::find_if(out.begin(), out.end(), [&](const ReportedSetup& known) {
        return known.file == setup.file && known.origin == setup.origin;
      });
      if (found == out.end()) found = out.insert(found, setup);
      found->parts.push_back(parts[i].name);
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const ReportedSetup& a, const ReportedSetup& b) { return rank_of(a) < rank_of(b); });
  return out;
}

/// The whole as its parts say it: the first one's inputs, everybody's parameters, the last one's outputs. What a reader
/// relies on is that of the weakest part.
void take_over(std::vector<VerifyReport>& reports, const std::vector<PartCircuit>& parts, VerifyReport& out) {
  const auto take = [&](std::size_t part, TensorGroup group) {
    for (ReportedGroup& found : reports[part].groups) {
      if (found.group != group) continue;
      if (group == TensorGroup::params) found.part = parts[part].name;
      out.groups.push_back(std::move(found));
    }
  };
  take(0, TensorGroup::inputs);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    take(i, TensorGroup::params);
    for (const std::string& compared : reports[i].compared) out.compared.push_back(compared);
    for (const std::string& waived : reports[i].waived) out.waived.push_back(parts[i].name + ": " + waived);
  }
  take(parts.size() - 1, TensorGroup::outputs);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out.parts.push_back({parts[i].name, reports[i].model_name, reports[i].model_digest});
  }
  out.system = reports.front().system;  // load_all and check_one_scheme saw to it that these are everybody's
  out.scheme = reports.front().scheme;
  out.hides = std::all_of(reports.begin(), reports.end(), [](const VerifyReport& report) { return report.hides; });
  out.setups = setups_of(reports, parts);
}

void log_split_trust(const VerifyReport& report) {
  if (report.by_digest)
    return log_info("settings, keys and setups are those of the split with the digest " + *report.digest);
  if (report.digest) {
    return log_info(
        "settings, keys and setups fit the manifests beside the parts' keys (digest " + *report.digest + ")",
        {{"digest", "that they are the model owner's is known only to those who compare the digest with {}"}});
  }
  log_warn("the parts' settings were taken on trust: not every key has its manifest beside it",
           {{"digest", "ask the owner for the digest of the split and give it with {}"}});
}

}  // namespace

std::string split_digest(const Path& split) try {
  std::vector<std::string> manifests;
  for (const PartFiles& part : part_files(split, read_split(split_path(split)))) {
    manifests.push_back(read_manifest(manifest_path(part.vk)).digest);
  }
  return digest_of(manifests);
} catch (...) {
  rethrow_as_error();
}

VerifyReport verify_split_report(const Path& split, const std::optional<Path>& srs_path, bool reduced_srs,
                                 const std::optional<std::string>& digest, const std::optional<std::string>& input,
                                 const std::optional<std::string>& output) {
  if (digest) check_typed_sha256(*digest);
  // Each file is read once: digest, proofs and links are checked of the same bytes.
  const SplitFile file = read_split(split_path(split));
  const std::vector<PartFiles> folders = part_files(split, file);
  const std::vector<PartCircuit> parts = load_all(folders);
  std::vector<ProofFile> proofs;
  for (const PartFiles& folder : folders) proofs.push_back(read_proof(folder.proof));
  VerifyReport out;
  out.proof = split.string();
  try {
    check_one_scheme(parts);
    std::vector<VerifyReport> reports;
    std::vector<std::string> manifests;
    for (std::size_t i = 0; i < folders.size(); ++i) {
      const PartFiles& f = folders[i];
      VerifyFiles files{f.proof, f.settings, f.vk, srs_path, reduced_srs, {}, true};
      if (digest) files.manifest.file = manifest_path(f.vk);  // which must be there
      if (i == 0) files.input = input;
      if (i + 1 == folders.size()) files.output = output;
      reports.push_back(verify(parts[i], proofs[i], files));
      if (!reports.back().accepted) refuse(f.proof.string() + ": " + reports.back().reason);
      // What was compared, and not the file read again.
      if (reports.back().digest) manifests.push_back(*reports.back().digest);
    }
    if (manifests.size() == parts.size()) out.digest = digest_of(manifests);
    if (digest && *digest != out.digest) {
      refuse("these are not the parts asked for: their digest is " + out.digest.value_or("none") + ", not " + *digest);
    }
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      check_link(parts[i], proofs[i], parts[i + 1], proofs[i + 1], file.link, file.links[i]);
    }
    take_over(reports, parts, out);
    if (out.digest) {
      out.trust = digest ? Trust::pinned : Trust::consistent;
      out.by_digest = digest.has_value();
      out.pinned_by = "the manifests of its parts";
    }
    log_split_trust(out);
    out.accepted = true;
  } catch (const Error& e) {
    if (e.fault() != Fault::unsatisfied) throw;
    out.reason = e.what();
  }
  return out;
}

SplitVerdict verify_split(const Path& split, const std::optional<Path>& srs_path, bool reduced_srs,
                          const std::optional<std::string>& digest) try {
  const VerifyReport report = verify_split_report(split, srs_path, reduced_srs, digest, {}, {});
  return {report.accepted, report.reason, report.digest.value_or("")};
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
