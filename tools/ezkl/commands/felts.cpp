// ezkl felt-to-int and its relatives: field elements by hand.
#include <cstdio>

#include "base/int128.hpp"
#include "commands/commands.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

constexpr const char* felt_help = "64 hexadecimal digits, least significant byte first";

void print(const std::string& line) { std::printf("%s\n", line.c_str()); }

std::string shortest(double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.17g", value);
  for (int digits = 1; digits < 17; ++digits) {
    char shorter[64];
    std::snprintf(shorter, sizeof shorter, "%.*g", digits, value);
    if (std::stod(shorter) == value) return shorter;
  }
  return buffer;
}

std::vector<std::uint8_t> bytes_from_hex(std::string text) {
  if (text.substr(0, 2) == "0x") text = text.substr(2);
  std::vector<std::uint8_t> out;
  if (text.size() % 2 != 0) throw Error(Fault::usage, "an odd number of hexadecimal digits");
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::string digits = text.substr(i, 2);
    if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
      throw Error(Fault::usage, "'" + digits + "' is not a byte in hexadecimal");
    }
    out.push_back(std::uint8_t(std::stoul(digits, nullptr, 16)));
  }
  return out;
}

std::function<void()> declare_int(Options& o) {
  auto felt = std::make_shared<std::string>();
  o.value("--felt", *felt, felt_help);
  o.require();
  return [felt] { print(to_string(felt_to_int(*felt))); };
}

std::function<void()> declare_float(Options& o) {
  struct Args {
    std::string felt;
    std::int32_t scale = 0;
  };
  auto a = std::make_shared<Args>();
  o.value("--felt", a->felt, felt_help);
  o.require();
  o.value("--scale", a->scale, "bits after the binary point");
  return [a] { print(shortest(felt_to_float(a->felt, a->scale))); };
}

std::function<void()> declare_big_endian(Options& o) {
  auto felt = std::make_shared<std::string>();
  o.value("--felt", *felt, felt_help);
  o.require();
  return [felt] { print(felt_to_big_endian(*felt)); };
}

std::function<void()> declare_from_float(Options& o) {
  struct Args {
    double input = 0;
    std::int32_t scale = 0;
    std::string type = "F64";
  };
  auto a = std::make_shared<Args>();
  o.value("--input", a->input, "the number");
  o.require();
  o.value("--scale", a->scale, "bits after the binary point");
  o.value("--input-type", a->type, "Bool, F16, F32, F64, Int, TDim or Unknown", "TYPE");
  return [a] { print(float_to_felt(a->input, a->scale, a->type)); };
}

std::function<void()> declare_buffer(Options& o) {
  auto buffer = std::make_shared<std::vector<std::uint8_t>>();
  o.parsed(
      "--buffer", "HEX", "", [buffer](const std::string& text) { *buffer = bytes_from_hex(text); },
      "bytes in hexadecimal");
  o.require();
  return [buffer] {
    for (const std::string& felt : buffer_to_felts(*buffer)) print(felt);
  };
}

std::function<void()> declare_poseidon(Options& o) {
  auto message = std::make_shared<std::vector<std::string>>();
  o.list("--message", *message, "field elements, commas between them");
  return [message] {
    for (const std::string& felt : poseidon_hash(*message)) print(felt);
  };
}

using Commit = std::vector<std::string> (*)(const std::vector<std::string>&, const Path&, const Path&,
                                            const std::optional<Path>&);

std::function<void()> declare_commit(Options& o, Commit commit, const char* srs_help) {
  struct Args {
    std::vector<std::string> message;
    Path vk = "vk.key", settings = "settings.json";
    std::optional<Path> srs;
  };
  auto a = std::make_shared<Args>();
  o.list("--message", a->message, "field elements, commas between them");
  o.value("--vk-path", a->vk, "the verifying key");
  o.value("-S,--settings-path", a->settings, "the circuit's settings");
  o.value("--srs-path", a->srs, srs_help);
  return [a, commit] {
    for (const std::string& point : commit(a->message, a->vk, a->settings, a->srs)) print(point);
  };
}

std::function<void()> declare_kzg_commit(Options& o) {
  return declare_commit(o, kzg_commit, "the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
}

std::function<void()> declare_ipa_commit(Options& o) {
  return declare_commit(o, ipa_commit, "the setup [default: $EZKL_REPO_PATH/srs/ipa{k}.srs]");
}

constexpr const char* one = "0100000000000000000000000000000000000000000000000000000000000000";

}  // namespace

static const std::string int_example = std::string("  ezkl felt-to-int --felt ") + one + "\n";
static const std::string float_example = std::string("  ezkl felt-to-float --scale 7 --felt ") + one + "\n";
static const std::string big_example = std::string("  ezkl felt-to-big-endian --felt ") + one + "\n";
static const std::string commit_example = std::string("  ezkl kzg-commit --srs-path kzg.srs --message ") + one + "\n";
static const std::string ipa_example = std::string("  ezkl ipa-commit --srs-path ipa.srs --message ") + one + "\n";
static const std::string hash_example = std::string("  ezkl poseidon-hash --message ") + one + "," + one + "\n";

const Command felt_to_int_command{"felt-to-int", "The signed integer of a field element", int_example.c_str(),
                                  declare_int};
const Command felt_to_float_command{"felt-to-float", "The number of a field element at a scale", float_example.c_str(),
                                    declare_float};
const Command felt_to_big_endian_command{"felt-to-big-endian", "A field element with its most significant byte first",
                                         big_example.c_str(), declare_big_endian};
const Command float_to_felt_command{"float-to-felt", "The field element of a number at a scale",
                                    "  ezkl float-to-felt --input=-1.5 --scale 7\n", declare_from_float};
const Command buffer_to_felts_command{"buffer-to-felts", "Bytes as field elements, 16 each",
                                      "  ezkl buffer-to-felts --buffer 0x68656c6c6f\n", declare_buffer};
const Command poseidon_hash_command{"poseidon-hash", "The Poseidon hash of field elements", hash_example.c_str(),
                                    declare_poseidon};

const Command kzg_commit_command{"kzg-commit", "The KZG commitments of field elements", commit_example.c_str(),
                                 declare_kzg_commit};
const Command ipa_commit_command{"ipa-commit", "The IPA commitments of field elements", ipa_example.c_str(),
                                 declare_ipa_commit};

}  // namespace ezkl::cli
