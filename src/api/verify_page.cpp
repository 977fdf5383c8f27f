// What verify prints for people.
#include <algorithm>

#include "api/verify_report.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/number_text.hpp"
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
    out = to_string(*tensor.shape) + ", at scale " + std::to_string(tensor.scale) + ": " + values_text(tensor);
  }
  if (tensor.hash) out += "hash " + big_felt_text(*tensor.hash);
  for (std::size_t i = 0; i < tensor.commitments.size(); ++i) {
    out += (i ? ", " : "commitment ") + point_text(tensor.commitments[i]);
  }
  return out;
}

std::string group_text(const ReportedGroup& group) {
  std::string label = name_of(group.group);
  if (group.part) label += " of " + *group.part;
  std::string out =
      entry(label, visibility_text(group.visibility) + ": " + meaning_of(group.group, group.visibility, group.trees));
  for (std::size_t i = 0; i < group.tensors.size(); ++i) {
    const std::string text = tensor_text(group.tensors[i]);
    if (!text.empty()) out += entry("  " + tensor_label(group, i), text);
  }
  return out;
}

std::string model_text(const VerifyReport& report) {
  if (!report.model_name && !report.model_digest) return "not named: only a manifest names the model";
  std::string out = report.model_name.value_or("");
  if (report.model_digest) out += (out.empty() ? "" : ", ") + std::string("SHA-256 ") + *report.model_digest;
  return out;
}

std::string trust_text(const VerifyReport& report) {
  switch (report.trust) {
    case Trust::on_trust:
      return "taken on trust: scales, visibilities and waivers are what settings.json says, and the key is the one "
             "given. Have both from who made them, not from the prover";
    case Trust::consistent:
      return "consistent with " + report.pinned_by.value_or("a manifest") +
             ", which lay beside the key: as trustworthy as whoever gave you both";
    case Trust::pinned:
      break;
  }
  return "pinned by " + report.pinned_by.value_or("a manifest");
}

std::string setup_text(const VerifyReport& report) {
  if (!report.setup_origin) return report.setup;
  switch (*report.setup_origin) {
    case SetupOrigin::no_secret:
      return "IPA, without a secret";
    case SetupOrigin::public_ceremony:
      return "of the public ceremony";
    case SetupOrigin::unknown:
      break;
  }
  return report.setup + ": NOT the public ceremony's. Whoever made it may know its secret and can forge proofs";
}

}  // namespace

std::string report_page(const VerifyReport& report) {
  std::string out = printable_line(report.proof) + (report.accepted ? ": the proof holds\n" : ": REFUSED\n");
  if (!report.accepted) return out + entry("reason", report.reason);
  out += entry("model", model_text(report));
  out += entry("settings", trust_text(report));
  for (const ReportedGroup& group : report.groups) out += group_text(group);
  out += entry("setup", setup_text(report));
  for (const std::string& waived : report.waived) out += entry("NOT checked", waived);
  for (const std::string& compared : report.compared) out += entry("compared", compared);
  return out;
}

}  // namespace ezkl
