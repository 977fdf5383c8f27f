#include <algorithm>
#include <cmath>

#include "api/accuracy.hpp"
#include "base/text.hpp"

namespace ezkl {
namespace {

const char* const style =
    "body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;padding:24px;max-width:1080px;color:#222}"
    "h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:32px 0 4px}.note{color:#5a6470;margin:0 0 10px}"
    ".advice{background:#fff6dd;border-left:4px solid #d9a400;padding:8px 14px;margin:16px 0;overflow-wrap:anywhere}"
    ".facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:16px 0}.facts "
    "div{border:1px solid #d5dae0;border-radius:6px;"
    "padding:8px 16px;color:#5a6470}.facts b{display:block;font-size:20px;color:#222}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}"
    "td,th{padding:4px 8px;text-align:left;border-bottom:1px solid #e3e6ea;white-space:nowrap}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}tr.worst td{background:#fff1c9}"
    "td.name{max-width:230px;overflow:hidden;text-overflow:ellipsis}svg{display:block;max-width:100%;height:auto}"
    ".wide{margin-top:14px}svg text{font:12px system-ui,sans-serif;fill:#5a6470}.total{fill:#3f7fb0}.own{fill:#d0701a}";

std::string brief(double v) { return short_number(v, 3); }
std::string at(double v) { return short_number(v, 6); }

std::string rectangle(double x, double y, double width, double height, const char* kind, const std::string& tip = {}) {
  return "<rect class=\"" + std::string(kind) + "\" x=\"" + at(x) + "\" y=\"" + at(y) + "\" width=\"" + at(width) +
         "\" height=\"" + at(height) + "\">" + (tip.empty() ? "" : "<title>" + markup_escaped(tip) + "</title>") +
         "</rect>";
}

std::string label(double x, double y, const std::string& text, const char* anchor = "middle") {
  return "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" + anchor + "\">" + markup_escaped(text) +
         "</text>";
}

/// Powers of ten around a set of errors; zeros have no place on it.
class LogAxis {
 public:
  void add(double error) {
    if (!(error > 0)) return;
    low_ = std::min(low_, static_cast<int>(std::floor(std::log10(error))));
    high_ = std::max(high_, static_cast<int>(std::floor(std::log10(error))) + 1);
  }
  bool empty() const { return low_ > high_; }
  int low() const { return low_; }
  int high() const { return high_; }
  /// 0 at the lower end, 1 at the upper.
  double share(double error) const {
    return error > 0 ? std::clamp((std::log10(error) - low_) / (high_ - low_), 0.0, 1.0) : 0;
  }

 private:
  int low_ = 400, high_ = -400;
};

constexpr double left = 52, top = 14, plot_height = 190;

/// Grid lines at the powers of ten, at most about eight of them.
std::string grid(const LogAxis& axis, double width) {
  std::string out;
  const int step = (axis.high() - axis.low() + 7) / 8;
  for (int p = axis.low(); p <= axis.high(); p += step) {
    const double y = top + plot_height * (1 - axis.share(std::pow(10.0, p)));
    out += "<path d=\"M" + at(left) + " " + at(y) + "H" + at(width) + "\" stroke=\"#e3e6ea\"/>" +
           label(left - 6, y + 4, "1e" + std::to_string(p), "end");
  }
  return out;
}

std::string open_picture(double width, double height) {
  return "<svg viewBox=\"0 0 " + at(width) + " " + at(height) + "\" width=\"" + at(width) + "\" height=\"" +
         at(height) + "\">";
}

/// A pair of bars for each node, in the order of the graph.
std::string nodes_picture(const AccuracyReport& report, const LogAxis& axis) {
  const double width = 1030;
  const double step = (width - left) / static_cast<double>(report.nodes.size());
  const double bar = std::min(step * 0.4, 16.0);
  std::string out = open_picture(width, top + plot_height + 22) + grid(axis, width);
  const std::size_t every = static_cast<std::size_t>(std::ceil(26 / step));
  for (std::size_t i = 0; i < report.nodes.size(); ++i) {
    const NodeAccuracy& n = report.nodes[i];
    const double middle = left + step * (static_cast<double>(i) + 0.5);
    const double total = plot_height * axis.share(n.total.max), own = plot_height * axis.share(n.local.max);
    const std::string tip = n.name + " (" + n.kind + "): error " + brief(n.total.max) + ", own " + brief(n.local.max);
    out += rectangle(middle - bar, top + plot_height - total, bar, total, "total", tip) +
           rectangle(middle, top + plot_height - own, bar, own, "own", tip);
    if (i % every == 0) out += label(middle, top + plot_height + 16, std::to_string(i));
  }
  return out + "</svg>\n";
}

std::string trials_picture(const AccuracyReport& report) {
  LogAxis axis;
  for (const ScaleTrial& t : report.trials) axis.add(t.outputs.mean);
  if (axis.empty()) return "<p>No trial shows an error.</p>\n";
  const double step = 110, bar = 64, width = left + step * static_cast<double>(report.trials.size());
  std::string out = open_picture(width, top + plot_height + 42) + grid(axis, width);
  for (std::size_t i = 0; i < report.trials.size(); ++i) {
    const ScaleTrial& t = report.trials[i];
    const double middle = left + step * (static_cast<double>(i) + 0.5), floor = top + plot_height;
    const bool now = t.input_scale == report.input_scale && t.param_scale == report.param_scale;
    if (t.failure.empty()) {
      const double size = plot_height * axis.share(t.outputs.mean);
      out += rectangle(middle - bar / 2, floor - size, bar, size, now ? "own" : "total") +
             label(middle, floor - size - 4, brief(t.outputs.mean));
    } else {
      out += "<g><title>" + markup_escaped(t.failure) + "</title>" + label(middle, floor - 6, "cannot run") + "</g>";
    }
    out += label(middle, floor + 17, std::to_string(t.input_scale) + " / " + std::to_string(t.param_scale));
    if (now) out += label(middle, floor + 33, "in use");
  }
  return out + "</svg>\n";
}

std::string fact(const std::string& value, const std::string& what) {
  return "<div><b>" + markup_escaped(value) + "</b>" + what + "</div>";
}

std::string cell(const std::string& text) { return "<td>" + markup_escaped(text) + "</td>"; }
std::string number_cell(const std::string& text) { return "<td class=\"n\">" + text + "</td>"; }

std::string nodes_table(const AccuracyReport& report, const LogAxis& axis) {
  std::string out =
      "<div class=\"wide\"><table><tr><th class=\"n\">#</th><th>node</th><th>operator</th><th>shape</th>"
      "<th class=\"n\">scale</th><th class=\"n\">largest value</th><th class=\"n\">mean error</th>"
      "<th class=\"n\">largest error</th><th class=\"n\">own error</th><th></th></tr>\n";
  for (std::size_t i = 0; i < report.nodes.size(); ++i) {
    const NodeAccuracy& n = report.nodes[i];
    const double length = 110;
    out += std::string(i == report.worst_node ? "<tr class=\"worst\">" : "<tr>") + number_cell(std::to_string(i)) +
           "<td class=\"name\" title=\"" + markup_escaped(n.name) + "\">" + markup_escaped(n.name) + "</td>" +
           cell(n.kind) + cell(n.shape) + number_cell(std::to_string(n.scale)) +
           number_cell(brief(n.total.largest_value)) + number_cell(brief(n.total.mean)) +
           number_cell(brief(n.total.max)) + number_cell(brief(n.local.max)) + "<td>" + open_picture(length, 14) +
           rectangle(0, 1, length * axis.share(n.total.max), 5, "total") +
           rectangle(0, 8, length * axis.share(n.local.max), 5, "own") + "</svg></td></tr>\n";
  }
  return out + "</table></div>\n";
}

}  // namespace

std::string accuracy_html(const AccuracyReport& report) {
  LogAxis axis;
  for (const NodeAccuracy& n : report.nodes) {
    axis.add(n.total.max);
    axis.add(n.local.max);
  }
  ErrorStatistics outputs;
  for (const NodeAccuracy& n : report.outputs) outputs.add(n.total);
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Accuracy of " +
      markup_escaped(report.model) + "</title><style>" + style + "</style></head><body>\n<h1>Accuracy of " +
      markup_escaped(report.model) +
      "</h1>\n<p class=\"note\">The circuit's arithmetic beside the float model's.</p>\n<div class=\"facts\">" +
      fact(std::to_string(report.samples), report.samples == 1 ? "sample" : "samples") +
      fact(std::to_string(report.input_scale) + " / " + std::to_string(report.param_scale), "input / param scale") +
      fact(brief(outputs.mean), "mean error of the outputs") +
      fact(brief(outputs.max), "largest error of the outputs") + fact(brief(outputs.largest_value), "largest output") +
      fact(std::to_string(report.classifies ? report.alike : report.within),
           report.classifies ? "classified alike" : "within 1 % and 2^-8") +
      "</div>\n<p class=\"advice\">" + markup_escaped(accuracy_headline(report) + ". " + report.advice) + "</p>\n";
  out +=
      "<h2>Node by node</h2>\n<p class=\"note\"><b style=\"color:#3f7fb0\">Blue</b>: largest distance from the float "
      "model. <b style=\"color:#d0701a\">Orange</b>: a node's own error, that is its distance from the same operator "
      "in "
      "floats on the same operands. Logarithmic; the numbers below are those of the table.</p>\n";
  if (!axis.empty()) out += nodes_picture(report, axis);
  out += nodes_table(report, axis);
  if (!report.trials.empty()) {
    out +=
        "<h2>Outputs at other scales</h2>\n<p class=\"note\">Mean error of the outputs at input / param scales; those "
        "in use in orange.</p>\n" +
        trials_picture(report);
  }
  return out + "</body></html>\n";
}

}  // namespace ezkl
