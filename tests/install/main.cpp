#include <cstdio>

#include "ezkl/ezkl.hpp"

// Uses the installed library the way a stranger would: calls that must fail, and their errors caught by type.
int main() {
  ezkl::Session session;
  try {
    session.run([] { ezkl::gen_settings("no such model.onnx", "settings.json"); });
    return 1;
  } catch (const ezkl::Error& e) {
    std::printf("%s\n", ezkl::error_json(e).c_str());
    if (e.fault() != ezkl::Fault::io) return 1;
  }
  session.stop();
  try {
    session.run([] { ezkl::gen_srs("setup", 4); });
    return 1;
  } catch (const ezkl::Error& e) {
    return e.fault() == ezkl::Fault::cancelled ? 0 : 1;
  }
}
