#include "artifact/pretty_elements.hpp"

namespace ezkl {
namespace {

struct Field {
  const char* name;
  PrettyElements::Lists PrettyElements::*lists;
};

constexpr Field fields[] = {
    {"rescaled_inputs", &PrettyElements::rescaled_inputs},
    {"inputs", &PrettyElements::inputs},
    {"processed_inputs", &PrettyElements::processed_inputs},
    {"processed_params", &PrettyElements::processed_params},
    {"processed_outputs", &PrettyElements::processed_outputs},
    {"rescaled_outputs", &PrettyElements::rescaled_outputs},
    {"outputs", &PrettyElements::outputs},
};

}  // namespace

void write_pretty_elements(JsonWriter& json, const PrettyElements& pretty) {
  json.open_object();
  for (const Field& field : fields) {
    json.key(field.name);
    json.list(pretty.*field.lists,
              [&](const auto& list) { json.list(list, [&](const std::string& s) { json.text(s); }); });
  }
  json.close_object();
}

PrettyElements read_pretty_elements(const Json& json) {
  PrettyElements out;
  for (const Field& field : fields) {
    out.*field.lists = json.member_or(field.name, PrettyElements::Lists{}, [](const Json& lists) {
      return lists.each([](const Json& list) { return list.each([](const Json& s) { return s.text(); }); });
    });
  }
  return out;
}

}  // namespace ezkl
