// Prints docs/operators.md: the ONNX operators that have a converter or a body of simpler ones, and the graph operators.
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "graph/frontend/converter.hpp"
#include "graph/frontend/function_bodies.hpp"
#include "graph/op_table.hpp"

int main() {
  std::puts("# Operators\n");
  std::puts("This page is printed by `tools/gen/operators.cpp` (target `ezkl_gen_operators`), so it lists what the program has.\n");
  std::puts("## ONNX operators\n");
  std::puts("Opsets 7 to 23 are read; an operator takes the meaning of the model's opset. \"Converter\": turned into graph operators by\n"
            "rules of its own. \"Body\": ONNX defines it by simpler operators, and that definition is expanded.\n");
  std::puts("| domain | operator | how |\n|---|---|---|");
  std::map<std::pair<std::string, std::string>, std::string> rows;
  for (const ezkl::FunctionDef& body : ezkl::onnx_function_bodies()) {
    rows[{"ai.onnx", body.name}] = "body, since opset " + std::to_string(body.since_version);
  }
  for (const ezkl::ConverterEntry* entry : ezkl::all_converters()) {
    const std::string domain = entry->domain.empty() ? "ai.onnx" : std::string(entry->domain);
    rows[{domain, std::string(entry->op_type)}] = "converter";
  }
  for (const auto& [name, how] : rows) std::printf("| %s | %s | %s |\n", name.first.c_str(), name.second.c_str(), how.c_str());

  std::printf("\n%zu operators.\n\n## Graph operators\n\n", rows.size());
  std::puts("What the quantized graph is made of; `ezkl table` shows a model in these words. Each states claims about integer tensors\n"
            "(`src/graph/ops`), which bind its outputs to its inputs.\n");
  std::vector<std::string> kinds;
  for (const ezkl::OpEntry* op : ezkl::all_ops()) kinds.emplace_back(op->kind);
  std::sort(kinds.begin(), kinds.end());
  for (std::size_t i = 0; i < kinds.size(); ++i) std::printf("%s%s", kinds[i].c_str(), i + 1 < kinds.size() ? ", " : ".\n");
  std::puts("\n## Restrictions\n");
  std::puts("* Shapes are fixed when the circuit is made: dimensions get sizes by `--variables`, sequence lengths and trip counts must follow\n"
            "  from constants. An operator whose output shape depends on values (NonZero, Unique, Compress with a computed condition,\n"
            "  NonMaxSuppression) has no circuit.\n"
            "* Values are fixed-point numbers: infinities and NaN are refused, element types without a number (string, complex, sequence,\n"
            "  optional) too. Random operators have no circuit: the verifier could not tell which numbers were drawn.\n"
            "* Tree ensembles and the factors of preprocessing steps are part of the circuit and so known to whoever makes the key, whatever\n"
            "  `--param-visibility` says. A tree's threshold is rounded as its input is: an input within one unit of the scale of a threshold may\n"
            "  take either branch of the float model.\n"
            "* Text labels of classifiers become the positions of the classes.");
  return 0;
}
