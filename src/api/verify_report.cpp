// Short forms that both renderings of a report share.
#include "api/verify_report.hpp"

#include "artifact/felt_text.hpp"
#include "artifact/number_text.hpp"
#include "graph/claims/elements.hpp"

namespace ezkl {

std::optional<std::string> number_of(const Fr& value, int scale) {
  if (!claims::is_integer(value)) return std::nullopt;
  const std::string text = rescaled_text(value, scale);
  if (text.find('n') != std::string::npos) return std::nullopt;  // beyond binary64: settings of an absurd scale
  return text;
}

std::string shown_number(const Fr& value, int scale) {
  return number_of(value, scale).value_or("field element " + big_felt_text(value));
}

std::string tensor_label(const ReportedGroup& group, std::size_t i) {
  const ReportedTensor& tensor = group.tensors[i];
  if (group.group == TensorGroup::params) return "all";
  const std::string label = (group.group == TensorGroup::inputs ? "input " : "output ") + std::to_string(i);
  return tensor.name ? label + " '" + *tensor.name + "'" : label;
}

}  // namespace ezkl
