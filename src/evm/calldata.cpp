#include "evm/calldata.hpp"

#include "base/bytes.hpp"
#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "transcript/keccak.hpp"

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

VerifyCall read_verify_call(std::span<const std::uint8_t> data) {
  ByteReader reader(data, "calldata");
  const auto selector = data.size() < 4 ? 0 : reader.u32be();
  if (selector != verify_selector && selector != verify_with_vka_selector) {
    throw Error(Fault::format, "no call of verifyProof: the calldata does not begin with the selector of one");
  }
  VerifyCall out;
  out.with_vka = selector == verify_with_vka_selector;
  const std::span<const std::uint8_t> body = data.subspan(4);
  const auto number_at = [&](std::uint64_t at) {
    if (at > body.size() || body.size() - at < word_size) {
      throw Error(Fault::format, "no call of verifyProof: " + std::to_string(data.size()) +
                                     " bytes of calldata end before its arguments do");
    }
    const Word word = Word::from_bytes_be(body.subspan(at).first<32>());
    if (word != Word::of(word.limb[0]) || word.limb[0] >> 32 != 0) {
      throw Error(Fault::format, "no call of verifyProof: an offset or length in the calldata is 2^32 or more");
    }
    return word.limb[0];
  };
  const std::uint64_t place = number_at(word_size);  // of the instances, the second argument
  const std::uint64_t count = number_at(place);
  if (count > (body.size() - place - word_size) / word_size) {
    throw Error(Fault::format, "no call of verifyProof: the calldata announces " + std::to_string(count) +
                                   " instances and ends before them");
  }
  out.num_instances = count;
  out.instances = body.subspan(place + word_size, count * word_size);
  return out;
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

std::array<std::uint8_t, 32> vka_digest(std::span<const std::uint8_t> file) {
  constexpr std::size_t count_bytes = 8;  // what stands before the words
  EZKL_ENSURE(file.size() >= count_bytes, "the digest of an artifact's file that was not read as one");
  return keccak256(file.subspan(count_bytes));
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
