// What a check of a model says, to people and to programs.
#include <cstdio>

#include "api/check_model.hpp"
#include "artifact/json_writer.hpp"
#include "base/text.hpp"

namespace ezkl {
namespace {

std::string number(double value) { return short_number(value, 3); }

}  // namespace

std::string report_text(const ModelReport& report, const Spelling& spelling) {
  std::string out = report.model + ": ";
  std::size_t fatal = 0;
  for (const ModelFinding& finding : report.findings) fatal += finding.fatal ? 1 : 0;
  if (report.provable()) {
    out += "can be proved\n";
  } else {
    out += "cannot be proved as it is: " + std::to_string(fatal) + (fatal == 1 ? " problem\n" : " problems\n");
  }
  for (const ModelFinding& finding : report.findings) {
    out += finding.fatal ? "\nproblem   " : "\nnote      ";
    if (!finding.place.empty()) out += finding.place + "\n          ";
    out += with_hints(finding.text, finding.hints, spelling) + "\n";
  }
  if (report.cost) {
    const ProvingCost& cost = *report.cost;
    out += "\nnodes     " + std::to_string(report.nodes) + "\nsamples   " + std::to_string(report.samples) +
           "\ncircuit   " + std::to_string(report.settings->num_rows) + " rows, 2^" + std::to_string(cost.logrows) +
           " with what fills them up\nproof     about " + number(std::max(cost.seconds(), 0.01)) +
           " s of one core with AVX-512 IFMA, " + number(cost.peak_mib) + " MiB of memory, " +
           std::to_string(cost.proof_bytes()) + " bytes\n";
  }
  return printable(out);
}

std::string report_json(const ModelReport& report) {
  JsonWriter json;
  json.open_object();
  json.member("model", report.model);
  json.member("provable", report.provable());
  json.member("nodes", report.nodes);
  json.member("samples", report.samples);
  json.key("findings");
  json.list(report.findings, [&](const ModelFinding& finding) {
    json.open_object();
    json.member("fatal", finding.fatal);
    json.member("fault", std::string_view(name_of(finding.fault)));
    json.member("place", finding.place);
    json.member("text", finding.text);
    json.key("hints");
    json.list(finding.hints, [&](const Hint& hint) {
      json.open_object();
      json.member("parameter", hint.parameter);
      json.member("advice", hint.advice);
      json.close_object();
    });
    json.close_object();
  });
  if (report.cost) {
    json.key("predicted");
    json.open_object();
    json.member("logrows", report.cost->logrows);
    json.member("rows", report.settings->num_rows);
    json.key("seconds");
    json.raw(number(report.cost->seconds()));
    json.key("peak_mib");
    json.raw(number(report.cost->peak_mib));
    json.member("proof_bytes", report.cost->proof_bytes());
    json.close_object();
  }
  json.close_object();
  return json.take();
}

}  // namespace ezkl
