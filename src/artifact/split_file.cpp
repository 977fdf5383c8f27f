#include "artifact/split_file.hpp"

#include <algorithm>
#include <set>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/read_scale.hpp"
#include "base/files.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t max_file_size = std::uint64_t{1} << 26;
constexpr std::size_t most_values = std::size_t{1} << 21;
constexpr unsigned format = 1;

/// A folder's name without a way out of the split's own folder.
std::string part_name(const Json& json) {
  const std::string& name = json.text();
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!plain) throw Error(Fault::format, "'" + name + "' is no folder's name of letters, digits, - and _");
  return name;
}

LinkedTensor tensor(const Json& json) {
  LinkedTensor out;
  out.name = json.member("name", [](const Json& v) { return v.text(); });
  out.shape = json.member("shape", read_shape);
  out.scale = json.member("scale", read_scale);
  out.type = json.member("type", [](const Json& v) { return v.text(); });
  return out;
}

void check(const SplitFile& file) {
  if (file.parts.size() < 2) throw Error(Fault::format, "parts: a split has at least two");
  if (std::set<std::string>(file.parts.begin(), file.parts.end()).size() != file.parts.size()) {
    throw Error(Fault::format, "parts: a folder is listed twice");
  }
  if (file.links.size() + 1 != file.parts.size()) {
    throw Error(Fault::format, "links: " + std::to_string(file.parts.size()) + " parts have " +
                                   std::to_string(file.parts.size() - 1) + " links between them, " +
                                   std::to_string(file.links.size()) + " are listed");
  }
  for (std::size_t i = 0; i < file.links.size(); ++i) {
    if (file.links[i].empty()) {
      throw Error(Fault::format, "links: nothing passes from " + file.parts[i] + " to " + file.parts[i + 1]);
    }
  }
}

}  // namespace

std::string link_name(Visibility::Kind link) {
  switch (link) {
    case Visibility::Kind::hashed_public:
      return "hashed";
    case Visibility::Kind::polycommit:
      return "polycommit";
    case Visibility::Kind::public_:
      return "public";
    default:
      throw Error(Fault::usage, "a visibility that links nothing: hashed/public, polycommit or public");
  }
}

Visibility::Kind parse_link(const std::string& name) {
  for (const auto kind : {Visibility::Kind::hashed_public, Visibility::Kind::polycommit, Visibility::Kind::public_}) {
    if (name == link_name(kind)) return kind;
  }
  throw Error(Fault::usage, "'" + name + "' links nothing: hashed, polycommit or public");
}

SplitFile parse_split(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what, most_values);
  return in_context(what, [&] {
    const auto version = json.member("format", [](const Json& v) { return v.integer<unsigned>(); });
    if (version != format) {
      throw Error(Fault::unsupported,
                  "format " + std::to_string(version) + " of split.json; this release reads " + std::to_string(format));
    }
    SplitFile out;
    out.link = json.member("link", [](const Json& v) {
      try {
        return parse_link(v.text());
      } catch (const Error& e) {
        throw e.as(Fault::format);
      }
    });
    out.parts = json.member("parts", [](const Json& list) { return list.each(part_name); });
    out.links = json.member(
        "links", [](const Json& lists) { return lists.each([](const Json& list) { return list.each(tensor); }); });
    check(out);
    return out;
  });
}

SplitFile read_split(const std::filesystem::path& path) {
  return parse_split(read_text(path, max_file_size), path.string());
}

std::string split_text(const SplitFile& file) {
  JsonWriter json;
  json.open_object();
  json.key("format");
  json.integer(format);
  json.key("link");
  json.text(link_name(file.link));
  json.key("parts");
  json.list(file.parts, [&](const std::string& part) { json.text(part); });
  json.key("links");
  json.list(file.links, [&](const auto& link) {
    json.list(link, [&](const LinkedTensor& t) {
      json.open_object();
      json.key("name");
      json.text(t.name);
      json.key("shape");
      json.list(t.shape, [&](std::size_t extent) { json.integer(extent); });
      json.key("scale");
      json.integer(t.scale);
      json.key("type");
      json.text(t.type);
      json.close_object();
    });
  });
  json.close_object();
  return json.take();
}

}  // namespace ezkl
