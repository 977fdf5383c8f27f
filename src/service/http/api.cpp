#include "http/api.hpp"

#include <algorithm>

#include "artifact/json_writer.hpp"

namespace ezkl::service {
namespace {

constexpr std::uint64_t most_json = 16 << 20;

bool changes(const Request& request) { return request.method != "GET" && request.method != "HEAD"; }

bool is_open(const Request& request) {
  return request.method == "GET" && (request.path == "/healthz" || request.path == "/metrics");
}

std::string key_of(const Request& request) {
  constexpr std::string_view bearer = "Bearer ";
  const std::string authorization = request.header("authorization");
  return authorization.substr(0, bearer.size()) == bearer ? authorization.substr(bearer.size())
                                                          : request.header("x-api-key");
}

}  // namespace

Admission Api::admit(const Request& request) {
  Admission out;
  try {
    if (is_open(request)) return out;
    const auto owner = parts_.tenants.owner(key_of(request));
    if (!owner) throw Refusal(401, "send a valid key as X-API-KEY");
    out.owner = *owner;
    if (!within_rate(*owner)) throw Refusal(429, "more requests a minute than this tenant may make");
    if (changes(request) && owner->scope == Scope::read) throw Refusal(403, "this key may only read");
    const std::vector<std::string> at = request.pieces();
    if (changes(request) && at.size() == 3 && at[0] == "v1" && (at[1] == "blobs" || at[1] == "uploads") &&
        request.method != "DELETE") {
      out.sink = blob_sink(request, *owner, at);
    }
    out.most_body = changes(request) ? most_json : 0;
    if (!out.sink && request.length.value_or(0) > out.most_body) {
      throw Refusal(413, "the body may have " + std::to_string(out.most_body) + " bytes; files go to /v1/uploads");
    }
  } catch (...) {
    out.refused = refusal(request);
    note(request, out.owner, out.refused->status);
  }
  return out;
}

Response Api::handle(const Request& request, const KeyOwner& owner) {
  Response out;
  try {
    out = route(request, owner);
  } catch (...) {
    out = refusal(request);
  }
  note(request, owner, out.status);
  return out;
}

Response Api::finish(const Request& request, Admission& admission) {
  Response out;
  try {
    out = admission.sink->finish();
  } catch (...) {
    out = refusal(request);
  }
  admission.sink.reset();
  note(request, admission.owner, out.status);
  return out;
}

Response Api::refusal(const Request& request) {
  try {
    throw;
  } catch (const Refusal& refused) {
    return problem(refused.status(), refused.detail());
  } catch (const Error& error) {
    const Response out = problem(error);
    if (out.status >= 500) parts_.log(request.method + " " + request.path + ": " + error.what());
    return out;
  } catch (const std::exception& error) {
    parts_.log(request.method + " " + request.path + ": " + error.what());
    return problem(500, "the service could not do it; its log says why");
  }
}

Response Api::route(const Request& request, const KeyOwner& owner) {
  if (request.method == "GET" && request.path == "/healthz") return health();
  if (request.method == "GET" && request.path == "/metrics") return metrics();
  const std::vector<std::string> at = request.pieces();
  if (at.size() >= 2 && at[0] == "v1") {
    if (at[1] == "blobs") return blobs(request, owner, at);
    if (at[1] == "uploads") return uploads(request, owner, at);
    if (at[1] == "artifacts") return artifacts(request, owner, at);
    if (at[1] == "recipes") return recipes(request, owner, at);
    if (at.size() == 2 && at[1] == "usage" && request.method == "GET") return usage(owner);
    if (at.size() == 2 && at[1] == "capacity" && request.method == "GET") return capacity();
  }
  if (!at.empty() && (at[0] == "recipe" || at[0] == "spell" || at[0] == "post-spell" || at[0] == "get-spell")) {
    return published(request, owner, at);
  }
  throw Refusal(404, "there is nothing at this address");
}

bool Api::within_rate(const KeyOwner& owner) {
  const std::lock_guard held(mutex_);
  Bucket& bucket = buckets_[owner.tenant];
  const auto now = std::chrono::steady_clock::now();
  const auto most = static_cast<double>(owner.quota.max_requests);
  const std::chrono::duration<double> since = now - bucket.filled;
  bucket.tokens =
      bucket.filled.time_since_epoch().count() == 0 ? most : std::min(most, bucket.tokens + since.count() * most / 60);
  bucket.filled = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

void Api::note(const Request& request, const KeyOwner& owner, int status) {
  {
    const std::lock_guard held(mutex_);
    ++answers_[status];
  }
  // Requests without a valid key are anybody's: writing each down would let anybody fill the disk.
  if (owner.prefix.empty() || (!changes(request) && status < 400)) return;
  try {
    parts_.audit.add(
        {owner.tenant, owner.prefix, request.address, request.method, request.path.substr(0, 300), status});
  } catch (const std::exception& error) {
    parts_.log(std::string("audit: ") + error.what());
  }
}

Response Api::health() {
  parts_.recipes.usage("");  // the ledger answers
  return {200, "application/json", R"({"status":"ok"})", {}, {}, false};
}

Response Api::metrics() {
  std::string out;
  const auto metric = [&](const std::string& name, const char* kind) { out += "# TYPE " + name + " " + kind + "\n"; };
  const auto value = [&](const std::string& name, const std::string& label, const std::string& is, std::uint64_t n) {
    out += name + (label.empty() ? "" : "{" + label + "=\"" + is + "\"}") + " " + std::to_string(n) + "\n";
  };
  metric("lilith_recipes", "gauge");
  for (const auto& [state, n] : parts_.recipes.count_states()) value("lilith_recipes", "state", state, n);
  metric("lilith_attempts_total", "counter");
  for (const auto& [ending, n] : parts_.recipes.count_endings()) value("lilith_attempts_total", "ending", ending, n);
  const Recipes::Usage used = parts_.recipes.usage("");
  metric("lilith_memory_bytes", "gauge");
  value("lilith_memory_bytes", "", "", used.memory);
  metric("lilith_cores", "gauge");
  value("lilith_cores", "", "", used.cores);
  metric("lilith_answers_total", "counter");
  {
    const std::lock_guard held(mutex_);
    for (const auto& [status, n] : answers_) value("lilith_answers_total", "status", std::to_string(status), n);
  }
  return {200, "text/plain; version=0.0.4", out, {}, {}, false};
}

Response Api::usage(const KeyOwner& owner) {
  const Recipes::Usage used = parts_.recipes.usage(owner.tenant);
  JsonWriter json;
  json.open_object();
  json.member("tenant", owner.tenant);
  json.member("bytes", parts_.holdings.bytes(owner.tenant));
  json.member("max_bytes", owner.quota.max_bytes);
  json.member("queued", used.queued);
  json.member("max_queued", owner.quota.max_queued);
  json.member("running", used.running);
  json.member("memory", used.memory);
  json.member("max_memory", owner.quota.max_memory);
  json.close_object();
  return {200, "application/json", json.take(), {}, {}, false};
}

Response Api::capacity() {
  JsonWriter json;
  json.open_object();
  json.key("nodes");
  json.list(parts_.engine.capacity(), [&](const Node& node) {
    json.open_object();
    json.member("name", node.name);
    json.member("memory", node.memory);
    json.member("cores", node.cores);
    json.close_object();
  });
  json.member("notice", "this service sees models, inputs and witnesses");
  json.close_object();
  return {200, "application/json", json.take(), {}, {}, false};
}

}  // namespace ezkl::service
