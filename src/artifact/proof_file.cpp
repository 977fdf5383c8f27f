#include "artifact/proof_file.hpp"

#include <algorithm>
#include <charconv>

#include "artifact/felt_text.hpp"
#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/number_text.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/int128.hpp"
#include "base/text.hpp"
#include "commit/commitment_key.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t max_file_size = std::uint64_t{1} << 30;

std::string string_of(const Json& json) { return json.text(); }

constexpr std::string_view sumcheck_protocol = "sumcheck/1";

ProofSystem system_of(const Json& json, std::optional<ProofSystem> wanted) {
  const Json* const protocol = json.find("protocol");
  ProofSystem out = ProofSystem::plonk;
  if (protocol != nullptr) {
    const bool names = protocol->kind() == Json::Kind::text;
    if (!names || !protocol->text().starts_with("sumcheck/")) {
      throw Error(Fault::unsupported, "protocol: proofs made for aggregation are not supported, expected null");
    }
    if (protocol->text() != sumcheck_protocol) {
      throw Error(Fault::unsupported, "protocol: '" + elided(protocol->text(), 40) + "', this version knows " +
                                          std::string(sumcheck_protocol));
    }
    out = ProofSystem::sumcheck;
  }
  if (!wanted || *wanted == out) return out;
  throw Error(Fault::unsupported, out == ProofSystem::sumcheck
                                      ? "this is a proof of the sumcheck system, a PLONK proof is called for"
                                      : "this is a PLONK proof, the settings call for one of the sumcheck system");
}

void refuse_other_kinds(const Json& json) {
  const std::string transcript = json.member_or("transcript_type", std::string("EVM"), string_of);
  if (transcript != "EVM") {
    throw Error(Fault::unsupported, "transcript_type: only proofs of kind EVM are supported, not " + transcript);
  }
}

Commitment commitment_of(const Json& json) { return commitment_named(json.text()); }

std::vector<std::uint8_t> bytes_of_hex(const Json& json) {
  const std::string& text = json.text();
  if (text.substr(0, 2) != "0x") throw Error(Fault::format, "expected hexadecimal digits after 0x");
  return parse_hex(std::string_view(text).substr(2));
}

/// What proofs of other systems have beside instances and what people read.
void read_sumcheck(const Json& json, ProofFile& out) {
  for (const char* const member : {"proof", "split", "transcript_type", "commitment"}) {
    if (json.find(member)) {
      throw Error(Fault::format,
                  std::string("field `") + member + "`, which proofs of the sumcheck system do not have");
    }
  }
  out.proof = json.member("hex_proof", bytes_of_hex);
  out.zero_knowledge = json.member("zero_knowledge", [](const Json& v) { return v.boolean(); });
}

void check_hex(const Json& json, const std::vector<std::uint8_t>& proof) {
  if (!json.find("hex_proof")) return;
  const std::string text = json.member("hex_proof", string_of);
  const bool has_prefix = text.substr(0, 2) == "0x";
  const auto bytes = json.member(
      "hex_proof", [&](const Json&) { return parse_hex(std::string_view(text).substr(has_prefix ? 2 : 0)); });
  if (!has_prefix || bytes != proof) throw Error(Fault::format, "hex_proof: differs from the bytes of `proof`");
}

void write_split(JsonWriter& json, const std::optional<ProofFile::Split>& split) {
  if (!split) return json.null();
  json.open_object();
  json.key("start");
  json.integer(split->start);
  json.key("end");
  json.integer(split->end);
  json.close_object();
}

/// Whether `text` is a decimal number of the given value, with nothing around it.
bool is_number(const std::string& text, double value) {
  double read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  return error == std::errc() && end == text.data() + text.size() && read == value;
}

/// Compares what a proof lists for people with its instances.
class PrettyCheck {
 public:
  PrettyCheck(const PrettyElements& pretty, const Statement& statement, std::span<const Fr> instances)
      : pretty_(pretty), statement_(statement), instances_(instances) {}

  void run() {
    exact("processed_inputs", pretty_.processed_inputs, TensorGroup::inputs, Manner::hash);
    exact("processed_params", pretty_.processed_params, TensorGroup::params, Manner::hash);
    exact("inputs", pretty_.inputs, TensorGroup::inputs, Manner::values);
    exact("processed_outputs", pretty_.processed_outputs, TensorGroup::outputs, Manner::hash);
    exact("outputs", pretty_.outputs, TensorGroup::outputs, Manner::values);
    rescaled("rescaled_inputs", pretty_.rescaled_inputs, TensorGroup::inputs);
    rescaled("rescaled_outputs", pretty_.rescaled_outputs, TensorGroup::outputs);
  }

 private:
  [[noreturn]] static void refuse(const char* field, std::size_t list, std::size_t item, const std::string& found,
                                  const std::string& expected) {
    throw Error(Fault::format, std::string(field) + '[' + std::to_string(list) + "][" + std::to_string(item) + "] is " +
                                   found + ", the instances say " + expected);
  }

  /// The tensors that a field must list, no more, no fewer and none longer.
  std::vector<ShownInstances> listed(const char* field, const PrettyElements::Lists& lists, TensorGroup group,
                                     Manner manner) const {
    std::vector<ShownInstances> out = instances_of(statement_, group, manner);
    if (lists.size() != out.size()) {
      throw Error(Fault::format, std::string(field) + ": " + std::to_string(lists.size()) +
                                     " tensors listed, the settings call for " + std::to_string(out.size()));
    }
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (lists[i].size() == out[i].count) continue;
      throw Error(Fault::format, std::string(field) + '[' + std::to_string(i) +
                                     "]: " + std::to_string(lists[i].size()) +
                                     " values listed, the settings call for " + std::to_string(out[i].count));
    }
    return out;
  }

  void exact(const char* field, const PrettyElements::Lists& lists, TensorGroup group, Manner manner) const {
    const auto places = listed(field, lists, group, manner);
    for (std::size_t i = 0; i < lists.size(); ++i) {
      for (std::size_t j = 0; j < lists[i].size(); ++j) {
        std::string found = lists[i][j];
        std::transform(found.begin(), found.end(), found.begin(),
                       [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
        const std::string expected = big_felt_text(instances_[places[i].first + j]);
        if (found != expected) refuse(field, i, j, lists[i][j], expected);
      }
    }
  }

  void rescaled(const char* field, const PrettyElements::Lists& lists, TensorGroup group) const {
    const auto places = listed(field, lists, group, Manner::values);
    for (std::size_t i = 0; i < lists.size(); ++i) {
      for (std::size_t j = 0; j < lists[i].size(); ++j) {
        const double expected = dequantize(instances_[places[i].first + j].to_int128_lossy(), places[i].scale);
        if (!is_number(lists[i][j], expected)) refuse(field, i, j, lists[i][j], plain_number(expected));
      }
    }
  }

  const PrettyElements& pretty_;
  const Statement& statement_;
  std::span<const Fr> instances_;
};

}  // namespace

ProofFile parse_proof(std::string_view text, const std::string& what, std::optional<ProofSystem> wanted) {
  const Json json = Json::parse(text, what, most_values_beside_felts(text.size()));
  return in_context(what, [&] {
    ProofFile out;
    out.system = system_of(json, wanted);
    refuse_other_kinds(json);
    out.instances = json.member("instances", [](const Json& columns) {
      return columns.each(
          [](const Json& column) { return column.each([](const Json& felt) { return parse_felt(felt.text()); }); });
    });
    if (out.system == ProofSystem::sumcheck) {
      read_sumcheck(json, out);
    } else {
      out.proof = json.member("proof", [](const Json& bytes) {
        return bytes.each([](const Json& byte) { return byte.integer<std::uint8_t>(); });
      });
      check_hex(json, out.proof);
    }
    if (json.find("split")) {
      out.split = json.member("split", [](const Json& split) {
        const auto whole = [](const Json& v) { return v.integer<std::size_t>(); };
        return ProofFile::Split{split.member("start", whole), split.member("end", whole)};
      });
    }
    if (json.find("pretty_public_inputs")) out.pretty = json.member("pretty_public_inputs", read_pretty_elements);
    out.names_transcript = json.find("transcript_type") != nullptr;
    if (json.find("commitment")) out.commitment = json.member("commitment", commitment_of);
    if (json.find("timestamp")) out.timestamp = json.member("timestamp", [](const Json& v) { return v.int128(); });
    if (json.find("version")) out.version = json.member("version", string_of);
    return out;
  });
}

ProofFile read_proof(const std::filesystem::path& path, std::optional<ProofSystem> wanted) {
  return parse_proof(read_text(path, max_file_size), path.string(), wanted);
}

std::string proof_text(const ProofFile& file) {
  JsonWriter json;
  json.open_object();
  const bool plonk = file.system == ProofSystem::plonk;
  json.key("protocol");
  plonk ? json.null() : json.text(sumcheck_protocol);
  json.key("instances");
  json.list(file.instances,
            [&](const auto& column) { json.list(column, [&](const Fr& value) { json.text(felt_text(value)); }); });
  if (plonk) {
    json.key("proof");
    json.list(file.proof, [&](std::uint8_t byte) { json.integer(static_cast<unsigned>(byte)); });
  }
  json.key("hex_proof");
  json.text("0x" + hex_text(file.proof));
  if (!plonk) json.member("zero_knowledge", file.zero_knowledge);
  if (file.names_transcript) {
    json.key("transcript_type");
    json.text("EVM");
  }
  if (plonk) {
    json.key("split");
    write_split(json, file.split);
  }
  json.key("pretty_public_inputs");
  if (file.pretty) {
    write_pretty_elements(json, *file.pretty);
  } else {
    json.null();
  }
  json.key("timestamp");
  json.raw(file.timestamp ? to_string(*file.timestamp) : "null");
  if (file.commitment) {
    json.key("commitment");
    json.text(name_of(*file.commitment));
  }
  json.key("version");
  if (file.version) {
    json.text(*file.version);
  } else {
    json.null();
  }
  json.close_object();
  return json.take();
}

std::span<const Fr> instance_column(const ProofFile& file) {
  if (file.instances.size() == 1) return file.instances.front();
  throw Error(Fault::format,
              "instances: " + std::to_string(file.instances.size()) + " columns, a circuit has one column of them");
}

void check_pretty_inputs(const ProofFile& file, const Statement& statement) {
  if (!file.pretty) return;
  const std::span<const Fr> instances = instance_column(file);
  if (const auto refusal = instance_count_refusal(statement, instances.size())) throw Error(Fault::format, *refusal);
  in_context("pretty_public_inputs", [&] { PrettyCheck(*file.pretty, statement, instances).run(); });
}

}  // namespace ezkl
