// What a check of a model says, to people and to programs.
#include <algorithm>

#include "api/check_model.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/number_text.hpp"
#include "artifact/proof_system_name.hpp"
#include "base/text.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

std::string number(double value) { return short_number(value, 3); }

}  // namespace

std::string report_text(const ModelReport& report, const Spelling& spelling) {
  std::string out = report.model + ": ";
  const std::size_t problems = report.problems.size();
  if (report.ok()) {
    out += "can be proved\n";
  } else {
    out += "cannot be proved as it is: " + std::to_string(problems) + (problems == 1 ? " problem\n" : " problems\n");
  }
  constexpr std::size_t longest = 4096;  // names in it are from files
  const auto add = [&](const char* label, const Error& error) {
    out += label + elided(error.message(spelling), longest) + "\n";
  };
  for (const Error& problem : report.problems) add("\nproblem   ", problem);
  for (const Error& note : report.notes) add("\nnote      ", note);
  if (report.cost) {
    const ProvingCost& cost = *report.cost;
    out += "\nnodes     " + std::to_string(report.nodes) + "\nsamples   " + std::to_string(report.check.samples) +
           "\ncircuit   " + std::to_string(report.settings->num_rows) + " rows, 2^" + std::to_string(cost.logrows) +
           " with what fills them up\nproof     about " + number(std::max(cost.seconds(), 0.01)) +
           " s of one core with AVX-512 IFMA, " + number(cost.peak_mib) + " MiB of memory, " +
           std::to_string(cost.proof_bytes()) + " bytes\n";
  }
  if (report.sumcheck_cost) {
    const relations::ProverCost& cost = *report.sumcheck_cost;
    out += "\nnodes     " + std::to_string(report.nodes) + "\nsamples   " + std::to_string(report.check.samples) +
           "\nsystem    sumcheck, whose proofs hide nothing" + "\nproof     about " +
           number(std::max(cost.seconds(), 0.01)) + " s of one core with AVX-512 IFMA, " +
           std::to_string(cost.row_bytes()) + " bytes and sums\n";
  }
  return printable(out);
}

std::string report_json(const ModelReport& report) {
  JsonWriter json;
  json.open_object();
  json.member("ok", report.ok());
  json.member("model", report.model);
  json.member("nodes", report.nodes);
  const auto errors = [&](const char* name, const std::vector<Error>& list) {
    json.key(name);
    json.list(list, [&](const Error& error) { json.raw(error_json(error)); });
  };
  errors("problems", report.problems);
  errors("notes", report.notes);
  const auto real = [&](const char* name, double value) {
    json.key(name);
    json.raw(json_number(value));
  };
  const auto self_check = [&] {
    json.member("samples", report.check.samples);
    json.member("beyond", report.check.beyond);
    real("largest_error", report.check.largest_error);
  };
  if (report.cost) {
    const RunArgs& args = report.settings->run_args;
    json.key("circuit");
    json.open_object();
    json.member("logrows", args.logrows);
    json.member("rows", report.settings->num_rows);
    json.member("columns", report.cost->advice);
    json.member("input_scale", args.input_scale);
    json.member("param_scale", args.param_scale);
    real("seconds", report.cost->seconds());
    real("peak_mib", report.cost->peak_mib);
    json.member("proof_bytes", report.cost->proof_bytes());
    self_check();
    json.close_object();
  }
  if (report.sumcheck_cost) {
    json.key("predicted");
    json.open_object();
    json.member("proof_system", std::string_view(name_of(ProofSystem::sumcheck)));
    json.member("logrows", report.settings->run_args.logrows);
    real("seconds", report.sumcheck_cost->seconds());
    json.member("row_bytes", report.sumcheck_cost->row_bytes());
    self_check();
    json.close_object();
  }
  json.close_object();
  return json.take();
}

}  // namespace ezkl
