#include "api/run_args_check.hpp"
#include "artifact/compiled_file.hpp"
#include "artifact/settings_file.hpp"
#include "base/files.hpp"
#include "circuit/lowering.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/build_graph.hpp"
#include "graph/record.hpp"
#include "onnx/import.hpp"

namespace ezkl {

void compile_circuit(const Path& model, const Path& compiled_circuit, const Path& settings_path) {
  CompiledModel compiled;
  compiled.settings = read_settings(settings_path);
  const RunArgs& args = compiled.settings.run_args;
  in_context(settings_path.string(), [&] {
    try {
      check_run_args(args);
    } catch (const Error& e) {
      throw Error(Fault::format, e.what());  // the user typed no option here
    }
  });
  in_context(model.string(), [&] {
    compiled.graph = build_graph(read_onnx(model), args);
    check_room(record(compiled.graph, args), compiled.settings);
  });
  write_file_atomically(compiled_circuit, compiled_bytes(compiled));
}

void compile_model(const Path& model, const Path& compiled_circuit, const Path& settings_path) {
  compile_circuit(model, compiled_circuit, settings_path);
}

}  // namespace ezkl
