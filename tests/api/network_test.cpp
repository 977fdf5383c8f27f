// What comes over the network is bounded: in length, in where it may come from, in what it may cost.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "api/chain_client.hpp"
#include "api/download.hpp"
#include "api/json_rpc.hpp"
#include "base/hex.hpp"
#include "evm/ether.hpp"
#include "ezkl/error.hpp"
#include "ezkl/ezkl.hpp"
#include "local_server.hpp"
#include "transcript/keccak.hpp"

namespace ezkl {
namespace {

using testing::http_response;
using testing::LocalServer;

class Network : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
    try {
      LocalServer server([](const std::string&) { return http_response("200 OK", "", ""); });
      download(server.at("http"), [](auto) {});
    } catch (const Error& e) {
      if (e.fault() == Fault::unsupported) GTEST_SKIP() << e.what();
      throw;
    }
  }

  static std::string fetched(const std::string& url) {
    std::string out;
    download(url, [&](std::span<const std::uint8_t> piece) { out.append(piece.begin(), piece.end()); });
    return out;
  }
  static std::string error_of(const std::function<void()>& body, Fault fault) {
    try {
      body();
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), fault) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "no error";
    return {};
  }
};

TEST_F(Network, RedirectsGoToWebServersOnly) {
  const LocalServer last([](const std::string&) { return http_response("200 OK", "", "content"); });
  std::string target = last.at("http");
  const LocalServer first(
      [&](const std::string&) { return http_response("302 Found", "Location: " + target + "/x\r\n", ""); });
  EXPECT_EQ(fetched(first.at("http")), "content");
  EXPECT_EQ(last.connections(), 1);
  for (const char* scheme : {"ftp", "gopher", "file", "dict"}) {
    target = last.at(scheme);
    error_of([&] { fetched(first.at("http")); }, Fault::io);
  }
  EXPECT_EQ(last.connections(), 1);
}

TEST_F(Network, ANodesAnswerIsBounded) {
  const LocalServer node([](const std::string&) {
    return http_response("200 OK", "", R"({"jsonrpc":"2.0","id":1,"result":")" + std::string(5 << 20, 'x') + "\"}");
  });
  EXPECT_NE(error_of([&] { rpc(node.at("http"), "eth_chainId", "[]"); }, Fault::format).find("longer than"),
            std::string::npos);
}

TEST_F(Network, ANodeDoesNotSendUsElsewhere) {
  const LocalServer other([](const std::string&) { return http_response("200 OK", "", "{}"); });
  const LocalServer node(
      [&](const std::string&) { return http_response("307 Moved", "Location: " + other.at("http") + "\r\n", ""); });
  error_of([&] { rpc(node.at("http"), "eth_chainId", "[]"); }, Fault::format);
  EXPECT_EQ(other.connections(), 0);
}

// What contract says it, who passes it on, and what there is to compare.
TEST_F(Network, AVerificationNamesWhoseWordItIs) {
  std::string accepts(63, '0');
  const LocalServer node([&](const std::string& request) {
    std::string result = "0x1";
    if (request.find("eth_getCode") != std::string::npos) result = "0x6001";
    if (request.find("eth_call") != std::string::npos) result = "0x" + accepts + "1";
    return http_response("200 OK", "", R"({"jsonrpc":"2.0","id":1,"result":")" + result + "\"}");
  });
  const std::filesystem::path calldata = std::filesystem::path(::testing::TempDir()) / "calldata.bytes";
  std::ofstream(calldata) << "1234";
  ::testing::internal::CaptureStderr();
  const std::string address = "0x1111111111111111111111111111111111111111";
  EXPECT_TRUE(verify_evm(address, node.at("http"), "none", std::nullopt, calldata, std::nullopt));
  const std::string said = ::testing::internal::GetCapturedStderr();
  for (const std::string& part : {std::string("the word of the contract at ") + address, node.at("http"),
                                  "0x" + hex_text(keccak256(std::vector<std::uint8_t>{0x60, 0x01}))}) {
    EXPECT_NE(said.find(part), std::string::npos) << part << " in " << said;
  }
}

/// A node that asks for a price, and remembers whether it was sent anything signed.
struct Node {
  std::string gas = "0x5208", gas_price = "0x1";
  bool was_paid = false;

  std::string answer(const std::string& request) {
    const auto asks = [&](const char* method) {
      return request.find('"' + std::string(method) + '"') != std::string::npos;
    };
    std::string result = "\"0x1\"";
    if (asks("eth_getBlockByNumber")) result = "{}";
    if (asks("eth_gasPrice")) result = '"' + gas_price + '"';
    if (asks("eth_estimateGas")) result = '"' + gas + '"';
    if (asks("eth_getBalance")) result = "\"0x" + std::string(31, 'f') + '"';
    if (asks("eth_sendRawTransaction")) was_paid = true;
    if (asks("eth_getTransactionReceipt")) result = R"({"status":"0x1"})";
    return http_response("200 OK", "", R"({"jsonrpc":"2.0","id":1,"result":)" + result + "}");
  }
};

TEST_F(Network, ATransactionCostsNoMoreThanItMay) {
  evm::PrivateKey key{};
  key[31] = 1;
  const struct {
    const char *gas, *price, *max_fee, *says;
  } cases[] = {
      {"0x186a0", "0x3b9aca00", "0.0001", nullptr},  // 100,000 gas at 1 gwei: just allowed
      {"0x186a1", "0x3b9aca00", "0.0001", "0.000100001 ETH"},
      {"0x186a0", "0x3b9aca01", "0.0001", "1000000001 wei"},
      {"0x5208", "0x1", "0", "nothing was signed"},
      {"0xffffffffffffffff", "0x1", "999999999999", "cannot be"},
      {"0x5208", "0xffffffffffffffff", "999999999999", "cannot be"},
      {"0x3fffffffffffffff", "0x7fffffffffffffff", "999999999999", "may cost"},
  };
  for (const auto& c : cases) {
    Node node{c.gas, c.price};
    const LocalServer server([&](const std::string& request) { return node.answer(request); });
    const ChainClient chain(server.at("http"));
    const auto pay = [&] { chain.transact(key, std::nullopt, {1, 2, 3}, evm::parse_ether(c.max_fee)); };
    try {
      if (c.says) {
        const std::string text = error_of(pay, Fault::range);
        EXPECT_NE(text.find(c.says), std::string::npos) << text;
      } else {
        pay();
      }
    } catch (const Error& e) {
      if (e.fault() == Fault::unsupported) GTEST_SKIP() << e.what();
      throw;
    }
    EXPECT_EQ(node.was_paid, c.says == nullptr) << c.gas << ' ' << c.price;
  }
}

}  // namespace
}  // namespace ezkl
