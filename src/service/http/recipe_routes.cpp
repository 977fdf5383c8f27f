// /v1/recipes, and the addresses of older clients.
#include <algorithm>

#include "artifact/json_writer.hpp"
#include "artifact/sha256_text.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "http/api.hpp"
#include "recipe/recipe.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

constexpr std::uint64_t longest_wait = 60, longest_listing = 1000, longest_log = 1 << 20, longest_shown = 16 << 20;

std::string decimal(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

/// As published clients read it.
const char* published_status(RecipeState state) {
  switch (state) {
    case RecipeState::queued:
      return "Pending";
    case RecipeState::running:
    case RecipeState::cancelling:
      return "Running";
    case RecipeState::done:
      return "Complete";
    default:
      return "Errored";
  }
}

}  // namespace

std::optional<AttemptFolder> Api::last_folder(const RecipeRow& recipe) {
  const auto attempts = parts_.recipes.attempts_of(recipe.id);
  if (attempts.empty()) return std::nullopt;
  return parts_.dispatcher.folder_of(attempts.back());
}

std::string Api::status_json(const RecipeRow& recipe) {
  JsonWriter json;
  json.open_object();
  json.member("id", recipe.id);
  json.member("number", recipe.number);
  json.member("state", name_of(recipe.state));
  if (recipe.ending) json.member("class", name_of(*recipe.ending));
  if (!recipe.detail.empty()) json.member("detail", recipe.detail);
  if (recipe.state == RecipeState::queued) json.member("queue_position", parts_.recipes.queue_position(recipe));
  double part = recipe.state == RecipeState::done ? 1 : 0;
  if (recipe.state == RecipeState::running) {
    const auto folder = last_folder(recipe);
    if (const auto progress = folder ? folder->progress() : std::nullopt) {
      json.member("step", progress->step);
      json.member("phase", progress->phase);
      part = progress->part;
    }
  }
  json.key("progress");
  json.raw(decimal(part));
  json.member("memory", recipe.memory);
  json.member("cores", recipe.cores);
  json.key("attempts");
  json.list(parts_.recipes.attempts_of(recipe.id), [&](const AttemptRow& attempt) {
    json.open_object();
    json.member("id", attempt.uuid);
    json.member("state", name_of(attempt.state));
    json.member("memory", attempt.memory);
    json.member("started", attempt.planned);
    if (attempt.ending) {
      json.member("ended", attempt.ended);
      json.member("ending", name_of(*attempt.ending));
      json.member("peak_bytes", attempt.peak_bytes);
      json.key("cpu_s");
      json.raw(decimal(attempt.cpu_s));
    }
    json.close_object();
  });
  const auto outputs = parts_.recipes.outputs(recipe.id);
  const auto commands = commands_of(recipe.body);
  json.key("steps");
  json.open_list();
  for (std::size_t i = 0; i < commands.size(); ++i) {
    json.open_object();
    json.key("command");
    json.raw(commands[i]);
    if (i < outputs.size()) json.member("output", outputs[i]);
    json.close_object();
  }
  json.close_list();
  json.key("files");
  json.list(parts_.recipes.files(recipe.id), [&](const ResultFile& file) {
    json.open_object();
    json.member("path", file.path);
    json.member("sha256", file.sha256);
    json.member("size", file.size);
    json.close_object();
  });
  json.member("created", recipe.created);
  if (recipe.started != 0) json.member("started", recipe.started);
  if (recipe.ended != 0) json.member("ended", recipe.ended);
  json.close_object();
  return json.take();
}

Response Api::accept(const Request& request, const KeyOwner& owner, bool published) {
  if (request.query.count("callback_url")) throw Refusal(400, "this service makes no callbacks");
  const Recipe recipe = parse_recipe(request.body);
  std::map<std::string, std::string> files;
  if (recipe.artifact) {
    const auto artifact = parts_.holdings.artifact(owner.tenant, *recipe.artifact, recipe.version);
    if (!artifact) throw Refusal(404, "there is no artifact '" + *recipe.artifact + "'");
    for (const auto& [name, blob] : artifact->files) files[name] = blob.sha256;
  }
  for (const auto& [name, sha256] : recipe.files) {
    if (!parts_.holdings.size_of(owner.tenant, sha256)) {
      throw Refusal(422, "the file '" + name + "' (" + sha256 + ") has not been sent");
    }
    files[name] = sha256;
  }
  const auto nodes = parts_.engine.capacity();
  NewRecipe made;
  made.tenant = owner.tenant;
  made.memory = recipe.memory.value_or(parts_.usual_memory);
  made.cores = recipe.cores.value_or(parts_.usual_cores);
  made.limit_s = recipe.limit_s.value_or(parts_.usual_limit_s);
  made.priority = recipe.priority;
  const bool fits =
      made.memory <= owner.quota.max_memory && std::any_of(nodes.begin(), nodes.end(), [&](const Node& node) {
        return made.memory <= node.memory && made.cores <= node.cores;
      });
  if (!fits) {
    throw Refusal(422, "a recipe of " + std::to_string(made.memory >> 20) + " MiB and " + std::to_string(made.cores) +
                           " cores fits no node and quota; a split model takes less (ezkl split)");
  }
  if (parts_.recipes.usage(owner.tenant).queued >= owner.quota.max_queued) {
    throw Refusal(429, "so many recipes wait already: " + std::to_string(owner.quota.max_queued));
  }
  for (const auto& [name, text] : recipe.texts) {
    const std::filesystem::path file = parts_.uploads / random_uuid();
    write_file_atomically(file, std::string_view(text), Access::owner);
    const Blob blob = parts_.blobs.take(file);
    std::filesystem::remove(file);
    parts_.holdings.hold(owner.tenant, blob);
    files[name] = blob.sha256;
  }
  made.body = recipe_body(recipe, files);
  made.body_sha256 = sha256_text(request.body);
  const std::string key = request.header("idempotency-key");
  if (key.size() > 200) throw Refusal(400, "an Idempotency-Key has at most 200 characters");
  if (!key.empty()) made.idempotency_key = key;
  Accepted accepted;
  try {
    accepted = parts_.recipes.accept(made);
  } catch (const Error& error) {
    if (error.fault() != Fault::usage) throw;
    throw Refusal(409, error.text());
  }
  parts_.dispatcher.nudge();
  JsonWriter json;
  json.open_object();
  json.member("id", accepted.id);
  json.member("was_already_scheduled", accepted.known);
  json.close_object();
  Response out;
  out.status = accepted.known || published ? 200 : 202;
  out.headers.emplace_back("Location", "/v1/recipes/" + accepted.id);
  out.body = json.take();
  return out;
}

Response Api::log_of(const Request& request, const RecipeRow& recipe) {
  Response out;
  out.type = "text/plain; charset=utf-8";
  const std::uint64_t after = request.number("after", 0, ~std::uint64_t{0} >> 1);
  const auto folder = last_folder(recipe);
  if (folder && std::filesystem::exists(folder->log())) {
    const std::string text = read_text(folder->log());
    out.body = valid_utf8(std::string_view(text).substr(std::min<std::size_t>(after, text.size()), longest_log));
  }
  return out;
}

Response Api::recipes(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at) {
  Response out;
  if (at.size() == 2 && request.method == "POST") return accept(request, owner, false);
  if (at.size() == 2 && request.method == "GET") {
    const auto before = static_cast<std::int64_t>(request.number("before", 0, ~std::uint64_t{0} >> 1));
    JsonWriter json;
    json.list(parts_.recipes.list(owner.tenant, before, request.number("limit", 100, longest_listing)),
              [&](const RecipeRow& row) {
                json.open_object();
                json.member("id", row.id);
                json.member("number", row.number);
                json.member("state", name_of(row.state));
                if (row.ending) json.member("class", name_of(*row.ending));
                json.member("created", row.created);
                json.close_object();
              });
    out.body = json.take();
    return out;
  }
  if (at.size() < 3) throw Refusal(405, "the method is not for this address");
  const auto recipe = is_uuid(at[2]) ? parts_.recipes.find(owner.tenant, at[2]) : std::nullopt;
  if (!recipe) throw Refusal(404, "there is no such recipe");
  if (at.size() == 3 && request.method == "GET") {
    request.number("wait_s", 0, longest_wait);
    out.body = status_json(*recipe);
    out.may_wait = !has_ended(recipe->state);
    return out;
  }
  if (at.size() == 3 && request.method == "DELETE") {
    const RecipeState state = parts_.recipes.cancel(recipe->id);
    parts_.dispatcher.nudge();
    out.status = has_ended(state) ? 200 : 202;
    out.body = status_json(*parts_.recipes.find(recipe->id));
    return out;
  }
  if (request.method != "GET") throw Refusal(405, "the method is not for this address");
  if (at.size() == 4 && at[3] == "log") return log_of(request, *recipe);
  if (at.size() >= 5 && at[3] == "files") {
    std::string path = at[4];
    for (std::size_t i = 5; i < at.size(); ++i) path += "/" + at[i];
    for (const ResultFile& file : parts_.recipes.files(recipe->id)) {
      if (file.path != path) continue;
      out.type = "application/octet-stream";
      out.file = parts_.blobs.path_of(file.sha256);
      out.headers.emplace_back("ETag", '"' + file.sha256 + '"');
      return out;
    }
    throw Refusal(404, "this recipe has no such file");
  }
  throw Refusal(404, "there is nothing at this address");
}

Response Api::published(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at) {
  const bool posts = at.size() == 1 && at[0] != "get-spell";
  if (posts && request.method == "POST") return accept(request, owner, true);
  const auto recipe = at.size() == 2 && is_uuid(at[1]) ? parts_.recipes.find(owner.tenant, at[1]) : std::nullopt;
  if (!recipe || request.method != "GET") throw Refusal(404, "there is no such recipe");
  const AttemptSpec spec = spec_of(recipe->body, "", 0, 1, 0);
  const auto commands = commands_of(recipe->body);
  const auto outputs = parts_.recipes.outputs(recipe->id);
  const auto files = parts_.recipes.files(recipe->id);
  JsonWriter json;
  json.open_list();
  for (std::size_t i = 0; i < commands.size(); ++i) {
    // What a command is for is the first file that it wrote; without one, what it said.
    std::string output = i < outputs.size() ? outputs[i] : "";
    for (const ResultFile& file : files) {
      const auto& writes = spec.steps[i].writes;
      if (!writes.empty() && file.path == writes[0] && file.size <= longest_shown) {
        output = valid_utf8(read_text(parts_.blobs.path_of(file.sha256)));
      }
    }
    json.open_object();
    json.member("recipe_id", recipe->id);
    json.member("spell_id", recipe->id);
    json.member("status", published_status(recipe->state));
    json.member("output", output);
    if (!recipe->detail.empty()) json.member("logs", recipe->detail);
    json.key("command");
    json.raw(commands[i]);
    json.close_object();
  }
  json.close_list();
  Response out;
  out.body = json.take();
  return out;
}

}  // namespace ezkl::service
