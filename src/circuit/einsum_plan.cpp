#include "circuit/einsum_plan.hpp"

#include <algorithm>
#include <set>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::size_t max_cells = std::size_t{1} << 48;

class Planner {
 public:
  Planner(const std::string& equation, const std::map<std::string, std::size_t>& axis_sizes)
      : equation_(equation), sizes_(axis_sizes) {}

  EinsumPlan run() {
    const std::size_t arrow = equation_.find("->");
    if (arrow == std::string::npos) throw Error(Fault::format, "einsum '" + equation_ + "' has no '->'");
    plan_.inputs.emplace_back();
    for (const char c : equation_.substr(0, arrow)) {
      if (c == ',') {
        plan_.inputs.emplace_back();
      } else if (size(c) > 1) {
        plan_.inputs.back() += c;
      }
    }
    for (const char c : equation_.substr(arrow + 2)) {
      // An output axis that no operand has is an axis of size 1 and may lack its entry.
      if (sizes_.count(std::string(1, c)) != 0 && size(c) > 1) plan_.output += c;
    }
    operands_ = plan_.inputs;
    for (const char axis : plan_.output) {
      while (is_pending(axis)) reduce(axis);
    }
    std::set<char> left;
    for (const auto& operand : operands_) left.insert(operand.begin(), operand.end());
    for (const char axis : left) reduce(axis);
    count_cells();
    return std::move(plan_);
  }

 private:
  std::size_t size(char axis) const {
    const auto place = sizes_.find(std::string(1, axis));
    if (place == sizes_.end() || place->second == 0) {
      throw Error(Fault::format, "einsum '" + equation_ + "': axis '" + axis + "' has no size");
    }
    return place->second;
  }

  bool is_pending(char axis) const {
    return std::any_of(operands_.begin(), operands_.end(),
                       [&](const std::string& operand) { return operand.find(axis) != std::string::npos; });
  }

  void reduce(char axis) {
    EinsumStep step;
    std::set<char> axes;
    std::vector<std::string> rest;
    for (auto& operand : operands_) {
      if (operand.find(axis) == std::string::npos) {
        rest.push_back(operand);
      } else {
        ++step.operands;
        axes.insert(operand.begin(), operand.end());
      }
    }
    const bool is_output = plan_.output.find(axis) != std::string::npos;
    if (is_output && step.operands > 1) {
      step.kind = EinsumStep::Kind::pairwise;
    } else {
      step.kind = is_output ? EinsumStep::Kind::combination : EinsumStep::Kind::sum;
      step.axis = axis;
      axes.erase(axis);
    }
    step.result.assign(axes.begin(), axes.end());
    rest.push_back(step.result);
    operands_ = std::move(rest);
    plan_.steps.push_back(std::move(step));
  }

  std::size_t checked(std::size_t a, std::size_t b) const {
    if (b != 0 && a > max_cells / b) throw Error(Fault::range, "einsum '" + equation_ + "' is too large");
    return a * b;
  }

  void add(std::size_t cells) {
    plan_.cells += cells;
    if (plan_.cells > max_cells) throw Error(Fault::range, "einsum '" + equation_ + "' is too large");
  }

  void count_cells() {
    std::size_t leading = 1;
    for (const char axis : plan_.output) {
      leading = checked(leading, size(axis));
      add(leading);
    }
    for (const auto& step : plan_.steps) {
      std::size_t cells = step.axis == '\0' ? 1 : size(step.axis);
      for (const char axis : step.result) cells = checked(cells, size(axis));
      add(checked(cells, step.operands > 2 ? step.operands : 1));
    }
  }

  const std::string& equation_;
  const std::map<std::string, std::size_t>& sizes_;
  std::vector<std::string> operands_;
  EinsumPlan plan_;
};

}  // namespace

EinsumPlan plan_einsum(const std::string& equation, const std::map<std::string, std::size_t>& axis_sizes) {
  return Planner(equation, axis_sizes).run();
}

}  // namespace ezkl
