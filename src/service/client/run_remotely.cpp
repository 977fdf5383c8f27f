#include "client/run_remotely.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/sha256_text.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "client/check_proof.hpp"
#include "ezkl/error.hpp"
#include "recipe/commands.hpp"
#include "store/attempt_folder.hpp"
#include "store/limits.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

namespace fs = std::filesystem;

/// The service's answer, or its words as an error.
Json read_answer(const Answer& answer, const std::string& what) {
  if (answer.status >= 200 && answer.status < 300) return Json::parse(answer.body, what, most_json_values);
  std::string said = "status " + std::to_string(answer.status);
  try {
    said = Json::parse(answer.body, what, most_json_values).at("detail").text();
  } catch (const Error&) {  // a proxy's page: the status says all
  }
  const Fault fault = answer.status == 507 ? Fault::disk_full : answer.status >= 500 ? Fault::io : Fault::usage;
  throw Error(fault, said).within("remote");
}

Fault fault_of(Ending ending) {
  switch (ending) {
    case Ending::unsatisfied:
      return Fault::unsatisfied;
    case Ending::too_large:
      return Fault::limit;
    case Ending::out_of_memory:
      return Fault::out_of_memory;
    case Ending::disk_full:
      return Fault::disk_full;
    case Ending::cancelled:
      return Fault::cancelled;
    case Ending::input:
      return Fault::format;
    default:
      return Fault::io;
  }
}

/// A command with its files under names inside a recipe's folder.
struct Moved {
  GivenCommand command;
  std::map<std::string, fs::path> reads, writes;  ///< name there -> file here
};

Moved move_inside(const GivenCommand& given) {
  Moved out{given, {}, {}};
  std::map<std::string, std::string> names;  // file here -> name there
  const auto name_of = [&](const fs::path& file) -> std::string {
    auto& name = names[fs::weakly_canonical(file).string()];
    // A folder of its own keeps names that files have, and that messages show.
    if (name.empty()) name = "f" + std::to_string(names.size()) + "/" + file.filename().string();
    return name;
  };
  for (const OptionDescription& option : given.command->options) {
    const std::string* value = given.value_of(option.name);
    const bool text = option.takes == Takes::data && value && looks_like_json(*value);
    const bool file = option.takes == Takes::reads || option.takes == Takes::writes || option.takes == Takes::edits ||
                      option.takes == Takes::data;
    if (!file || text || (!value && !option.usual)) continue;
    std::string here = value ? *value : option.usual;
    if (option.takes == Takes::data && here.substr(0, 1) == "@") here.erase(0, 1);
    const std::string there = name_of(here);
    if (option.takes != Takes::writes) out.reads[there] = here;
    if (option.takes == Takes::writes || option.takes == Takes::edits) out.writes[there] = here;
    const auto place = std::find_if(out.command.options.begin(), out.command.options.end(), [&](const GivenOption& o) {
      return std::string_view(o.option->name) == option.name;
    });
    if (place != out.command.options.end()) {
      place->value = there;
    } else {
      out.command.options.push_back({&option, there});
    }
  }
  const char* const also = given.command->also_reads;
  if (also && !given.value_of("data") && fs::exists(also)) out.reads[also] = also;
  // Beside what options name, setup writes a manifest.
  for (const std::string& path : out.command.writes()) {
    if (out.writes.count(path)) continue;
    for (const auto& [name, here] : std::map(out.writes)) {
      if (fs::path(name).stem() == fs::path(path).stem().stem())
        out.writes[path] = fs::path(here).replace_filename(fs::path(path).filename());
    }
  }
  return out;
}

std::string send_file(const Connection& service, const fs::path& file) {
  const std::string sha256 = sha256_of_file(file);
  const std::uint64_t size = fs::file_size(file);
  const std::string announced = "{\"sha256\":\"" + sha256 + "\",\"size\":" + std::to_string(size) + "}";
  const Json begun = read_answer(service.send("POST", "/v1/uploads", announced), "upload");
  if (begun.at("have").boolean()) return sha256;
  const Answer answer = service.patch("/v1/uploads/" + begun.at("id").text(), file, 0);
  if (answer.status != 204) read_answer(answer, file.string());
  return sha256;
}

std::string recipe_json(const Moved& moved, const std::map<std::string, std::string>& files) {
  JsonWriter json;
  json.open_object();
  json.key("files");
  json.open_object();
  for (const auto& [name, sha256] : files) json.member(name, sha256);
  json.close_object();
  json.key("commands");
  json.open_list();
  json.open_object();
  json.key("command");
  json.open_list();
  json.text(moved.command.command->name);
  for (const GivenOption& given : moved.command.options) {
    const std::string option = std::string(2, '-') + given.option->name;
    json.text(given.option->takes == Takes::nothing ? option : option + " " + given.value);
  }
  json.close_list();
  json.close_object();
  json.close_list();
  json.key("keep");
  json.open_list();
  for (const auto& [name, here] : moved.writes) json.text(name);
  json.close_list();
  json.close_object();
  return json.take();
}

/// Waits for the end. A stopped session cancels the recipe.
Json wait_for(const Connection& service, const std::string& id) {
  Progress progress("remote", 1000);
  std::uint64_t told = 0;
  try {
    for (;;) {
      check_stop();
      const Json status = read_answer(service.get("/v1/recipes/" + id + "?wait_s=1"), "recipe");
      const std::string& state = status.at("state").text();
      const auto part = static_cast<std::uint64_t>(std::clamp(status.at("progress").real(), 0.0, 1.0) * 1000);
      if (part > told) progress.step(part - std::exchange(told, part));
      if (state == "done" || state == "failed" || state == "cancelled") return status;
    }
  } catch (const Stopped&) {
    log_warn("stopped; the recipe " + id + " goes on unless it is cancelled");
    throw;
  }
}

/// A file that comes to lie beside its place until it was checked.
struct Fetched {
  fs::path place, beside;
  ~Fetched() {
    std::error_code ignored;
    if (!beside.empty()) fs::remove(beside, ignored);
  }
};

void fetch(const Connection& service, const std::string& id, const ResultFile& file, const fs::path& to) {
  AtomicWriter writer(to, Access::owner);
  std::uint64_t size = 0;
  const Answer answer = service.fetch("/v1/blobs/" + file.sha256, [&](std::span<const std::uint8_t> bytes) {
    size += bytes.size();
    if (size > file.size) throw Error(Fault::format, "has more bytes than were announced").within(file.path);
    writer.write(bytes);
  });
  if (answer.status != 200) read_answer(answer, id);
  writer.commit();
  if (sha256_of_file(to) != file.sha256)
    throw Error(Fault::format, "came with other bytes than were announced").within(file.path);
}

/// What must be here for a proof to be checked, before anything is sent.
std::optional<ProofExpectation> expectation_of(const GivenCommand& given) {
  if (std::string_view(given.command->name) != "prove") return std::nullopt;
  const auto file = [&](const char* option, const char* usual) {
    const std::string* value = given.value_of(option);
    return fs::path(value ? *value : usual);
  };
  const fs::path beside = file("pk-path", "pk.key").parent_path();
  ProofExpectation out{file("witness", "witness.json"), beside / "vk.key", beside / "settings.json", std::nullopt};
  if (const std::string* srs = given.value_of("srs-path")) out.srs = *srs;
  for (const fs::path& needed : {out.vk, out.settings}) {
    if (!fs::exists(needed))
      throw Error(Fault::usage, "is not here, and without it the proof that comes back cannot be checked")
          .within(needed.string());
  }
  return out;
}

}  // namespace

std::string run_remotely(const RemoteService& remote, std::span<const std::string> arguments) {
  const GivenCommand given = parse_arguments(arguments);
  const std::optional<ProofExpectation> expected = expectation_of(given);
  const Connection service(remote);
  const Moved moved = move_inside(given);
  std::map<std::string, std::string> files;
  for (const auto& [name, here] : moved.reads) files[name] = send_file(service, here);
  const std::string body = recipe_json(moved, files);
  const std::vector<std::string> key = {"Idempotency-Key: " + random_uuid()};
  const std::string id = read_answer(service.send("POST", "/v1/recipes", body, key), "recipe").at("id").text();
  log_info("recipe " + id);
  const Json status = wait_for(service, id);
  if (status.at("state").text() != "done") {
    const Ending ending = ending_from(status.at("class").text());
    const Json* detail = status.find("detail");
    throw Error(fault_of(ending), detail ? detail->text() : std::string("ended as ") + service::name_of(ending))
        .within("remote");
  }
  std::vector<Fetched> fetched;
  fetched.reserve(moved.writes.size());
  status.at("files").visit([&](const Json& item) {
    const ResultFile file{item.at("path").text(), item.at("sha256").text(), item.at("size").integer<std::uint64_t>()};
    const auto place = moved.writes.find(file.path);
    if (place == moved.writes.end()) return;
    fetched.push_back({place->second, place->second.string() + ".fetched-" + id});
    fetch(service, id, file, fetched.back().beside);
    if (expected) check_proof(fetched.back().beside, *expected);
  });
  if (fetched.size() != moved.writes.size())
    throw Error(Fault::format, "does not give all files that the command writes").within("remote");
  for (Fetched& file : fetched) {
    fs::rename(file.beside, file.place);
    file.beside.clear();
  }
  if (!expected && !moved.writes.empty())
    log_warn("what the service made is not checked here; keys are compared by manifest with compiled_circuit");
  const std::vector<Json>& steps = status.at("steps").items();
  const Json* output = steps.empty() ? nullptr : steps[0].find("output");
  return output ? output->text() : "";
}

}  // namespace ezkl::service
