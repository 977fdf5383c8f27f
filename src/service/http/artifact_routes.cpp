// /v1/artifacts.
#include <charconv>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/sha256_text.hpp"
#include "http/api.hpp"
#include "store/limits.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

Manifest read_files(const Json& json) {
  Manifest out;
  json.member("files", [&](const Json& files) {
    for (const auto& [name, file] : files.members()) {
      check_inner_path(name);
      const std::string sha256 = file.member("sha256", [](const Json& text) { return text.text(); });
      if (!is_sha256_text(sha256)) throw Refusal(400, "a digest is 64 hexadecimal digits");
      out[name] = {sha256, 0};
    }
  });
  return out;
}

std::string version_json(const ArtifactVersion& artifact, bool with_files) {
  JsonWriter json;
  json.open_object();
  json.member("name", artifact.name);
  json.member("version", artifact.version);
  if (with_files) {
    json.key("files");
    json.open_object();
    for (const auto& [name, blob] : artifact.files) {
      json.key(name);
      json.open_object();
      json.member("sha256", blob.sha256);
      json.member("size", blob.size);
      json.close_object();
    }
    json.close_object();
  }
  json.close_object();
  return json.take();
}

std::int64_t number_of(const std::string& text) {
  std::int64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size() || out < 1) throw Refusal(404, "a version is a number");
  return out;
}

}  // namespace

Response Api::artifacts(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at) {
  Response out;
  const auto put = [&](const std::string& name, std::int64_t newest, const Json& json) {
    if (!is_plain_name(name)) throw Refusal(400, "a name has letters, digits, '.', '_' and '-', at most 64");
    const Manifest files = read_files(json);
    try {
      const std::int64_t version = parts_.holdings.put_artifact(owner.tenant, name, newest, files);
      out.status = 201;
      out.body = version_json({name, version, {}}, false);
    } catch (const Error& error) {
      if (error.fault() != Fault::usage) throw;
      throw Refusal(newest == 0 ? 409 : 412, error.text());
    }
  };
  if (at.size() == 2 && request.method == "GET") {
    JsonWriter json;
    json.list(parts_.holdings.artifacts(owner.tenant),
              [&](const ArtifactVersion& artifact) { json.raw(version_json(artifact, false)); });
    out.body = json.take();
    return out;
  }
  if (at.size() == 2 && request.method == "POST") {
    const Json json = Json::parse(request.body, "body", most_json_values);
    put(json.member("name", [](const Json& name) { return name.text(); }), 0, json);
    return out;
  }
  if (at.size() < 3) throw Refusal(405, "the method is not for this address");
  if (at.size() == 3 && request.method == "PUT") {
    const std::string match = request.header("if-match");
    put(at[2], match.empty() ? 0 : number_of(match), Json::parse(request.body, "body", most_json_values));
    return out;
  }
  if (at.size() == 3 && request.method == "DELETE") {
    if (!parts_.holdings.remove_artifact(owner.tenant, at[2])) throw Refusal(404, "there is no such artifact");
    out.status = 204;
    return out;
  }
  const bool is_version = at.size() == 5 && at[3] == "versions";
  if (request.method != "GET" || (at.size() != 3 && !is_version))
    throw Refusal(404, "there is nothing at this address");
  const auto found =
      parts_.holdings.artifact(owner.tenant, at[2], is_version ? std::optional(number_of(at[4])) : std::nullopt);
  if (!found) throw Refusal(404, "there is no such artifact");
  out.body = version_json(*found, true);
  out.headers.emplace_back("ETag", std::to_string(found->version));
  return out;
}

}  // namespace ezkl::service
