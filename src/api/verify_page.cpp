// What verify prints for people.
#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

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
constexpr std::size_t page_width = 80;  // of the narrowest usual terminal, which would break longer lines itself

/// Lines of at most `page_width` columns, broken between words or where a word is too long. Only the first begins at
/// the page's edge.
class Lines {
 public:
  void add(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      const std::string_view word = text.substr(0, end);
      if (column_ + width_of(word) > page_width && column_ > label_width && !word.empty()) break_line();
      for (const char c : word) put(c);
      if (end == text.size()) return;
      put(' ');
      text.remove_prefix(end + 1);
    }
  }
  void pad() {
    do put(' ');
    while (column_ < label_width);
  }
  std::string take() {
    trim();
    return std::move(out_) + "\n";
  }

 private:
  /// Columns that a byte of UTF-8 text begins: what is not ASCII may be two wide.
  static std::size_t width_of(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 ? 1 : byte < 0xc0 ? 0 : 2;
  }
  static std::size_t width_of(std::string_view text) {
    std::size_t out = 0;
    for (const char c : text) out += width_of(c);
    return out;
  }
  void put(char c) {
    if (column_ + width_of(c) > page_width) {
      break_line();
      if (c == ' ') return;
    }
    out_ += c;
    column_ += width_of(c);
  }
  void trim() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
  }
  void break_line() {
    trim();
    out_ += '\n' + std::string(label_width, ' ');
    column_ = label_width;
  }

  std::string out_;
  std::size_t column_ = 0;
};

/// A label and what it is of. Names in both come from files, and no name may look like a line of the page.
std::string entry(const std::string& label, const std::string& text) {
  Lines lines;
  lines.add(printable_line(label));
  lines.pad();
  lines.add(printable_line(text));
  return lines.take();
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
  if (group.part) label += " of " + shown_name(*group.part);
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
  std::string out = name ? "\"" + shown_name(*name) + "\"" : "";
  if (digest) out += (out.empty() ? "" : ", ") + std::string("SHA-256 ") + *digest;
  return out;
}

/// Empty where not every part's model is named.
std::string named(const std::vector<ReportedPart>& parts) {
  std::string out;
  for (const ReportedPart& part : parts) {
    if (!part.model_name && !part.model_digest) return {};
    out += (out.empty() ? "a chain of parts: " : "; ") + shown_name(part.part) + " " +
           named(part.model_name, part.model_digest);
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
      for (const std::string& part : setup.parts) parts += (parts.empty() ? "of " : ", ") + shown_name(part);
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
