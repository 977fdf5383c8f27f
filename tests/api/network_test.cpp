// What comes over the network is bounded: in length, in where it may come from, in what it may cost.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "api/chain_client.hpp"
#include "api/download.hpp"
#include "api/json_rpc.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "evm/calldata.hpp"
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

const std::string some_address = "0x1111111111111111111111111111111111111111";

bool asks(const std::string& request, const char* method) {
  return request.find('"' + std::string(method) + '"') != std::string::npos;
}

std::string result(const std::string& json) {
  return http_response("200 OK", "", R"({"jsonrpc":"2.0","id":1,"result":)" + json + "}");
}

/// A node whose contract returns these words.
std::function<std::string(const std::string&)> verifier_node(std::vector<evm::Word> words) {
  std::string returned = "0x";
  for (const evm::Word& word : words) returned += hex_text(word.to_bytes_be());
  return [returned](const std::string& request) {
    if (asks(request, "eth_getCode")) return result(R"("0x6001")");
    if (asks(request, "eth_call")) return result('"' + returned + '"');
    return result(R"("0x1")");
  };
}

/// Of this process alone: ctest runs each test in one of its own, several at a time.
std::filesystem::path calldata_file(const std::vector<std::uint8_t>& data) {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / ("calldata_" + std::to_string(::getpid()) + ".bytes");
  write_file_atomically(path, data);
  return path;
}

std::vector<std::uint8_t> call_of_one_key() {
  return evm::encode_calldata(std::vector<std::uint8_t>(32), std::vector<Fr>{Fr::one()}, std::nullopt);
}
std::vector<std::uint8_t> call_with_a_key() {
  return evm::encode_calldata(std::vector<std::uint8_t>(32), std::vector<Fr>{Fr::one()},
                              std::vector<evm::Word>{evm::Word::of(5)});
}

// What contract says it, who passes it on, and what there is to compare.
TEST_F(Network, AVerificationNamesWhoseWordItIs) {
  const LocalServer node(verifier_node({evm::Word::of(1)}));
  const auto calldata = calldata_file(call_of_one_key());
  ::testing::internal::CaptureStderr();
  EXPECT_TRUE(verify_evm(some_address, node.at("http"), std::nullopt, std::nullopt, calldata));
  const std::string said = ::testing::internal::GetCapturedStderr();
  for (const std::string& part :
       {"the word of the contract at " + some_address, node.at("http"), std::string("chain 1"),
        "0x" + hex_text(keccak256(std::vector<std::uint8_t>{0x60, 0x01}))}) {
    EXPECT_NE(said.find(part), std::string::npos) << part << " in " << said;
  }
}

// Anybody registers any key with the reusable verifier, so which one it was decides what was verified.
TEST_F(Network, AVerificationNamesTheKey) {
  const LocalServer node(verifier_node({evm::Word::of(1), evm::Word::of(77), evm::Word::of(0)}));
  const auto calldata = calldata_file(call_with_a_key());
  const auto ask = [&](std::optional<std::string> digest) {
    return verify_evm(some_address, node.at("http"), std::nullopt, std::nullopt, calldata, std::nullopt, digest);
  };
  const std::string digest = hex_text(evm::Word::of(77).to_bytes_be());
  ::testing::internal::CaptureStderr();
  EXPECT_TRUE(ask(std::nullopt));
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("the key with the digest 0x" + digest), std::string::npos);
  EXPECT_TRUE(ask(digest));
  EXPECT_NE(error_of([&] { ask(hex_text(evm::Word::of(78).to_bytes_be())); }, Fault::unsatisfied).find(digest),
            std::string::npos);
  error_of([&] { ask("7"); }, Fault::usage);
  const LocalServer nameless(verifier_node({evm::Word::of(1)}));
  EXPECT_NE(error_of([&] { verify_evm(some_address, nameless.at("http"), std::nullopt, std::nullopt, calldata); },
                     Fault::unsatisfied)
                .find("no reusable verifier"),
            std::string::npos);
}

TEST_F(Network, OnlyAVerificationCountsAsOne) {
  const LocalServer node(verifier_node({evm::Word::of(1)}));
  const auto ask = [&](std::optional<Path> proof, std::vector<std::uint8_t> data) {
    verify_evm(some_address, node.at("http"), proof, std::nullopt, calldata_file(data));
  };
  ask(std::nullopt, call_of_one_key());
  EXPECT_NE(error_of([&] { ask("proof.json", call_of_one_key()); }, Fault::usage).find("proof_path"),
            std::string::npos);
  auto approve = call_of_one_key();
  approve[0] ^= 1;
  EXPECT_NE(error_of([&] { ask(std::nullopt, approve); }, Fault::format).find("no call of verifyProof"),
            std::string::npos);
  error_of([&] { ask(std::nullopt, {1, 2}); }, Fault::format);
}

// A folder with somebody else's files does not say where the address is that was typed, and a file of a key that is
// named by mistake is not shown.
TEST(AddressArgument, IsAnAddressBeforeItIsAFile) {
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(::testing::TempDir());
  std::ofstream(some_address) << "0x2222222222222222222222222222222222222222";
  std::ofstream("0x11") << some_address;
  std::ofstream("named.address") << some_address << "\n";
  std::ofstream("secret.key") << "secret" << some_address;
  EXPECT_EQ(evm::address_text(address_argument(some_address)), some_address);
  EXPECT_EQ(evm::address_text(address_argument("named.address")), some_address);
  EXPECT_THROW(address_argument("0x11"), Error);
  try {
    address_argument("secret.key");
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()).find("secret0x"), std::string::npos) << e.what();
  }
  for (const char* name : {some_address.c_str(), "0x11", "named.address", "secret.key"}) std::filesystem::remove(name);
  std::filesystem::current_path(here);
}

/// A node that asks for a price, and remembers whether it was sent anything signed.
struct Node {
  std::string gas = "0x5208", gas_price = "0x1";
  bool was_paid = false;
  std::string receipt = R"({"status":"0x1"})", code = "0x6001";
  int chain_questions = 0, bad_gateways = 0;

  std::string answer(const std::string& request) {
    if (asks(request, "eth_getBlockByNumber")) return result("{}");
    if (asks(request, "eth_gasPrice")) return result('"' + gas_price + '"');
    if (asks(request, "eth_estimateGas")) return result('"' + gas + '"');
    if (asks(request, "eth_getBalance")) return result("\"0x" + std::string(31, 'f') + '"');
    if (asks(request, "eth_getCode")) return result('"' + code + '"');
    // another chain every time
    if (asks(request, "eth_chainId")) return result("\"0x" + std::to_string(++chain_questions) + '"');
    if (asks(request, "eth_sendRawTransaction")) was_paid = true;
    if (asks(request, "eth_getTransactionReceipt")) {
      return bad_gateways-- > 0 ? http_response("502 Bad Gateway", "", "<html>") : result(receipt);
    }
    return result("\"0x1\"");
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
    Node node;
    node.gas = c.gas;
    node.gas_price = c.price;
    const LocalServer server([&](const std::string& request) { return node.answer(request); });
    const ChainClient chain(server.at("http"));
    const auto pay = [&] {
      chain.transact(key, evm::parse_address(some_address), {1, 2, 3}, evm::parse_ether(c.max_fee));
    };
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

class Creation : public Network {
 protected:
  void SetUp() override {
    Network::SetUp();
    if (IsSkipped()) return;
    key[31] = 1;
    try {
      evm::address_of(key);
    } catch (const Error& e) {
      GTEST_SKIP() << e.what();
    }
  }
  evm::Address create(Node& node, std::optional<std::uint64_t> chain_id = std::nullopt) {
    const LocalServer server([&](const std::string& request) { return node.answer(request); });
    return ChainClient(server.at("http"), chain_id)
        .create(key, {1, 2, 3}, std::vector<std::uint8_t>{0x60, 0x01}, evm::parse_ether("1"));
  }
  evm::PrivateKey key{};
};

// The address follows from account and nonce: a node that names another one would have its contract published.
TEST_F(Creation, AddressAndCodeAreNotForTheNodeToChoose) {
  const evm::Address right = evm::created_address(evm::address_of(key), 1);
  Node node;
  EXPECT_EQ(create(node), right);
  node.receipt = R"({"status":"0x1","contractAddress":")" + evm::address_text(right) + "\"}";
  EXPECT_EQ(create(node), right);
  node.receipt = R"({"status":"0x1","contractAddress":")" + some_address + "\"}";
  EXPECT_NE(error_of([&] { create(node); }, Fault::io).find(evm::address_text(right)), std::string::npos);
  node.receipt = R"({"status":"0x1","transactionHash":"0x)" + std::string(64, '9') + "\"}";
  error_of([&] { create(node); }, Fault::io);
  node.receipt = R"({"status":"0x1"})";
  node.code = "0x6002";
  EXPECT_NE(error_of([&] { create(node); }, Fault::io).find("is not what was compiled"), std::string::npos);
}

TEST_F(Creation, TheChainIsAskedOnce) {
  Node node;
  ::testing::internal::CaptureStderr();
  create(node, 1);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("chain id: 1"), std::string::npos);
  EXPECT_EQ(node.chain_questions, 1);
  node.was_paid = false;
  EXPECT_NE(error_of([&] { create(node, 1); }, Fault::io).find("of the chain 2, not of 1"), std::string::npos);
  EXPECT_FALSE(node.was_paid);
}

TEST_F(Creation, WhatWasSentIsNamedWhenSomethingFailsLater) {
  Node node;
  node.bad_gateways = 2;
  create(node);  // which the transaction outlives
  for (const char* receipt : {R"("x")", R"({"contractAddress":null})", R"({"status":"0x0"})"}) {
    node.receipt = receipt;
    try {
      create(node);
      ADD_FAILURE() << receipt;
    } catch (const Error& e) {
      const std::string text = e.what();
      EXPECT_NE(text.find("transaction 0x"), std::string::npos) << text;
      EXPECT_NE(text.find("(nonce 1) was signed and sent"), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace ezkl
