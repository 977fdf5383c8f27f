// An ONNX file, from its bytes to a quantized graph.
#include "fuzz.hpp"
#include "graph/build_graph.hpp"
#include "onnx/import.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  const auto path = fuzz::as_file({bytes, size});
  fuzz::takes([&] {
    const ModelDef model = read_onnx(path);
    RunArgs args;
    for (const Semantics semantics : {Semantics::onnx, Semantics::published}) {
      args.semantics = semantics;
      fuzz::takes([&] { build_graph(model, args); });
    }
  });
  return 0;
}
