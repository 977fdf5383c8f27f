#include "evm/calldata.hpp"

#include "base/bytes.hpp"
#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

constexpr std::uint32_t verify_selector = 0x1e8e1e13;
constexpr std::uint32_t verify_with_vka_selector = 0x3409fc9f;
constexpr std::uint32_t register_selector = 0xdc8b4094;
constexpr std::uint64_t word_size = 32;

void put(ByteWriter& out, const Word& word) { out.bytes(word.to_bytes_be()); }

void put(ByteWriter& out, std::uint64_t value) { put(out, Word::of(value)); }

void put_words(ByteWriter& out, std::span<const Word> words) {
  put(out, std::uint64_t{words.size()});
  for (const Word& word : words) put(out, word);
}

}  // namespace

std::vector<std::uint8_t> encode_calldata(std::span<const std::uint8_t> proof, std::span<const Fr> instances,
                                          const std::optional<std::vector<Word>>& vka) {
  if (proof.size() % word_size != 0) {
    throw Error(Fault::format, "a proof of " + std::to_string(proof.size()) +
                                   " bytes cannot go on chain: the EVM form consists of 32-byte words");
  }
  ByteWriter out;
  out.u32be(vka ? verify_with_vka_selector : verify_selector);
  const std::uint64_t head = word_size * (vka ? 3 : 2);
  const std::uint64_t instances_at = head + word_size + proof.size();
  put(out, head);
  put(out, instances_at);
  if (vka) put(out, instances_at + word_size * (1 + instances.size()));
  put(out, std::uint64_t{proof.size()});
  out.bytes(proof);
  put(out, std::uint64_t{instances.size()});
  for (const Fr& instance : instances) put(out, Word::of(instance));
  // Without an artifact the published package still writes the length of an empty one; no contract reads it.
  put_words(out, vka ? std::span<const Word>(*vka) : std::span<const Word>());
  return std::move(out.out);
}

std::vector<std::uint8_t> encode_register_calldata(std::span<const Word> vka) {
  ByteWriter out;
  out.u32be(register_selector);
  put(out, word_size);
  put_words(out, vka);
  return std::move(out.out);
}

std::vector<std::uint8_t> vka_file_bytes(std::span<const Word> words) {
  ByteWriter out;
  out.u64le(words.size());
  for (const Word& word : words) put(out, word);
  return std::move(out.out);
}

std::vector<Word> parse_vka_file(std::span<const std::uint8_t> bytes, const std::string& what) {
  ByteReader reader(bytes, what);
  const std::uint64_t count = reader.u64le();
  if (reader.remaining() % word_size != 0 || count != reader.remaining() / word_size) {
    throw Error(Fault::format, what + ": no verifying-key artifact: " + std::to_string(reader.remaining()) +
                                   " bytes follow a count of " + std::to_string(count) + " words");
  }
  std::vector<Word> out;
  out.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) out.push_back(Word::from_bytes_be(reader.bytes(word_size).first<32>()));
  return out;
}

}  // namespace ezkl::evm
