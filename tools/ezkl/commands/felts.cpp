// ezkl felt-to-int and its relatives: field elements by hand.
#include <cmath>
#include <cstdio>

#include "base/int128.hpp"
#include "base/log.hpp"
#include "commands/commands.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

constexpr const char* felt_help =
    "64 hexadecimal digits, least significant byte first, as files have them; or 0x and 64 digits, most significant "
    "first, as verify and gen-witness write them";
constexpr const char* message_help = "field elements, commas between them";

/// An element as the library takes it: the bytes of "0x…" the other way round.
std::string felt_argument(const std::string& text) {
  constexpr std::size_t digits = 64;
  if (!text.starts_with("0x") || text.size() != digits + 2) return text;
  std::string out;
  for (std::size_t at = text.size(); at > 2; at -= 2) out += text.substr(at - 2, 2);
  return out;
}

void declare_felt(Options& o, std::string& into) {
  o.parsed(
      "--felt", "TEXT", "", [&into](const std::string& text) { into = felt_argument(text); }, felt_help);
  o.require();
}

void declare_message(Options& o, std::vector<std::string>& into) {
  o.parsed(
      "--message", "TEXT,...", "",
      [&into](const std::string& text) {
        for (const std::string& item : split_commas(text)) into.push_back(felt_argument(item));
      },
      message_help, true);
}

/// An empty message has a meaning to the published package, and is most often forgotten.
void warn_of_no_message(const std::vector<std::string>& message) {
  if (message.empty()) log_warn("there is no message", {{"message", "{} takes field elements, commas between them"}});
}

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
  declare_felt(o, *felt);
  return [felt] { print(to_string(felt_to_int(*felt))); };
}

std::function<void()> declare_float(Options& o) {
  struct Args {
    std::string felt;
    std::int32_t scale = 0;
  };
  auto a = std::make_shared<Args>();
  declare_felt(o, a->felt);
  o.value("--scale", a->scale, "bits after the binary point");
  return [a] { print(shortest(felt_to_float(a->felt, a->scale))); };
}

std::function<void()> declare_big_endian(Options& o) {
  auto felt = std::make_shared<std::string>();
  declare_felt(o, *felt);
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
  return [a] {
    const std::string felt = float_to_felt(a->input, a->scale, a->type);
    if (a->scale == 0 && a->input != std::trunc(a->input)) {
      log_warn(shortest(a->input) + " is rounded to a whole number",
               {{"scale", "{} says how many bits to keep behind the binary point"}});
    }
    print(felt);
  };
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
  declare_message(o, *message);
  return [message] {
    warn_of_no_message(*message);
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
  declare_message(o, a->message);
  o.value("--vk-path", a->vk, "the verifying key");
  o.value("-S,--settings-path", a->settings, "the circuit's settings");
  o.value("--srs-path", a->srs, srs_help);
  return [a, commit] {
    warn_of_no_message(a->message);
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
