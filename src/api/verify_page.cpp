// What verify prints for people.
#include <algorithm>
#include <cmath>

#include "api/verify_report.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/number_text.hpp"
#include "artifact/proof_system_name.hpp"
#include "base/text.hpp"
#include "statement/meaning.hpp"

namespace ezkl {
namespace {

constexpr std::size_t shown_values = 16;
constexpr std::size_t label_width = 12;
constexpr std::size_t page_width = 100;

/// Lines of at most `page_width` characters, broken between words, behind a label. Names in both come from files, and
/// no name may look like a line of the page.
std::string entry(const std::string& unsafe_label, const std::string& unsafe_text) {
  const std::string label = printable_line(unsafe_label), text = printable_line(unsafe_text);
  std::string out = label + std::string(label_width - std::min(label_width, label.size()), ' ');
  if (label.size() >= label_width) out += ' ';
  std::size_t column = out.size(), at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (column + (end - at) > page_width && column > label_width) {
      out.back() = '\n';  // the space between the words
      out += std::string(label_width, ' ');
      column = label_width;
    }
    out += text.substr(at, end - at);
    column += end - at;
    if (end < text.size()) {
      out += ' ';
      ++column;
    }
    at = end + 1;
  }
  return out + "\n";
}

std::string values_text(const ReportedTensor& tensor) {
  std::string out;
  const std::size_t count = std::min(tensor.values.size(), shown_values);
  for (std::size_t i = 0; i < count; ++i) out += (i ? ", " : "") + shown_number(tensor.values[i], tensor.scale);
  if (count < tensor.values.size()) {
    out += ", ... (" + std::to_string(tensor.values.size()) + " values, the first " + std::to_string(count) + " shown)";
  }
  return out;
}

std::string tensor_text(const ReportedTensor& tensor) {
  std::string out;
  if (tensor.shape) {
    out = to_string(*tensor.shape) + ", at scale " + std::to_string(tensor.scale);
    // Fewer bits than this show in the first digits that a person reads.
    constexpr int coarse = 6;
    const bool real = tensor.type && tensor.type->front() == 'F';
    if (real && tensor.scale <= coarse) out += ", in steps of " + short_number(std::ldexp(1.0, -tensor.scale), 6);
    out += ": " + values_text(tensor);
  }
  if (tensor.hash) out += "hash " + big_felt_text(*tensor.hash);
  for (std::size_t i = 0; i < tensor.commitments.size(); ++i) {
    out += (i ? ", " : "commitment ") + point_text(tensor.commitments[i]);
  }
  return out;
}

/// Whether something of the proof is about the parameters of one model and no other, the best first.
enum class Bound : std::uint8_t { by_key, by_shown_values, to_be_compared, by_nothing };

Bound bound_of(const ReportedGroup& params) {
  switch (params.visibility.kind) {
    case Visibility::Kind::hashed_public:
    case Visibility::Kind::polycommit:
      if (is_to_be_compared(params)) return Bound::to_be_compared;
      return params.known_shown ? Bound::by_shown_values : Bound::by_key;  // by the key: a model without parameters
    case Visibility::Kind::private_:
    case Visibility::Kind::hashed_private:
      return Bound::by_nothing;
    default:
      return Bound::by_key;
  }
}

std::string group_text(const ReportedGroup& group, bool hides) {
  std::string label = name_of(group.group);
  if (group.part) label += " of " + *group.part;
  std::string out = entry(
      label, visibility_text(group.visibility) + ": " + meaning_of(group.group, group.visibility, group.trees, hides));
  if (group.group == TensorGroup::params) {
    const Bound bound = bound_of(group);
    if (bound == Bound::to_be_compared) {
      out += entry("", "NOT COMPARED: compare them with those that the model's owner published");
    } else if (bound == Bound::by_shown_values) {
      out += entry("", "compared: they are those of the manifest");
    }
  }
  for (std::size_t i = 0; i < group.tensors.size(); ++i) {
    const std::string text = tensor_text(group.tensors[i]);
    if (!text.empty()) out += entry("  " + tensor_label(group, i), text);
  }
  return out;
}

/// "network.onnx", SHA-256 …
std::string named(const std::optional<std::string>& name, const std::optional<std::string>& digest) {
  std::string out = name ? "\"" + *name + "\"" : "";
  if (digest) out += (out.empty() ? "" : ", ") + std::string("SHA-256 ") + *digest;
  return out;
}

/// Empty where not every part's model is named.
std::string named(const std::vector<ReportedPart>& parts) {
  std::string out;
  for (const ReportedPart& part : parts) {
    if (!part.model_name && !part.model_digest) return {};
    out += (out.empty() ? "a chain of parts: " : "; ") + part.part + " " + named(part.model_name, part.model_digest);
  }
  return out;
}

/// The name is what a manifest says, and how far that goes depends on who it is from and on what binds the parameters.
std::string model_text(const VerifyReport& report) {
  std::string name = report.parts.empty() ? named(report.model_name, report.model_digest) : named(report.parts);
  if (name.empty()) {
    if (report.trust == Trust::on_trust) return "not named: only a manifest names the model";
    return "not named by " + report.pinned_by.value_or("the manifest");
  }
  Bound bound = Bound::by_key;
  bool trees = false;
  for (const ReportedGroup& group : report.groups) {
    if (group.group != TensorGroup::params) continue;
    bound = std::max(bound, bound_of(group));  // of a chain of parts, the weakest
    trees = trees || group.trees.value_or(false);
  }
  if (bound == Bound::by_nothing) {
    name = (trees ? "NONE in particular but for its trees: some model with the trees of "
                  : "NONE in particular: some model of the form of ") +
           name;
  }
  if (bound == Bound::to_be_compared)
    name = "of the form of " + name + "; with WHICH parameters, only their hash or commitments tell";
  if (report.trust == Trust::consistent) {
    return name + " (as the manifest says that lay beside the key; nobody vouches for it)";
  }
  return name;
}

std::string trust_text(const VerifyReport& report) {
  const std::string by = report.pinned_by.value_or("a manifest");
  switch (report.trust) {
    case Trust::on_trust:
      return "taken on trust: scales, visibilities and waivers are what settings.json says, and the key is the one "
             "given. Have both from who made them, not from the prover";
    case Trust::consistent:
      return "consistent with " + by + ", which lay beside the key: as trustworthy as whoever gave you both";
    case Trust::pinned:
      break;
  }
  if (report.by_digest) return "pinned by the digest that was given, of " + by;
  return "pinned by " + by + ", which was named as the owner's: no digest was compared";
}

std::string setup_text(const ReportedSetup& setup) {
  if (!setup.origin) return setup.file;
  switch (*setup.origin) {
    case SetupOrigin::no_secret:
      return "IPA, without a secret";
    case SetupOrigin::public_ceremony:
      return "of the public ceremony";
    case SetupOrigin::unknown:
      break;
  }
  return setup.file + ": NOT the public ceremony's. Whoever made it may know its secret and can forge proofs";
}

/// A line a setup; where a split has several, each says of which parts it is.
std::string setups_text(const std::vector<ReportedSetup>& setups) {
  std::string out;
  for (const ReportedSetup& setup : setups) {
    std::string parts;
    if (setups.size() > 1) {
      for (const std::string& part : setup.parts) parts += (parts.empty() ? "of " : ", ") + part;
      parts += ": ";
    }
    out += entry(out.empty() ? "setup" : "", parts + setup_text(setup));
  }
  return out;
}

}  // namespace

std::string report_page(const VerifyReport& report) {
  std::string out = printable_line(report.proof) + (report.accepted ? ": the proof holds\n" : ": REFUSED\n");
  if (!report.accepted) return out + entry("reason", report.reason);
  out += entry("model", model_text(report));
  out += entry("settings", trust_text(report));
  for (const ReportedGroup& group : report.groups) out += group_text(group, report.hides);
  if (report.system != ProofSystem::plonk) out += entry("system", std::string(name_of(report.system)) + ", format 1");
  if (!report.hides) out += entry("NOT hidden", hides_nothing());
  out += setups_text(report.setups);
  for (const std::string& waived : report.waived) out += entry("NOT checked", waived);
  for (const std::string& compared : report.compared) out += entry("compared", compared);
  return out;
}

}  // namespace ezkl
