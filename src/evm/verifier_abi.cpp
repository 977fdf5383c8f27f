#include "evm/reusable_source.hpp"

namespace ezkl::evm {
namespace {

constexpr const char* dedicated_abi =
    R"([{"type":"function","name":"verifyProof","inputs":[{"name":"proof","type":"bytes","internalType":"bytes"},)"
    R"({"name":"instances","type":"uint256[]","internalType":"uint256[]"}],)"
    R"("outputs":[{"name":"","type":"bool","internalType":"bool"}],"stateMutability":"view"}])";

constexpr const char* reusable_abi =
    R"([{"type":"function","name":"registerVka","inputs":[{"name":"vka","type":"bytes32[]","internalType":"bytes32[]"}],)"
    R"("outputs":[{"name":"vka_digest","type":"bytes32","internalType":"bytes32"}],"stateMutability":"nonpayable"},)"
    R"({"type":"function","name":"verifyProof","inputs":[{"name":"proof","type":"bytes","internalType":"bytes"},)"
    R"({"name":"instances","type":"uint256[]","internalType":"uint256[]"},)"
    R"({"name":"vka","type":"bytes32[]","internalType":"bytes32[]"}],)"
    R"("outputs":[{"name":"success","type":"bool","internalType":"bool"},)"
    R"({"name":"vka_digest","type":"bytes32","internalType":"bytes32"},)"
    R"({"name":"rescaled_instances","type":"int256[]","internalType":"int256[]"}],"stateMutability":"view"},)"
    R"({"type":"event","name":"VkaRegistered","inputs":[{"name":"from","type":"address","indexed":true,)"
    R"("internalType":"address"},{"name":"digest","type":"bytes32","indexed":true,"internalType":"bytes32"},)"
    R"({"name":"vka","type":"bytes32[]","indexed":true,"internalType":"bytes32[]"}],"anonymous":false}])";

}  // namespace

std::string verifier_abi(bool reusable) { return reusable ? reusable_abi : dedicated_abi; }

}  // namespace ezkl::evm
