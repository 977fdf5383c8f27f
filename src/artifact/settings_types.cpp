#include "artifact/settings_types.hpp"

namespace ezkl {

std::string settings_type(DType type) {
  switch (type) {
    case DType::boolean:
      return "Bool";
    case DType::f16:
      return "F16";
    case DType::f32:
      return "F32";
    case DType::f64:
      return "F64";
    default:
      return "Int";
  }
}

std::optional<DType> type_of_settings(const std::string& name) {
  if (name == "Bool") return DType::boolean;
  if (name == "F16") return DType::f16;
  if (name == "F32") return DType::f32;
  if (name == "F64" || name == "Unknown") return DType::f64;
  if (name == "Int" || name == "TDim") return DType::i64;
  return std::nullopt;
}

}  // namespace ezkl
