#include <map>
#include <utility>

#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

using Table = std::map<std::pair<std::string_view, std::string_view>, const ConverterEntry*>;

Table make_table() {
  Table table;
  for (const auto family :
       {activation_converters(), sampling_converters(), signal_converters(),  attention_converters(),
        loss_converters(),       constant_converters(), control_converters(), conv_converters(),
        indexing_converters(),   linear_converters(),   logic_converters(),   math_converters(),
        ml_converters(),         norm_converters(),     pool_converters(),    quantized_converters(),
        recurrent_converters(),  reduce_converters(),   resize_converters(),  shape_converters(),
        svm_converters(),        tree_converters(),     qlinear_converters(), microsoft_converters()}) {
    for (const ConverterEntry& entry : family) table[{entry.domain, entry.op_type}] = &entry;
  }
  return table;
}

const Table& converter_table() {
  static const Table table = make_table();
  return table;
}

}  // namespace

std::vector<const ConverterEntry*> all_converters() {
  std::vector<const ConverterEntry*> out;
  for (const auto& [name, entry] : converter_table()) out.push_back(entry);
  return out;
}

const ConverterEntry* find_converter(std::string_view domain, std::string_view op_type) {
  const Table& table = converter_table();
  const auto found = table.find({domain, op_type});
  return found == table.end() ? nullptr : found->second;
}

}  // namespace ezkl
