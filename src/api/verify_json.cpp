// What verify --json prints for programs.
#include "api/verify_report.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/manifest_file.hpp"
#include "artifact/proof_system_name.hpp"
#include "statement/meaning.hpp"

namespace ezkl {
namespace {

const char* trust_name(Trust trust) {
  switch (trust) {
    case Trust::on_trust:
      return "on trust";
    case Trust::consistent:
      return "consistent";
    case Trust::pinned:
      break;
  }
  return "pinned";
}

class ReportWriter {
 public:
  std::string write(const VerifyReport& report) {
    json_.open_object();
    json_.member("accepted", report.accepted);
    text("reason", report.reason.empty() ? std::nullopt : std::optional(report.reason));
    text("proof", report.proof);
    json_.key("model");
    json_.open_object();
    text("name", report.model_name);
    text("digest", report.model_digest);
    json_.key("parts");
    json_.list(report.parts, [&](const ReportedPart& part) {
      json_.open_object();
      text("part", part.part);
      text("name", part.model_name);
      text("digest", part.model_digest);
      json_.close_object();
    });
    json_.close_object();
    json_.key("settings");
    json_.open_object();
    text("trust", !report.accepted ? std::nullopt : std::optional<std::string>(trust_name(report.trust)));
    text("by", report.pinned_by);
    json_.member("digest_compared", report.by_digest);
    text("digest", report.digest);
    json_.close_object();
    text("proof_system", name_of(report.system));
    json_.member("zero_knowledge", report.hides);
    json_.key("groups");
    json_.list(report.groups, [&](const ReportedGroup& g) { group(g, report.hides); });
    json_.key("setup");
    json_.open_object();
    text("scheme", name_of(report.scheme));
    setup(report.setups.empty() ? ReportedSetup{} : report.setups.front());
    json_.key("all");
    json_.list(report.setups, [&](const ReportedSetup& s) {
      json_.open_object();
      setup(s);
      list("parts", s.parts);
      json_.close_object();
    });
    json_.close_object();
    list("waived_checks", report.waived);
    list("compared", report.compared);
    json_.close_object();
    return json_.take();
  }

 private:
  void text(const char* key, const std::optional<std::string>& value) {
    json_.key(key);
    value ? json_.text(*value) : json_.null();
  }

  void list(const char* key, const std::vector<std::string>& values) {
    json_.key(key);
    json_.list(values, [&](const std::string& value) { json_.text(value); });
  }

  void setup(const ReportedSetup& setup) {
    text("file", setup.file.empty() ? std::nullopt : std::optional(setup.file));
    text("origin", setup.origin ? std::optional(origin_name(*setup.origin)) : std::nullopt);
  }

  void group(const ReportedGroup& group, bool hides) {
    json_.open_object();
    text("group", name_of(group.group));
    text("part", group.part);
    text("visibility", visibility_text(group.visibility));
    text("meaning", meaning_of(group.group, group.visibility, group.trees, hides));
    if (group.group == TensorGroup::params) json_.member("known_to_the_manifest", group.known_shown);
    json_.key("tensors");
    json_.list(group.tensors, [&](const ReportedTensor& t) { tensor(t, group.group); });
    json_.close_object();
  }

  void tensor(const ReportedTensor& tensor, TensorGroup group) {
    json_.open_object();
    text("name", tensor.name);
    if (group != TensorGroup::params) {
      text("type", tensor.type);
      json_.member("scale", tensor.scale);
    }
    if (tensor.shape) {
      json_.key("shape");
      json_.list(*tensor.shape, [&](std::size_t extent) { json_.integer(extent); });
      json_.key("values");
      json_.list(tensor.values, [&](const Fr& value) {
        const auto number = number_of(value, tensor.scale);
        number ? json_.raw(*number) : json_.null();
      });
      json_.key("instances");
      json_.list(tensor.values, [&](const Fr& value) { json_.text(felt_text(value)); });
    }
    if (tensor.hash) {
      text("hash", felt_text(*tensor.hash));
      text("hash_big_endian", big_felt_text(*tensor.hash));  // as the page, gen-witness and manifests write it
    }
    if (!tensor.commitments.empty()) {
      json_.key("commitments");
      json_.list(tensor.commitments, [&](const G1Affine& point) { json_.text(point_text(point)); });
    }
    json_.close_object();
  }

  JsonWriter json_;
};

}  // namespace

std::string report_json(const VerifyReport& report) { return ReportWriter().write(report); }

}  // namespace ezkl
