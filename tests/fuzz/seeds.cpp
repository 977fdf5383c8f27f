// Writes one ONNX file and one compiled model for every node of tests/data/nodes, and a key for every record of
// tests/data/sumcheck, the seeds of three fuzzers:
//   fuzz_seeds ONNX_FOLDER COMPILED_FOLDER SUMCHECK_KEY_FOLDER
#include <cstdio>

#include "../graph/node_seeds.hpp"
#include "../relations/known_record.hpp"
#include "api/model_settings.hpp"
#include "artifact/compiled_file.hpp"
#include "artifact/sumcheck_key_file.hpp"
#include "base/files.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/record.hpp"
#include "onnx/export.hpp"

int main(int argc, char** argv) {
  using namespace ezkl;
  if (argc != 4) return 2;
  const std::filesystem::path onnx = argv[1], compiled = argv[2];
  RunArgs args;
  args.input_scale = args.param_scale = 4;
  args.lookup_range = {-256, 256};
  args.decomp_base = 128;
  args.decomp_legs = 3;
  args.logrows = 10;
  std::size_t number = 0;
  for (const testing::Seed& seed : testing::node_seeds()) {
    const std::string name = std::to_string(number++) + "-" + seed.model.graph.nodes.front().op_type;
    try {
      write_file_atomically(onnx / name, onnx_bytes(seed.model));
      CompiledModel model;
      model.graph = build_graph(seed.model, args);
      model.settings = settings_for(model.graph, record(model.graph, args), args, false);
      model.settings.timestamp = 0;
      write_file_atomically(compiled / name, compiled_bytes(model));
    } catch (const Error& e) {
      std::fprintf(stderr, "%s: %s\n", name.c_str(), e.what());
    }
  }
  for (const char* const name : {"mlp", "conv", "grouped", "mixed", "trees", "shapes"}) {
    const testing::KnownProof known(std::string(name) + ".json");
    const SumcheckKey key{settings_digest(GraphSettings{}), known.plan, known.key};
    write_file_atomically(std::filesystem::path(argv[3]) / name, sumcheck_key_bytes(key));
  }
}
