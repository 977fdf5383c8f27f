#include <cstdio>

#include "ezkl/ezkl.hpp"

// Uses the installed library the way a stranger would: a call that must fail, and its error caught by type.
int main() {
  try {
    ezkl::gen_settings("no such model.onnx", "settings.json");
  } catch (const ezkl::Error& e) {
    std::printf("%s\n", e.what());
    return e.fault() == ezkl::Fault::io ? 0 : 1;
  }
  return 1;
}
