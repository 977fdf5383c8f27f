#include "api/compile.hpp"

#include "api/manifest.hpp"
#include "api/model_settings.hpp"
#include "api/proof_system.hpp"
#include "api/run_args_check.hpp"
#include "artifact/compiled_file.hpp"
#include "artifact/settings_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/profile.hpp"
#include "base/same_file.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/build_graph.hpp"
#include "graph/field_inputs.hpp"

namespace ezkl {
CompiledModel compiled_model(const Path& model, const Path& settings_path, std::uint64_t max_model_size) {
  Phase phase("read model");
  CompiledModel compiled;
  compiled.settings = read_settings(settings_path);
  const RunArgs& args = compiled.settings.run_args;
  in_context(settings_path.string(), [&] {
    try {
      check_run_args(args);
    } catch (const Error& e) {
      throw e.as(Fault::format);  // the user typed no option here
    }
  });
  DigestedModel read = read_digested_model(model, max_model_size);
  compiled.float_model = std::move(read.model);
  compiled.source = std::move(read.files);
  phase.next("make circuit");
  in_context(model.string(), [&] {
    compiled.graph = build_graph(*compiled.float_model, args, {{}, compiled.settings.model_input_scales});
    mark_field_inputs(compiled.graph, compiled.settings.field_inputs);
  });
  try {
    check_settings(compiled.settings, compiled.graph);
  } catch (const Error& e) {
    throw Error(e.fault(), "not the settings of " + model.string() + ": " + e.said(),
                {{"settings_path", "gen-settings makes those of a model; {} names others"}})
        .within(settings_path.string());
  }
  in_context(model.string(),
             [&] { backend_of(args).check_fits(record_for(compiled.graph, args, max_model_size), compiled.settings); });
  return compiled;
}

void compile_circuit(const Path& model, const Path& compiled_circuit, const Path& settings_path,
                     std::uint64_t max_model_size, bool keep_float) try {
  refuse_same_file({compiled_circuit}, {model, settings_path});
  CompiledModel compiled = compiled_model(model, settings_path, max_model_size);
  for (const NamedDigest& file : compiled.source) {
    refuse_same_file({compiled_circuit}, {model.parent_path() / file.name});
  }
  const Phase phase("write");
  if (!keep_float) compiled.float_model.reset();
  write_file_atomically(compiled_circuit, compiled_bytes(compiled), Access::owner);
} catch (...) {
  rethrow_as_error();
}

void compile_model(const Path& model, const Path& compiled_circuit, const Path& settings_path,
                   std::uint64_t max_model_size, bool keep_float) try {
  compile_circuit(model, compiled_circuit, settings_path, max_model_size, keep_float);
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
