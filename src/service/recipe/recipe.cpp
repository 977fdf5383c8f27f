#include "recipe/recipe.hpp"

#include <algorithm>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/sha256_text.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "recipe/commands.hpp"
#include "store/limits.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

constexpr std::size_t most_commands = 64;
constexpr std::uint64_t least_memory = 64 << 20, most_memory = std::uint64_t{1} << 44;
constexpr std::uint64_t longest_limit = 30 * 24 * 3600;

void write(JsonWriter& out, const Json& json) {
  switch (json.kind()) {
    case Json::Kind::null:
      return out.null();
    case Json::Kind::boolean:
      return out.boolean(json.boolean());
    case Json::Kind::number:
      return out.raw(json.number_text());
    case Json::Kind::text:
      return out.text(json.text());
    case Json::Kind::list:
      return out.list(json.items(), [&](const Json& item) { write(out, item); });
    case Json::Kind::object:
      out.open_object();
      for (const auto& [key, value] : json.members()) {
        out.key(key);
        write(out, value);
      }
      return out.close_object();
  }
}

std::string json_text(const Json& json) {
  JsonWriter out;
  write(out, json);
  return out.take();
}

void allow_only(const Json& object, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : object.members()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      throw Error(Fault::usage, "the field `" + printable_line(elided(key, 60)) + "` is not known");
    }
  }
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// A value of a command object as the command line wants it.
std::string value_text(const OptionDescription& option, const Json& json) {
  const std::string_view name = option.name;
  if (json.kind() == Json::Kind::number) return json.number_text();
  if (json.kind() == Json::Kind::text) {
    const bool is_word = name == "check-mode" || name == "commitment" || name.find("visibility") != name.npos;
    return is_word ? lower(json.text()) : json.text();
  }
  if (json.kind() == Json::Kind::list) {
    std::string out;
    const char* const between = name == "lookup-range" ? "->" : ",";
    for (const Json& item : json.items()) {
      if (!out.empty()) out += between;
      if (item.kind() == Json::Kind::list) {  // [["batch_size", 1]]
        out += item.items().at(0).text() + "->" + item.items().at(1).number_text();
      } else {
        out += item.kind() == Json::Kind::text ? item.text() : item.number_text();
      }
    }
    return out;
  }
  if (json.kind() == Json::Kind::object && option.takes == Takes::data) return json_text(json);
  throw Error(Fault::usage, "expected text, a number or a list");
}

void take_fields(GivenCommand& out, const Json& fields) {
  for (const auto& member : fields.members()) {
    const std::string& key = member.first;
    const Json& value = member.second;
    in_context(printable_line(elided(key, 60)), [&] {
      if (value.is_null()) return;
      if (key == "args" && value.kind() == Json::Kind::object) return take_fields(out, value);
      if (key == "proof_type") {
        if (lower(value.text()) != "single") throw Error(Fault::usage, "must be Single");
        return;
      }
      std::string name = key;
      std::replace(name.begin(), name.end(), '_', '-');
      if (name == "witness-path") name = "witness";
      const auto& options = out.command->options;
      const auto found =
          std::find_if(options.begin(), options.end(), [&](const auto& option) { return name == option.name; });
      if (found == options.end()) throw Error(Fault::usage, "is no field of this command that works remotely");
      if (found->takes == Takes::nothing) {
        if (value.boolean()) out.options.push_back({&*found, ""});
        return;
      }
      out.options.push_back({&*found, value_text(*found, value)});
    });
  }
}

GivenCommand command_object(const Json& object) {
  if (object.members().size() != 1) throw Error(Fault::usage, "a command object has one key, its name");
  const std::string& variant = object.members().front().first;
  const Json& fields = object.members().front().second;
  GivenCommand out;
  out.command = find_command(variant);
  if (!out.command) {
    throw Error(Fault::usage, "'" + printable_line(elided(variant, 60)) + "' is no command that runs remotely");
  }
  in_context(variant, [&] { take_fields(out, fields); });
  return out;
}

void name_artifact(Recipe& recipe, const std::string& name) {
  const std::size_t at = name.find('@');
  if (!is_plain_name(name.substr(0, at)))
    throw Error(Fault::usage, "'" + printable_line(elided(name, 80)) + "' names no artifact");
  if (recipe.artifact && *recipe.artifact != name.substr(0, at))
    throw Error(Fault::usage, "all commands of a recipe work on one artifact");
  recipe.artifact = name.substr(0, at);
  if (at == std::string::npos) return;
  const std::string digits = name.substr(at + 1);
  if (digits.empty() || digits.size() > 12 || digits.find_first_not_of("0123456789") != digits.npos) {
    throw Error(Fault::usage, "a version is a number: NAME@3");
  }
  recipe.version = std::stoll(digits);
}

void take_command(Recipe& recipe, const Json& json) {
  recipe.commands.push_back(json_text(json));
  GivenCommand given;
  if (json.find("command")) {
    allow_only(json, {"artifact", "deployment", "binary", "command", "output_path"});
    if (json.find("binary") && json.at("binary").text() != "ezkl") throw Error(Fault::usage, "`binary` must be ezkl");
    if (json.find("artifact")) name_artifact(recipe, json.at("artifact").text());
    std::vector<std::string> arguments;
    json.member("command", [&](const Json& list) {
      list.visit([&](const Json& item) {
        const std::string& text = item.text();  // an option and its value, cut at the first space
        const std::size_t space = text.find(' ');
        arguments.push_back(text.substr(0, space));
        if (space != std::string::npos) arguments.push_back(text.substr(space + 1));
      });
    });
    given = parse_arguments(arguments);
    if (json.find("output_path")) {
      json.at("output_path").visit([&](const Json& path) { recipe.keep.push_back(path.text()); });
    }
  } else if (json.find("ezkl_command")) {
    allow_only(json, {"ezkl_command", "working_dir"});
    if (json.find("working_dir")) name_artifact(recipe, json.at("working_dir").text());
    given = json.member("ezkl_command", command_object);
  } else {
    given = command_object(json);
  }
  in_context(given.command->name, [&] {
    check_paths(given);
    recipe.steps.push_back(step_of(given));
  });
}

/// The files that come back where nobody says which: all that were written, but no witness that a later command reads.
std::vector<std::string> usual_keep(const std::vector<Step>& steps) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool passing = steps[i].arguments[0] == "gen-witness" && i + 1 < steps.size();
    for (const std::string& path : steps[i].writes) {
      if (!passing && std::find(out.begin(), out.end(), path) == out.end()) out.push_back(path);
    }
  }
  return out;
}

template <class T>
T within(const Json& json, T lowest, T highest) {
  const T value = json.integer<T>();
  if (value < lowest || value > highest) {
    throw Error(Fault::usage, "must lie between " + std::to_string(lowest) + " and " + std::to_string(highest));
  }
  return value;
}

void take_data(Recipe& recipe, const Json& data) {
  std::size_t number = 0;
  data.visit([&](const Json& item) {
    if (const Json* path = item.find("target_path")) {
      allow_only(item, {"target_path", "data"});
      check_inner_path(path->text());
      recipe.texts[path->text()] = json_text(item.at("data"));
    } else {
      recipe.texts[number == 0 ? "input.json" : "input_" + std::to_string(number) + ".json"] = json_text(item);
    }
    ++number;
  });
}

void take_settings(Recipe& recipe, const Json& json) {
  allow_only(json, {"artifact", "files", "data", "commands", "keep", "memory", "cores", "limit_s", "priority"});
  if (json.find("artifact")) json.member("artifact", [&](const Json& name) { name_artifact(recipe, name.text()); });
  if (json.find("files")) {
    json.member("files", [&](const Json& files) {
      for (const auto& [name, sha256] : files.members()) {
        check_inner_path(name);
        if (!is_sha256_text(sha256.text())) throw Error(Fault::usage, "a digest is 64 hexadecimal digits").within(name);
        recipe.files[name] = sha256.text();
      }
    });
  }
  if (json.find("data")) json.member("data", [&](const Json& data) { take_data(recipe, data); });
  if (json.find("keep")) {
    json.member("keep",
                [&](const Json& keep) { keep.visit([&](const Json& path) { recipe.keep.push_back(path.text()); }); });
  }
  if (json.find("memory")) {
    recipe.memory = json.member("memory", [](const Json& n) { return within(n, least_memory, most_memory); });
  }
  if (json.find("limit_s")) {
    recipe.limit_s = json.member("limit_s", [](const Json& n) { return within<std::uint64_t>(n, 1, longest_limit); });
  }
  if (json.find("cores")) {
    recipe.cores = json.member("cores", [](const Json& n) { return within<unsigned>(n, 1, 1024); });
  }
  if (json.find("priority")) {
    recipe.priority = json.member("priority", [](const Json& word) {
      if (word.text() == "low") return -1;
      if (word.text() == "normal") return 0;
      if (word.text() == "high") return 1;
      throw Error(Fault::usage, "is none of low, normal, high");
    });
  }
}

}  // namespace

Recipe parse_recipe(std::string_view text) {
  const Json json = Json::parse(text, "recipe", most_json_values);
  return in_context("recipe", [&] {
    Recipe out;
    const bool alone = json.kind() == Json::Kind::list;
    if (!alone) take_settings(out, json);
    const auto take = [&](const Json& list) {
      if (list.items().empty() || list.items().size() > most_commands) {
        throw Error(Fault::usage, "a recipe has 1 to " + std::to_string(most_commands) + " commands");
      }
      list.visit([&](const Json& command) { take_command(out, command); });
    };
    if (alone) {
      take(json);
    } else {
      json.member("commands", [&](const Json& list) { take(list); });
    }
    if (out.keep.empty()) out.keep = usual_keep(out.steps);
    for (const std::string& path : out.keep) check_inner_path(path);
    return out;
  });
}

std::string recipe_body(const Recipe& recipe, const std::map<std::string, std::string>& files) {
  JsonWriter json;
  const auto text = [&](const std::string& item) { json.text(item); };
  json.open_object();
  json.key("files");
  json.open_object();
  for (const auto& [name, sha256] : files) json.member(name, sha256);
  json.close_object();
  json.key("steps");
  json.list(recipe.steps, [&](const Step& step) {
    json.open_object();
    json.key("arguments");
    json.list(step.arguments, text);
    json.key("writes");
    json.list(step.writes, text);
    json.close_object();
  });
  json.key("keep");
  json.list(recipe.keep, text);
  json.key("commands");
  json.list(recipe.commands, [&](const std::string& command) { json.raw(command); });
  json.close_object();
  return json.take();
}

AttemptSpec spec_of(std::string_view body, const std::string& uuid, std::uint64_t memory, unsigned cores,
                    std::uint64_t limit_s) {
  const auto texts = [](const Json& list) { return list.each([](const Json& item) { return item.text(); }); };
  const Json json = Json::parse(body, "ledger", most_json_values);
  AttemptSpec out;
  out.uuid = uuid;
  out.memory = memory;
  out.cores = cores;
  out.limit_s = limit_s;
  for (const auto& [name, sha256] : json.at("files").members()) out.files[name] = sha256.text();
  out.steps = json.at("steps").each([&](const Json& step) {
    Step made{texts(step.at("arguments")), texts(step.at("writes"))};
    const std::string option = std::string(2, '-') + "max-memory=";
    const bool says = std::any_of(made.arguments.begin(), made.arguments.end(), [&](const std::string& argument) {
      return argument.substr(0, option.size()) == option;
    });
    if (!says && (made.arguments[0] == "prove" || made.arguments[0] == "setup")) {
      made.arguments.push_back(option + std::to_string(memory / 10 * 9));
    }
    return made;
  });
  out.keep = texts(json.at("keep"));
  return out;
}

std::vector<std::string> commands_of(std::string_view body) {
  return Json::parse(body, "ledger", most_json_values).at("commands").each([](const Json& command) {
    return json_text(command);
  });
}

}  // namespace ezkl::service
