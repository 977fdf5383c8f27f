#include "artifact/proof_file.hpp"

#include <algorithm>
#include <charconv>

#include "artifact/felt_text.hpp"
#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/number_text.hpp"
#include "base/files.hpp"
#include "base/int128.hpp"
#include "commit/commitment_key.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t max_file_size = std::uint64_t{1} << 30;

std::string string_of(const Json& json) { return json.text(); }

void refuse_other_kinds(const Json& json) {
  if (json.find("protocol")) {
    throw Error(Fault::unsupported, "protocol: proofs made for aggregation are not supported, expected null");
  }
  const std::string transcript = json.member_or("transcript_type", std::string("EVM"), string_of);
  if (transcript != "EVM") {
    throw Error(Fault::unsupported, "transcript_type: only proofs of kind EVM are supported, not " + transcript);
  }
}

Commitment commitment_of(const Json& json) { return commitment_named(json.text()); }

void check_hex(const Json& json, const std::vector<std::uint8_t>& proof) {
  if (!json.find("hex_proof")) return;
  const std::string text = json.member("hex_proof", string_of);
  const bool has_prefix = text.substr(0, 2) == "0x";
  const auto bytes =
      json.member("hex_proof", [&](const Json&) { return parse_hex(std::string_view(text).substr(has_prefix ? 2 : 0)); });
  if (!has_prefix || bytes != proof) throw Error(Fault::format, "hex_proof: differs from the bytes of `proof`");
}

/// Whether `text` is a decimal number of the given value, with nothing around it.
bool is_number(const std::string& text, double value) {
  double read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  return error == std::errc() && end == text.data() + text.size() && read == value;
}

class PrettyCheck {
 public:
  explicit PrettyCheck(const ProofFile& file) : pretty_(*file.pretty) {
    for (const auto& column : file.instances) instances_.insert(instances_.end(), column.begin(), column.end());
  }

  void run(const GraphSettings& settings) {
    whole("processed_inputs", pretty_.processed_inputs);
    whole("processed_params", pretty_.processed_params);
    const std::size_t inputs = next_;
    whole("inputs", pretty_.inputs);
    whole("processed_outputs", pretty_.processed_outputs);
    const std::size_t outputs = next_;
    whole("outputs", pretty_.outputs);
    if (next_ != instances_.size()) {
      throw Error(Fault::format, "the proof has " + std::to_string(instances_.size()) + " instances, " +
                                     std::to_string(next_) + " are listed for people");
    }
    rescaled("rescaled_inputs", pretty_.rescaled_inputs, pretty_.inputs, inputs, settings.model_input_scales);
    rescaled("rescaled_outputs", pretty_.rescaled_outputs, pretty_.outputs, outputs, settings.model_output_scales);
  }

 private:
  [[noreturn]] static void refuse(const char* field, std::size_t list, std::size_t item, const std::string& found,
                                  const std::string& expected) {
    throw Error(Fault::format, std::string(field) + '[' + std::to_string(list) + "][" + std::to_string(item) +
                                   "] is " + found + ", the instances say " + expected);
  }

  void whole(const char* field, const PrettyElements::Lists& lists) {
    for (std::size_t i = 0; i < lists.size(); ++i) {
      for (std::size_t j = 0; j < lists[i].size(); ++j, ++next_) {
        if (next_ >= instances_.size()) refuse(field, i, j, lists[i][j], "nothing");
        std::string found = lists[i][j];
        std::transform(found.begin(), found.end(), found.begin(),
                       [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
        const std::string expected = big_felt_text(instances_[next_]);
        if (found != expected) refuse(field, i, j, lists[i][j], expected);
      }
    }
  }

  void rescaled(const char* field, const PrettyElements::Lists& lists, const PrettyElements::Lists& exact,
                std::size_t at, const std::vector<int>& scales) {
    if (lists.size() != exact.size()) {
      throw Error(Fault::format, std::string(field) + ": " + std::to_string(lists.size()) + " tensors listed, " +
                                     std::to_string(exact.size()) + " are public");
    }
    if (lists.size() > scales.size()) {
      throw Error(Fault::format, std::string(field) + ": " + std::to_string(lists.size()) +
                                     " tensors listed, the settings give scales for " + std::to_string(scales.size()));
    }
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (lists[i].size() != exact[i].size()) {
        throw Error(Fault::format, std::string(field) + '[' + std::to_string(i) + "]: " +
                                       std::to_string(lists[i].size()) + " values listed, " +
                                       std::to_string(exact[i].size()) + " are public");
      }
      for (std::size_t j = 0; j < lists[i].size(); ++j, ++at) {
        const double expected = dequantize(instances_[at].to_int128_lossy(), scales[i]);
        if (!is_number(lists[i][j], expected)) refuse(field, i, j, lists[i][j], plain_number(expected));
      }
    }
  }

  const PrettyElements& pretty_;
  std::vector<Fr> instances_;
  std::size_t next_ = 0;
};

}  // namespace

ProofFile parse_proof(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what);
  return in_context(what, [&] {
    refuse_other_kinds(json);
    ProofFile out;
    out.instances = json.member("instances", [](const Json& columns) {
      return columns.each(
          [](const Json& column) { return column.each([](const Json& felt) { return parse_felt(felt.text()); }); });
    });
    out.proof = json.member("proof", [](const Json& bytes) {
      return bytes.each([](const Json& byte) { return byte.integer<std::uint8_t>(); });
    });
    check_hex(json, out.proof);
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

ProofFile read_proof(const std::filesystem::path& path) {
  return parse_proof(read_text(path, max_file_size), path.string());
}

std::string proof_text(const ProofFile& file) {
  JsonWriter json;
  json.open_object();
  json.key("protocol");
  json.null();
  json.key("instances");
  json.list(file.instances, [&](const auto& column) {
    json.list(column, [&](const Fr& value) { json.text(felt_text(value)); });
  });
  json.key("proof");
  json.list(file.proof, [&](std::uint8_t byte) { json.integer(static_cast<unsigned>(byte)); });
  json.key("hex_proof");
  json.text("0x" + hex_text(file.proof));
  if (file.names_transcript) {
    json.key("transcript_type");
    json.text("EVM");
  }
  json.key("split");
  if (file.split) {
    json.open_object();
    json.key("start");
    json.integer(file.split->start);
    json.key("end");
    json.integer(file.split->end);
    json.close_object();
  } else {
    json.null();
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

void check_pretty_inputs(const ProofFile& file, const GraphSettings& settings) {
  if (!file.pretty) return;
  in_context("pretty_public_inputs", [&] { PrettyCheck(file).run(settings); });
}

}  // namespace ezkl
