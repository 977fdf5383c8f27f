#include <algorithm>
#include <cmath>
#include <cstdio>

#include "api/accuracy.hpp"
#include "artifact/json_writer.hpp"

namespace ezkl {
namespace {

std::string number(double v) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.6g", v);
  return buffer;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() > width) text = text.substr(0, width - 1) + "~";
  return text + std::string(width - text.size() + 1, ' ');
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

void write_statistics(JsonWriter& json, const char* name, const ErrorStatistics& s) {
  json.key(name);
  json.open_object();
  json.key("elements");
  json.integer(s.elements);
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
    json.key("name");
    json.text(node.name);
    json.key("kind");
    json.text(node.kind);
    json.key("shape");
    json.text(node.shape);
    json.key("scale");
    json.integer(node.scale);
    write_statistics(json, "total", node.total);
    write_statistics(json, "local", node.local);
    json.close_object();
  });
}

/// Position of an error on a logarithmic axis from 1e-8 to 1e2, as a share of its length.
double log_share(double error) { return std::clamp((std::log10(std::max(error, 1e-8)) + 8) / 10, 0.0, 1.0); }

std::string bar(double error, const char* colour) {
  const int width = static_cast<int>(std::lround(240 * log_share(error)));
  return "<svg width=\"240\" height=\"12\"><rect width=\"" + std::to_string(width) + "\" height=\"12\" fill=\"" + colour +
         "\"/></svg> " + number(error);
}

std::string trials_picture(const AccuracyReport& report) {
  const int width = 90, height = 180;
  std::string out = "<svg width=\"" + std::to_string(width * static_cast<int>(report.trials.size()) + 20) + "\" height=\"" +
                    std::to_string(height + 60) + "\" font-size=\"12\" font-family=\"sans-serif\">";
  for (std::size_t i = 0; i < report.trials.size(); ++i) {
    const ScaleTrial& trial = report.trials[i];
    const int x = 10 + static_cast<int>(i) * width;
    const bool now = trial.input_scale == report.input_scale && trial.param_scale == report.param_scale;
    const std::string at = std::to_string(x);
    if (trial.failure.empty()) {
      const int size = std::max(2, static_cast<int>(std::lround(height * log_share(trial.outputs.mean))));
      out += "<rect x=\"" + at + "\" y=\"" + std::to_string(height + 20 - size) + "\" width=\"60\" height=\"" +
             std::to_string(size) + "\" fill=\"" + (now ? "#c60" : "#48a") + "\"/><text x=\"" + at + "\" y=\"" +
             std::to_string(height + 14 - size) + "\">" + number(trial.outputs.mean) + "</text>";
    } else {
      out += "<text x=\"" + at + "\" y=\"" + std::to_string(height + 14) + "\">cannot run</text>";
    }
    out += "<text x=\"" + at + "\" y=\"" + std::to_string(height + 38) + "\">scale " + std::to_string(trial.input_scale) +
           "/" + std::to_string(trial.param_scale) + "</text>";
  }
  return out + "</svg>";
}

}  // namespace

std::string accuracy_text(const AccuracyReport& report) {
  std::string out = report.model + ": " + std::to_string(report.samples) + (report.samples == 1 ? " sample" : " samples") +
                    ", input scale " + std::to_string(report.input_scale) + ", param scale " +
                    std::to_string(report.param_scale) + "\n\n";
  out += padded("node", 28) + padded("operator", 18) + padded("shape", 18) + padded("scale", 6) + padded("largest", 11) +
         padded("max error", 11) + padded("mean error", 11) + padded("own error", 11) + "\n";
  for (std::size_t i = 0; i < report.nodes.size(); ++i) {
    const NodeAccuracy& n = report.nodes[i];
    out += padded(n.name, 28) + padded(n.kind, 18) + padded(n.shape, 18) + padded(std::to_string(n.scale), 6) +
           padded(number(n.total.largest_value), 11) + padded(number(n.total.max), 11) + padded(number(n.total.mean), 11) +
           padded(number(n.local.max), 11) + (i == report.worst_node ? "<-- most precision is lost here" : "") + "\n";
  }
  out += "\noutputs at other scales\n";
  out += padded("input scale", 12) + padded("param scale", 12) + padded("max error", 11) + padded("mean error", 11) + "\n";
  for (const ScaleTrial& t : report.trials) {
    out += padded(std::to_string(t.input_scale), 12) + padded(std::to_string(t.param_scale), 12) +
           (t.failure.empty() ? padded(number(t.outputs.max), 11) + padded(number(t.outputs.mean), 11) : t.failure) + "\n";
  }
  out += "\nsame position of the largest element: " + number(100 * report.same_argmax) + " %\n" + report.advice + "\n";
  return out;
}

std::string accuracy_json(const AccuracyReport& report) {
  JsonWriter json;
  json.open_object();
  json.key("model");
  json.text(report.model);
  json.key("samples");
  json.integer(report.samples);
  json.key("input_scale");
  json.integer(report.input_scale);
  json.key("param_scale");
  json.integer(report.param_scale);
  json.key("same_argmax");
  json.raw(number(report.same_argmax));
  json.key("advice");
  json.text(report.advice);
  write_nodes(json, "outputs", report.outputs);
  write_nodes(json, "nodes", report.nodes);
  json.key("scales");
  json.list(report.trials, [&](const ScaleTrial& t) {
    json.open_object();
    json.key("input_scale");
    json.integer(t.input_scale);
    json.key("param_scale");
    json.integer(t.param_scale);
    if (t.failure.empty()) {
      write_statistics(json, "outputs", t.outputs);
    } else {
      json.key("failure");
      json.text(t.failure);
    }
    json.close_object();
  });
  json.close_object();
  return json.take();
}

std::string accuracy_html(const AccuracyReport& report) {
  std::string out =
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Accuracy of " + escaped(report.model) +
      "</title><style>body{font:15px sans-serif;margin:2em;color:#222}table{border-collapse:collapse}"
      "td,th{padding:3px 10px;text-align:left;border-bottom:1px solid #ddd;white-space:nowrap}"
      "tr.worst{background:#fe9}.note{color:#555}</style></head><body>\n<h1>Accuracy of " + escaped(report.model) +
      "</h1>\n<p>" + std::to_string(report.samples) + (report.samples == 1 ? " sample" : " samples") + ", input scale " +
      std::to_string(report.input_scale) + ", param scale " + std::to_string(report.param_scale) +
      ". The largest element stands at the same position in " + number(100 * report.same_argmax) +
      " % of the lines of the first output.</p>\n<p><b>" + escaped(report.advice) + "</b></p>\n";
  out += "<h2>Node by node</h2>\n<p class=\"note\">Total error: distance from the float model. Own error: what the node adds, "
         "compared with the operator in floats on the same operands. Bars are logarithmic from 1e-8 to 100.</p>\n<table>"
         "<tr><th>node</th><th>operator</th><th>shape</th><th>scale</th><th>largest value</th><th>total error (max)</th>"
         "<th>own error (max)</th></tr>\n";
  for (std::size_t i = 0; i < report.nodes.size(); ++i) {
    const NodeAccuracy& n = report.nodes[i];
    out += std::string(i == report.worst_node ? "<tr class=\"worst\">" : "<tr>") + "<td>" + escaped(n.name) + "</td><td>" +
           escaped(n.kind) + "</td><td>" + n.shape + "</td><td>" + std::to_string(n.scale) + "</td><td>" +
           number(n.total.largest_value) + "</td><td>" + bar(n.total.max, "#48a") + "</td><td>" + bar(n.local.max, "#c60") +
           "</td></tr>\n";
  }
  out += "</table>\n<h2>Outputs at other scales</h2>\n<p class=\"note\">Mean error of the outputs; the scales in use in "
         "orange.</p>\n" + trials_picture(report) + "\n</body></html>\n";
  return out;
}

}  // namespace ezkl
