// Texts for field elements, points, bytes, amounts and accounts, and JSON itself.
#include "artifact/felt_text.hpp"
#include "artifact/json.hpp"
#include "base/hex.hpp"
#include "base/int128.hpp"
#include "evm/ether.hpp"
#include "evm/transaction.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  const std::string text(fuzz::text_of({bytes, size}));
  const auto same = [&](const std::string& written, const std::string& read) {
    fuzz::require(written == read, "another text after writing");
  };
  fuzz::takes([&] {
    const Fr felt = parse_felt(text);
    fuzz::require(parse_felt(felt_text(felt)) == felt, "another element after writing");
  });
  fuzz::takes([&] {
    const G1Affine point = parse_point(text);
    fuzz::require(point.on_curve(), "a point off the curve");
    fuzz::require(parse_point(point_text(point)) == point, "another point after writing");
  });
  fuzz::takes([&] {
    const std::vector<std::uint8_t> raw = parse_hex(text);
    fuzz::require(parse_hex(hex_text(raw)) == raw, "other bytes after writing");
  });
  fuzz::takes([&] {
    const Int128 number = parse_int128(text);
    fuzz::require(parse_int128(to_string(number)) == number, "another number after writing");
  });
  fuzz::takes([&] {
    const std::string ether = evm::ether_text(evm::parse_ether(text));
    same(evm::ether_text(evm::parse_ether(ether)), ether);
  });
  fuzz::takes([&] {
    const evm::Address address = evm::parse_address(text);
    fuzz::require(evm::parse_address(evm::address_text(address)) == address, "another address after writing");
  });
  fuzz::takes([&] { evm::parse_private_key(text); });
  fuzz::takes([&] {
    const Json json = Json::parse(text, "json", 1 << 20);
    fuzz::takes([&] { json.real(); });
    fuzz::takes([&] { json.int128(); });
    fuzz::takes([&] { json.integer<std::int32_t>(); });
    fuzz::takes([&] { json.each([](const Json& item) { return item.text().size(); }); });
  });
  return 0;
}
