#include "api/manifest.hpp"

#include <list>
#include <system_error>

#include "api/make_witness.hpp"
#include "api/run_args_check.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "base/ensure.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "circuit/lowering.hpp"
#include "ezkl/error.hpp"
#include "graph/record.hpp"
#include "onnx/import.hpp"
#include "statement/meaning.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

std::string type_at(const std::optional<std::vector<std::string>>& types, std::size_t i) {
  return types && i < types->size() ? (*types)[i] : std::string();
}

std::vector<ManifestTensor> tensors_of(const std::vector<int>& scales,
                                       const std::optional<std::vector<std::string>>& types) {
  std::vector<ManifestTensor> out;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    ManifestTensor& tensor = out.emplace_back();
    tensor.scale = scales[i];
    if (const std::string type = type_at(types, i); !type.empty()) tensor.type = type;
  }
  return out;
}

void name_tensors(std::vector<ManifestTensor>& tensors, const Graph& graph, const std::vector<std::uint32_t>& nodes,
                  const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < tensors.size() && i < nodes.size(); ++i) {
    tensors[i].shape = graph.nodes[nodes[i]].shape;
    if (i < names.size()) tensors[i].name = names[i];
  }
}

/// The shapes that settings have: of public tensors, inputs first and outputs last.
void add_public_shapes(Manifest& manifest, const GraphSettings& settings) {
  const auto& shapes = settings.model_instance_shapes;
  const auto add = [&](std::vector<ManifestTensor>& tensors, const Visibility& visibility, bool last) {
    if (visibility.kind != Visibility::Kind::public_ || tensors.size() > shapes.size()) return;
    const std::size_t first = last ? shapes.size() - tensors.size() : 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].shape = shapes[first + i];
  };
  add(manifest.inputs, manifest.input_visibility, false);
  add(manifest.outputs, manifest.output_visibility, true);
}

/// The members of a manifest that settings tell as well, for naming what was changed.
void compare_groups(const Manifest& kept, const Manifest& found, std::vector<std::string>& into) {
  const auto visibility = [&](TensorGroup group, const Visibility& a, const Visibility& b) {
    if (a == b) return;
    into.push_back(std::string("the visibility of the ") + name_of(group) + " (here " + visibility_text(b) +
                   ", in the manifest " + visibility_text(a) + ")");
  };
  visibility(TensorGroup::inputs, kept.input_visibility, found.input_visibility);
  visibility(TensorGroup::params, kept.param_visibility, found.param_visibility);
  visibility(TensorGroup::outputs, kept.output_visibility, found.output_visibility);
  const auto tensors = [&](const char* group, const std::vector<ManifestTensor>& a,
                           const std::vector<ManifestTensor>& b) {
    if (a.size() != b.size()) {
      into.push_back(std::string("the number of ") + group + "s (here " + std::to_string(b.size()) +
                     ", in the manifest " + std::to_string(a.size()) + ")");
      return;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::string tensor = std::string(group) + " " + std::to_string(i);
      if (a[i].scale != b[i].scale) {
        into.push_back("the scale of " + tensor + " (here " + std::to_string(b[i].scale) + ", in the manifest " +
                       std::to_string(a[i].scale) + ")");
      }
      if (a[i].type != b[i].type) into.push_back("the type of " + tensor);
      if (a[i].shape && b[i].shape && *a[i].shape != *b[i].shape) {
        into.push_back("the shape of " + tensor + " (here " + to_string(*b[i].shape) + ", in the manifest " +
                       to_string(*a[i].shape) + ")");
      }
    }
  };
  tensors("input", kept.inputs, found.inputs);
  tensors("output", kept.outputs, found.outputs);
  if (kept.range_checks_waived != found.range_checks_waived) {
    into.push_back(found.range_checks_waived
                       ? "range checks of inputs and outputs are waived here, not in the manifest"
                       : "range checks of inputs and outputs are waived in the manifest, not here");
  }
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "; ") + text;
  return out;
}

/// Whether a file is the verifying key of that digest. What cannot be read is none.
bool is_key(const std::filesystem::path& path, const std::string& sha256) try {
  constexpr std::uint8_t first_byte = 3;  // other files, such as a proving key, need not be hashed
  const InputFile file(path);
  return file.size() > 0 && file.read(0, 1)[0] == first_byte && sha256_of_file(path) == sha256;
} catch (const Error&) {
  return false;
}

/// What does not fit, or nothing.
std::string differences(const Manifest& kept, const Manifest& found, const ComparedFiles& files) {
  std::vector<std::string> out, fields;
  compare_groups(kept, found, fields);
  const bool other_settings = kept.settings != found.settings, other_key = kept.key != found.key;
  if (other_settings && other_key) {
    // Settings and key may well belong together: it is the manifest that is of others.
    out.push_back("this is the manifest of another key: neither " + files.settings.string() + " nor " +
                  files.vk.string() + " is what it tells of (SHA-256 of the key: " + found.key + ", in the manifest: " +
                  kept.key + ")" + (fields.empty() ? "" : "; the settings differ in " + joined(fields)));
  } else if (other_settings) {
    out.push_back(files.settings.string() + " is not the one " + files.vk.string() +
                  " was made with (SHA-256 of what it says: " + found.settings + ", in the manifest: " + kept.settings +
                  ")" + (fields.empty() ? "" : "; it differs in " + joined(fields)));
  } else if (!fields.empty()) {
    out.push_back("the manifest contradicts the settings whose digest it holds, in " + joined(fields));
  }
  if (other_key && !other_settings) {
    out.push_back(files.vk.string() + " is another key (SHA-256 " + found.key + ", in the manifest: " + kept.key + ")");
  }
  if (kept.system != found.system) out.push_back("the manifest is of another proof system");
  if (kept.scheme != found.scheme || kept.setup != found.setup) {
    out.push_back(files.setup.string() + " is not the setup that " + files.vk.string() + " was made with");
  }
  return joined(out);
}

}  // namespace

std::string settings_sha256(const GraphSettings& settings) {
  return sha256_text(std::string_view(timeless_text(settings)));
}

std::string key_sha256(const plonk::VerifyingKey& vk) { return sha256_text(verifying_key_bytes(vk, KeyFormat::raw)); }

DigestedModel read_digested_model(const std::filesystem::path& path, std::uint64_t max_model_size) {
  DigestedModel out;
  std::list<Sha256> hashes;
  out.model =
      read_onnx(path, max_model_size == 0 ? default_max_model_size : max_model_size, [&](const std::string& name) {
        out.files.push_back({name, {}});
        return [&hash = hashes.emplace_back()](std::span<const std::uint8_t> bytes) { update_in_pieces(hash, bytes); };
      });
  auto hash = hashes.begin();
  for (NamedDigest& file : out.files) file.sha256 = hex_text((hash++)->finish());
  return out;
}

std::vector<NamedDigest> model_digests(const std::filesystem::path& model) {
  std::vector<NamedDigest> out{{model.filename().string(), sha256_of_file(model)}};
  for (const std::string& location : external_files(model)) {
    out.push_back({location, sha256_of_file(model.parent_path() / location)});
  }
  return out;
}

SetupIdentity::SetupIdentity(const CommitmentKey& setup)
    : scheme(setup.scheme()), fingerprint(hex_text(setup.fingerprint())), origin(setup.origin()) {}

SetupIdentity::SetupIdentity(const CommitmentVerifier& setup)
    : scheme(setup.scheme()), fingerprint(hex_text(setup.fingerprint())), origin(setup.origin()) {}

Manifest manifest_of(const GraphSettings& settings, const std::string& key_sha256, const SetupIdentity& setup) {
  Manifest out;
  out.program = GraphSettings{}.version;
  out.settings = settings_sha256(settings);
  out.key = key_sha256;
  out.system = settings.run_args.proof_system;
  out.scheme = setup.scheme;
  out.setup = setup.fingerprint;
  out.origin = setup.origin;
  const RunArgs& args = settings.run_args;
  out.input_visibility = args.input_visibility;
  out.param_visibility = args.param_visibility;
  out.output_visibility = args.output_visibility;
  out.range_checks_waived = args.ignore_range_check_inputs_outputs;
  out.inputs = tensors_of(settings.model_input_scales, settings.input_types);
  out.outputs = tensors_of(settings.model_output_scales, settings.output_types);
  return out;
}

void add_model(Manifest& manifest, const CompiledModel& model) {
  EZKL_ENSURE(!model.sha256.empty(), "a compiled model that a manifest tells of was read from a file");
  manifest.compiled = model.sha256;
  manifest.model = model.source;
  if (manifest.system == ProofSystem::plonk) manifest.layout = layout_version;
  const Graph& graph = model.graph;
  manifest.trees = has_trees(graph);
  name_tensors(manifest.inputs, graph, graph.inputs, graph.input_names);
  name_tensors(manifest.outputs, graph, graph.outputs, graph.output_names);
}

void add_params(Manifest& manifest, const LoadedModel& model, const CommitmentKey& setup) {
  const Visibility& visibility = model.settings().run_args.param_visibility;
  if (!visibility.is_hashed() && visibility.kind != Visibility::Kind::polycommit) return;
  // Only PLONK's settings say either.
  const ShownParams shown = shown_params(processed_params(model.record, circuit_of(model).cs, &setup));
  manifest.params_hash = shown.hash;
  manifest.params_commitments = shown.commitments;
}

std::filesystem::path manifest_path(const std::filesystem::path& vk) {
  std::filesystem::path out = vk;
  return out.replace_extension(".manifest.json");
}

void refuse_manifest_of_other_key(const std::filesystem::path& vk) {
  namespace fs = std::filesystem;
  const fs::path manifest = manifest_path(vk);
  std::error_code error;
  if (!fs::is_regular_file(manifest, error)) return;
  std::string key;
  try {
    key = read_manifest(manifest).manifest.key;
  } catch (const Error&) {
    return;  // no manifest of ours: nothing can be told of it
  }
  // A key that is gone leaves a manifest that nobody misses, so the other key is looked for.
  for (fs::directory_iterator entry(vk.has_parent_path() ? vk.parent_path() : fs::path("."), error), end;
       !error && entry != end; entry.increment(error)) {
    const fs::path& other = entry->path();
    std::error_code ignored;
    if (manifest_path(other.filename()) != manifest.filename() || other.filename() == vk.filename() ||
        !fs::is_regular_file(other, ignored) || !is_key(other, key)) {
      continue;
    }
    throw Error(Fault::usage,
                manifest.string() + " is the manifest of " + other.filename().string() + ", and that of " +
                    vk.filename().string() +
                    " would replace it: the names of two keys must differ in more than what stands behind the last dot",
                {{"vk_path", "give the key another name with {}"}});
  }
}

TrustReport check_manifest(const ManifestChoice& choice, const ComparedFiles& files, const GraphSettings& settings,
                           const std::string& key_sha256, const SetupIdentity& setup) {
  if (choice.digest) check_typed_sha256(*choice.digest);
  TrustReport out;
  out.file = choice.file.value_or(manifest_path(files.vk));
  std::error_code ignored;
  if (!choice.file && !std::filesystem::exists(out.file, ignored)) {
    if (!choice.digest) return out;
    throw Error(Fault::io, out.file.string() + ": no manifest lies beside " + files.vk.string(),
                {{"manifest",
                  "setup wrote it where the key was made, under that name: have it from there, or name it with {}"}});
  }
  out.with = read_manifest(out.file);
  if (choice.digest && *choice.digest != out.with->digest) {
    throw Error(Fault::unsatisfied, out.file.string() + ": this is not the manifest asked for: its digest is " +
                                        out.with->digest + ", not " + *choice.digest);
  }
  Manifest found = manifest_of(settings, key_sha256, setup);
  add_public_shapes(found, settings);
  const std::string wrong = differences(out.with->manifest, found, files);
  if (!wrong.empty()) {
    throw Error(Fault::unsatisfied,
                out.file.string() + ": " + wrong +
                    (choice.is_given() ? ""
                                       : ". Take the files that were made together, or write the key's manifest anew "
                                         "with setup or `ezkl manifest`"));
  }
  out.trust = choice.is_given() ? Trust::pinned : Trust::consistent;
  out.by_digest = choice.digest.has_value();
  return out;
}

void warn_of_what_is_open(const RunArgs& args, const Manifest* manifest) {
  warn_of_unbound_hashes(args);
  warn_of_unchecked_values(args);
  warn_of_unbound_model(args);
  if (manifest) warn_of_private_trees(args, manifest->trees.value_or(false));
}

void log_trust(const TrustReport& report, const std::filesystem::path& vk) {
  switch (report.trust) {
    case Trust::pinned:
      return log_info("settings, key and setup are those of the manifest with the digest " + report.with->digest);
    case Trust::consistent:
      return log_info(
          "settings, key and setup fit the manifest beside " + vk.string() + " (digest " + report.with->digest + ")",
          {{"digest", "that it is the model owner's is known only to those who compare the digest with {}"}});
    case Trust::on_trust:
      break;
  }
  log_warn("the settings were taken on trust: no manifest lies beside " + vk.string() +
               ", so nothing shows that key, scales, visibilities and waived checks are those of the model's owner",
           {{"digest", "ask the owner for the manifest's digest and give it with {}"}});
}

}  // namespace ezkl
