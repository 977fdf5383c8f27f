#include "artifact/manifest_file.hpp"

#include <charconv>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/proof_system_name.hpp"
#include "artifact/read_scale.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/text.hpp"
#include "commit/ceremony.hpp"
#include "commit/srs.hpp"
#include "statement/meaning.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t max_file_size = std::uint64_t{1} << 24;
constexpr std::size_t most_values = std::size_t{1} << 21;
constexpr unsigned format = 3;

using Kind = Visibility::Kind;

constexpr std::string_view hashed_private = "hashed/private/";

/// What a fingerprint says of its setup's origin.
SetupOrigin origin_of(Commitment scheme, const std::string& fingerprint) {
  if (scheme == Commitment::ipa) return SetupOrigin::no_secret;
  const SrsVerifier ceremony(G1Affine::generator(), G2Affine::generator(), ceremony_s_g2(), 1);
  return fingerprint == hex_text(ceremony.fingerprint()) ? SetupOrigin::public_ceremony : SetupOrigin::unknown;
}

/// What visibility_text gives, and nothing else.
Visibility parse_visibility(const std::string& text) {
  for (const Kind kind : {Kind::private_, Kind::public_, Kind::fixed, Kind::hashed_public, Kind::polycommit}) {
    if (const Visibility out{kind, {}}; text == visibility_text(out)) return out;
  }
  if (!text.starts_with(hashed_private)) throw Error(Fault::format, "unknown visibility '" + text + "'");
  Visibility out{Kind::hashed_private, {}};
  const char* at = text.data() + hashed_private.size();
  const char* const end = text.data() + text.size();
  while (true) {
    const auto number = std::from_chars(at, end, out.outlets.emplace_back());
    if (number.ec != std::errc()) throw Error(Fault::format, "'" + text + "' does not list numbers of tensors");
    if (number.ptr == end) return out;
    if (*number.ptr != ',') throw Error(Fault::format, "'" + text + "' does not list numbers of tensors");
    at = number.ptr + 1;
  }
}

std::string digest(const Json& json) {
  if (!is_sha256_text(json.text())) {
    throw Error(Fault::format, "'" + elided(json.text(), 80) + "' are not 64 lower-case hexadecimal digits");
  }
  return json.text();
}

/// A field element as big_felt_text writes it, and verify's page with it.
std::string big_felt(const Json& json) {
  const std::string& text = json.text();
  if (!text.starts_with("0x") || !is_sha256_text(text.substr(2))) {
    throw Error(Fault::format, "'" + elided(text, 80) +
                                   "' are not 0x and 64 lower-case hexadecimal digits, the most significant first");
  }
  return text;
}

template <class T, class Read>
std::optional<T> optional_member(const Json& json, std::string_view key, Read read) {
  return json.member(key, [&](const Json& v) { return v.is_null() ? std::nullopt : std::optional<T>(read(v)); });
}

std::string text_of(const Json& json) { return json.text(); }

ManifestTensor tensor(const Json& json) {
  ManifestTensor out;
  out.name = optional_member<std::string>(json, "name", text_of);
  out.shape = optional_member<Shape>(json, "shape", read_shape);
  out.type = optional_member<std::string>(json, "type", text_of);
  out.scale = json.member("scale", read_scale);
  return out;
}

NamedDigest named_digest(const Json& json) { return {json.member("name", text_of), json.member("sha256", digest)}; }

Visibility visibility(const Json& json, TensorGroup group, std::optional<bool> trees, bool hides) {
  const Visibility out = json.member("visibility", [](const Json& v) { return parse_visibility(v.text()); });
  json.member("means", [&](const Json& v) {
    const std::string meant = meaning_of(group, out, trees, hides);
    if (v.text() != meant) {
      throw Error(Fault::format,
                  "'" + elided(v.text(), 80) + "' is not what " + visibility_text(out) + " means: '" + meant + "'");
    }
  });
  return out;
}

void read_setup(const Json& json, Manifest& out) {
  out.scheme = json.member("commitment", [](const Json& v) { return commitment_named(v.text()); });
  out.setup = optional_member<std::string>(json, "fingerprint", digest).value_or("");
  const bool ipa = out.scheme == Commitment::ipa;
  if (ipa != out.setup.empty()) {
    throw Error(Fault::format, ipa ? "fingerprint: IPA has one setup, which needs none" : "fingerprint: missing");
  }
  out.origin = origin_of(out.scheme, out.setup);
  json.member("origin", [&](const Json& v) {
    if (v.text() != origin_name(out.origin)) {
      throw Error(Fault::format, "'" + elided(v.text(), 80) +
                                     "', but the setup of this fingerprint is of the origin '" +
                                     origin_name(out.origin) + "'");
    }
  });
}

Manifest read_members(const Json& json) {
  const auto version = json.member("format", [](const Json& v) { return v.integer<unsigned>(); });
  if (version != format) {
    throw Error(Fault::unsupported, "format " + std::to_string(version) + " of a key's manifest; this release reads " +
                                        std::to_string(format) + ". Write it anew with `ezkl manifest`");
  }
  Manifest out;
  out.program = json.member("program", text_of);
  json.member("sha256", [&](const Json& digests) {
    out.settings = digests.member("settings", digest);
    out.key = digests.member("vk", digest);
    out.compiled = optional_member<std::string>(digests, "compiled", digest);
    out.model = digests.member("model", [](const Json& list) { return list.each(named_digest); });
  });
  out.layout = optional_member<std::uint32_t>(json, "layout", [](const Json& v) { return v.integer<std::uint32_t>(); });
  out.system =
      json.member_or("proof_system", ProofSystem::plonk, [](const Json& v) { return read_proof_system(v.text()); });
  json.member("setup", [&](const Json& setup) { read_setup(setup, out); });
  const auto group = [&](TensorGroup which, Visibility& shown, std::vector<ManifestTensor>* into) {
    json.member(name_of(which), [&](const Json& v) {
      if (!into) {
        out.trees = optional_member<bool>(v, "trees", [](const Json& flag) { return flag.boolean(); });
        out.params_hash = optional_member<std::string>(v, "hash", big_felt);
        out.params_commitments = v.member("commitments", [](const Json& list) { return list.each(digest); });
      }
      shown = visibility(v, which, into ? std::nullopt : out.trees, out.hides());
      if (into) *into = v.member("tensors", [](const Json& list) { return list.each(tensor); });
    });
  };
  group(TensorGroup::inputs, out.input_visibility, &out.inputs);
  group(TensorGroup::params, out.param_visibility, nullptr);
  group(TensorGroup::outputs, out.output_visibility, &out.outputs);
  out.range_checks_waived = json.member("range_checks_waived", [](const Json& v) { return v.boolean(); });
  return out;
}

class ManifestWriter {
 public:
  std::string write(const Manifest& m) {
    json_.open_object();
    json_.member("format", format);
    text("program", m.program);
    json_.key("sha256");
    json_.open_object();
    text("settings", m.settings);
    text("vk", m.key);
    text("compiled", m.compiled);
    json_.key("model");
    json_.list(m.model, [&](const NamedDigest& file) {
      json_.open_object();
      text("name", file.name);
      text("sha256", file.sha256);
      json_.close_object();
    });
    json_.close_object();
    json_.key("layout");
    m.layout ? json_.integer(*m.layout) : json_.null();
    if (m.system == ProofSystem::sumcheck) {
      text("proof_system", std::string(name_of(m.system)));
      json_.member("zero_knowledge", m.hides());
    }
    json_.key("setup");
    json_.open_object();
    text("commitment", std::string(name_of(m.scheme)));
    text("fingerprint", m.setup.empty() ? std::nullopt : std::optional(m.setup));
    text("origin", origin_name(m.origin));
    json_.close_object();
    const bool hides = m.hides();
    group(TensorGroup::inputs, m.input_visibility, std::nullopt, hides, [&] { tensors(m.inputs); });
    group(TensorGroup::params, m.param_visibility, m.trees, hides, [&] {
      json_.key("trees");
      m.trees ? json_.boolean(*m.trees) : json_.null();
      text("hash", m.params_hash);
      json_.key("commitments");
      json_.list(m.params_commitments, [&](const std::string& point) { json_.text(point); });
    });
    group(TensorGroup::outputs, m.output_visibility, std::nullopt, hides, [&] { tensors(m.outputs); });
    json_.member("range_checks_waived", m.range_checks_waived);
    json_.close_object();
    return json_.take() + "\n";
  }

 private:
  void text(std::string_view key, const std::string& value) { json_.member(key, valid_utf8(value)); }
  void text(std::string_view key, const std::optional<std::string>& value) {
    if (value) return text(key, *value);
    json_.key(key);
    json_.null();
  }

  template <class Rest>
  void group(TensorGroup group, const Visibility& visibility, std::optional<bool> trees, bool hides, Rest rest) {
    json_.key(name_of(group));
    json_.open_object();
    text("visibility", visibility_text(visibility));
    text("means", meaning_of(group, visibility, trees, hides));
    rest();
    json_.close_object();
  }

  void tensors(const std::vector<ManifestTensor>& list) {
    json_.key("tensors");
    json_.list(list, [&](const ManifestTensor& t) { tensor(t); });
  }

  void tensor(const ManifestTensor& t) {
    json_.open_object();
    text("name", t.name);
    json_.key("shape");
    if (t.shape) {
      json_.list(*t.shape, [&](std::size_t extent) { json_.integer(extent); });
    } else {
      json_.null();
    }
    text("type", t.type);
    json_.member("scale", t.scale);
    json_.close_object();
  }

  JsonWriter json_;
};

}  // namespace

std::string origin_name(SetupOrigin origin) {
  switch (origin) {
    case SetupOrigin::no_secret:
      return "no secret";
    case SetupOrigin::public_ceremony:
      return "public ceremony";
    case SetupOrigin::unknown:
      break;
  }
  return "unknown";
}

std::string manifest_text(const Manifest& manifest) { return ManifestWriter().write(manifest); }

Manifest parse_manifest(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what, most_values);
  return in_context(what, [&] {
    Manifest out = read_members(json);
    // One content, one digest: anything beyond what was read would be another file of the same meaning.
    if (manifest_text(out) != text) {
      throw Error(Fault::format,
                  "its members are right, but not written as this program writes them (spaces, order, more members): a "
                  "manifest is compared by its digest and must not be edited");
    }
    return out;
  });
}

ManifestFile read_manifest(const std::filesystem::path& path) {
  const std::string text = read_text(path, max_file_size);
  return {parse_manifest(text, path.string()), sha256_text(text)};
}

}  // namespace ezkl
