#include "api/reports.hpp"

#include "api/split.hpp"
#include "api/verify.hpp"
#include "artifact/settings_file.hpp"
#include "base/border.hpp"
#include "ezkl/reports.hpp"

namespace ezkl {

AccuracyReport accuracy_of_settings(const Path& model, const Path& settings, const std::string& data,
                                    std::uint64_t max_model_size) {
  const GraphSettings read = read_settings(settings);
  std::optional<std::vector<int>> linked;
  if (split_of_part(settings)) linked = read.model_input_scales;
  return accuracy_report(model, read.run_args, data, linked, max_model_size);
}

std::string accuracy(const std::string& data, const Path& model, const Path& settings_path, ReportFormat format,
                     std::uint64_t max_model_size) try {
  const AccuracyReport report = accuracy_of_settings(model, settings_path, data, max_model_size);
  switch (format) {
    case ReportFormat::text:
      return accuracy_text(report);
    case ReportFormat::html:
      return accuracy_html(report);
    case ReportFormat::json:
      break;
  }
  return accuracy_json(report);
} catch (...) {
  rethrow_as_error();
}

std::string verify_report(const Path& proof_path, const Path& settings_path, const Path& vk_path,
                          const std::optional<Path>& srs_path, bool reduced_srs, const std::optional<Path>& manifest,
                          const std::optional<std::string>& digest, const std::optional<std::string>& input,
                          const std::optional<std::string>& output, ReportFormat format) try {
  if (format == ReportFormat::html) throw Error(Fault::usage, "what a proof says is given as text or json");
  const VerifyReport report = verify(
      VerifyFiles{proof_path, settings_path, vk_path, srs_path, reduced_srs, {manifest, digest}, false, input, output});
  if (format == ReportFormat::json) return report_json(report);
  if (!report.accepted) return "not verified: " + report.proof + ": " + report.reason + "\n";
  return report_page(report);
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
