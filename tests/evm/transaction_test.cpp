#include "evm/transaction.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "evm/ether.hpp"
#include "evm/rlp.hpp"
#include "ezkl/error.hpp"
#include "transcript/keccak.hpp"

namespace ezkl::evm {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string hex_of(const RlpList& list) { return hex_text(list.encoded()); }

// The examples of the Ethereum documentation of RLP.
TEST(Rlp, KnownAnswers) {
  EXPECT_EQ(hex_of(RlpList()), "c0");
  EXPECT_EQ(hex_of(RlpList().bytes(bytes_of("cat")).bytes(bytes_of("dog"))), "c88363617483646f67");
  EXPECT_EQ(hex_of(RlpList().bytes({})), "c180");
  EXPECT_EQ(hex_of(RlpList().integer(std::uint64_t{0})), "c180");
  EXPECT_EQ(hex_of(RlpList().bytes(std::vector<std::uint8_t>{0})), "c100");
  EXPECT_EQ(hex_of(RlpList().integer(std::uint64_t{15})), "c10f");
  EXPECT_EQ(hex_of(RlpList().integer(std::uint64_t{1024})), "c3820400");
  const std::string sentence = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";
  EXPECT_EQ(hex_of(RlpList().bytes(bytes_of(sentence))), "f83ab838" + hex_text(bytes_of(sentence)));
}

TEST(Rlp, NestedListsAndLongStrings) {
  const RlpList empty;
  EXPECT_EQ(hex_of(RlpList().list(empty).list(RlpList().list(empty))), "c3c0c1c0");
  const auto encoded = RlpList().bytes(std::vector<std::uint8_t>(1024, 0xaa)).encoded();
  EXPECT_EQ(hex_text(std::span(encoded).first(7)), "f90403b90400aa");
  EXPECT_EQ(encoded.size(), 3u + 3u + 1024u);
}

TEST(Rlp, IntegersLoseLeadingZeros) {
  EXPECT_EQ(hex_of(RlpList().integer(std::vector<std::uint8_t>{0, 0, 1, 0})), "c3820100");
  EXPECT_EQ(hex_of(RlpList().integer(std::vector<std::uint8_t>{0, 0x7f})), "c17f");
}

TEST(Ether, AmountsInWei) {
  const std::pair<const char*, const char*> cases[] = {
      {"0.1", "100000000000000000"},    {"2", "2000000000000000000"},
      {"0.000000000000000001", "1"},    {"0", "0"},
      {"12.5", "12500000000000000000"}, {"999999999999.999999999999999999", "999999999999999999999999999999"}};
  for (const auto& [ether, wei] : cases) {
    EXPECT_EQ(to_string(parse_ether(ether)), wei);
    EXPECT_EQ(ether_text(parse_ether(ether)), ether);
  }
  EXPECT_EQ(parse_ether("1.50"), parse_ether("1.5"));
  for (const char* wrong : {"", ".", ".5", "1.", "-1", "+1", "1e3", "1 ", "0.1 ETH", "0x1", "1.2.3", "1,5",
                            "0.0000000000000000001", "1000000000000"}) {
    EXPECT_THROW(parse_ether(wrong), Error) << wrong;
  }
}

// The first contracts of an account that is often quoted, and of the first account of the local development nodes.
TEST(CreatedAddress, KnownAnswers) {
  const Address from = parse_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
  EXPECT_EQ(address_text(created_address(from, 0)), "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
  EXPECT_EQ(address_text(created_address(from, 1)), "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8");
  EXPECT_EQ(address_text(created_address(parse_address("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"), 0)),
            "0x5fbdb2315678afecb367f032d93f642f64180aa3");
}

// The examples of EIP-55, and one with a digit mistyped.
TEST(AddressText, CapitalsAreAChecksum) {
  for (const char* good :
       {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7", "0xde709f2102306220921060314715629080e2fb77"}) {
    EXPECT_NO_THROW(parse_address(good)) << good;
  }
  EXPECT_NO_THROW(parse_address("0x5FbDB2315678afecb367f032d93F642f64180aa3"));
  EXPECT_THROW(parse_address("0x5FbDB2315678afecb367f032d93F642f64180aa4"), Error);
  EXPECT_TRUE(looks_like_address("0x12"));
  EXPECT_FALSE(looks_like_address("contract.address"));
}

Transaction eip155_example() {
  Transaction out;
  out.chain_id = 1;
  out.nonce = 9;
  out.gas = 21000;
  out.fee_per_gas = 20'000'000'000;
  out.to = parse_address("0x3535353535353535353535353535353535353535");
  out.value = 1'000'000'000'000'000'000;
  return out;
}

// The example of EIP-155.
TEST(Transaction, LegacyKnownAnswer) {
  const auto payload = signing_payload(eip155_example());
  EXPECT_EQ(hex_text(payload),
            "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080");
  EXPECT_EQ(hex_text(keccak256(payload)), "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
#ifdef EZKL_HAVE_SECP256K1
  std::string digits;
  for (int i = 0; i < 32; ++i) digits += "46";
  EXPECT_EQ(
      hex_text(sign_transaction(eip155_example(), parse_private_key(digits))),
      "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195"
      "fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d"
      "83");
#endif
}

#ifdef EZKL_HAVE_SECP256K1
// The first account of the local development nodes.
const std::string development_key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

// Recorded from eth_signTransaction of anvil 1.7.1 with that account.
TEST(Transaction, FeeMarketKnownAnswers) {
  const PrivateKey key = parse_private_key(development_key);
  Transaction call;
  call.chain_id = 31337;
  call.nonce = 3;
  call.gas = 60000;
  call.fee_per_gas = 2'000'000'000;
  call.priority_fee_per_gas = 1'000'000'000;
  call.to = parse_address("0x3535353535353535353535353535353535353535");
  call.value = 5;
  call.data = parse_hex("dc8b409400");
  EXPECT_EQ(
      hex_text(sign_transaction(call, key)),
      "02f871827a6903843b9aca00847735940082ea609435353535353535353535353535353535353535350585dc8b409400c080a0b51584ca"
      "9691810a204389154a7a29c4567d388322b56bb9a9ac9cbcbd02b978a00463433b7d7abb0481566420c92fcc526fbd11021fa83a7edc"
      "0ca8bb7ff4485c");
  Transaction creation;
  creation.chain_id = 31337;
  creation.gas = 60000;
  creation.fee_per_gas = 2'000'000'000;
  creation.priority_fee_per_gas = 0;
  creation.data = parse_hex("6001");
  EXPECT_EQ(
      hex_text(sign_transaction(creation, key)),
      "02f856827a698080847735940082ea608080826001c080a07ef34a502728db413adb621e953d352587523fbea2faa5b6865c9f57ea7b69"
      "21a02392729c67d4f0a45761bdb8f6036edcde3ceb08d66061e31d37aa607c1a2675");
}

TEST(Transaction, AccountOfAKey) {
  EXPECT_EQ(address_text(address_of(parse_private_key(development_key))), "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
  EXPECT_THROW(address_of(PrivateKey{}), Error);
  PrivateKey beyond_the_order;
  beyond_the_order.fill(0xff);
  EXPECT_THROW(address_of(beyond_the_order), Error);
}
#endif

TEST(Transaction, AddressesAndKeysAsText) {
  EXPECT_EQ(address_text(parse_address("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")),
            "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
  EXPECT_THROW(parse_address("0x1234"), Error);
  EXPECT_THROW(parse_address("contract.address"), Error);
  EXPECT_THROW(parse_address("0xg39fd6e51aad88f6f4ce6ab8827279cfffb92266"), Error);
  const std::string secret = std::string(62, 'a') + "zz";
  try {
    parse_private_key(secret);
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::usage);
    EXPECT_EQ(std::string(e.what()).find("aaaa"), std::string::npos) << "the message repeats the key";
  }
}

}  // namespace
}  // namespace ezkl::evm
