// What a node answers.
#include "artifact/rpc_message.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  fuzz::takes([&] {
    const RpcAnswer answer = parse_rpc_answer(fuzz::text_of({bytes, size}), "node");
    if (answer.failure) return;
    fuzz::takes([&] { fuzz::require(rpc_quantity(answer.result) >= 0, "a negative quantity"); });
    fuzz::takes([&] { rpc_quantity_u64(answer.result); });
    fuzz::takes([&] { rpc_bytes(answer.result); });
  });
  return 0;
}
