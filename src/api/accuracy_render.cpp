
#include "api/accuracy.hpp"
#include "artifact/json_writer.hpp"
#include "base/text.hpp"

namespace ezkl {
namespace {

std::string number(double v) { return short_number(v, 6); }

std::string padded(const std::string& text, std::size_t width) {
  const std::string shown = elided(text, width);
  return shown + std::string(width + 1 - character_count(shown), ' ');
}

void write_statistics(JsonWriter& json, const char* name, const ErrorStatistics& s) {
  json.key(name);
  json.open_object();
  json.member("elements", s.elements);
  json.key("largest_value");
  json.raw(number(s.largest_value));
  json.key("max_error");
  json.raw(number(s.max));
  json.key("mean_error");
  json.raw(number(s.mean));
  json.close_object();
}

void write_nodes(JsonWriter& json, const char* name, const std::vector<NodeAccuracy>& nodes) {
  json.key(name);
  json.list(nodes, [&](const NodeAccuracy& node) {
    json.open_object();
    json.member("name", node.name);
    json.member("kind", node.kind);
    json.member("shape", node.shape);
    json.member("scale", node.scale);
    write_statistics(json, "total", node.total);
    write_statistics(json, "local", node.local);
    json.close_object();
  });
}

}  // namespace

std::string accuracy_headline(const AccuracyReport& report) {
  const auto count = [](std::size_t n) { return std::to_string(n); };
  std::string out = count(report.classifies ? report.alike : report.within) + " of " + count(report.samples) +
                    (report.samples == 1 ? " sample " : " samples ") +
                    (report.classifies ? "classified alike" : "within 1 % and 2^-8 of the float model");
  if (report.classifies) out += ", " + count(report.within) + " within 1 % and 2^-8 of the float model";
  if (report.refused > 0) out += "; " + count(report.refused) + " out of the circuit's range: " + report.refusal;
  if (report.not_finite > 0) out += "; for " + count(report.not_finite) + " the float model gives NaN or infinity";
  return out;
}

std::string accuracy_text(const AccuracyReport& report) {
  std::string out = accuracy_headline(report) + "\n\n" + report.model + ": " + std::to_string(report.samples) +
                    (report.samples == 1 ? " sample" : " samples") + ", input scale " +
                    std::to_string(report.input_scale) + ", param scale " + std::to_string(report.param_scale) + "\n\n";
  out += padded("node", 28) + padded("operator", 18) + padded("shape", 18) + padded("scale", 6) +
         padded("largest", 11) + padded("max error", 11) + padded("mean error", 11) + padded("own error", 11) + "\n";
  for (std::size_t i = 0; i < report.nodes.size(); ++i) {
    const NodeAccuracy& n = report.nodes[i];
    out += padded(n.name, 28) + padded(n.kind, 18) + padded(n.shape, 18) + padded(std::to_string(n.scale), 6) +
           padded(number(n.total.largest_value), 11) + padded(number(n.total.max), 11) +
           padded(number(n.total.mean), 11) + padded(number(n.local.max), 11) +
           (i == report.worst_node ? "<-- most precision is lost here" : "") + "\n";
  }
  if (!report.trials.empty()) {
    out += "\noutputs at other scales\n" + padded("input scale", 12) + padded("param scale", 12) +
           padded("max error", 11) + padded("mean error", 11) + "\n";
  }
  for (const ScaleTrial& t : report.trials) {
    out += padded(std::to_string(t.input_scale), 12) + padded(std::to_string(t.param_scale), 12) +
           (t.failure.empty() ? padded(number(t.outputs.max), 11) + padded(number(t.outputs.mean), 11) : t.failure) +
           "\n";
  }
  out += "\n" + report.advice + "\n";
  return out;
}

std::string accuracy_json(const AccuracyReport& report) {
  JsonWriter json;
  json.open_object();
  json.member("model", report.model);
  json.member("samples", report.samples);
  json.member("input_scale", report.input_scale);
  json.member("param_scale", report.param_scale);
  json.key("classified_alike");
  report.classifies ? json.integer(report.alike) : json.null();
  json.member("within_tolerance", report.within);
  json.member("out_of_range", report.refused);
  json.member("not_finite", report.not_finite);
  json.member("advice", report.advice);
  write_nodes(json, "outputs", report.outputs);
  write_nodes(json, "nodes", report.nodes);
  json.key("scales");
  json.list(report.trials, [&](const ScaleTrial& t) {
    json.open_object();
    json.member("input_scale", t.input_scale);
    json.member("param_scale", t.param_scale);
    if (t.failure.empty()) {
      write_statistics(json, "outputs", t.outputs);
    } else {
      json.member("failure", t.failure);
    }
    json.close_object();
  });
  json.close_object();
  return json.take();
}

}  // namespace ezkl
