#include "artifact/json.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/int128.hpp"

namespace ezkl {
namespace {

constexpr std::size_t max_depth = 64;

const char* describe(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return "a boolean";
    case Json::Kind::number:
      return "a number";
    case Json::Kind::text:
      return "text";
    case Json::Kind::list:
      return "a list";
    case Json::Kind::object:
      return "an object";
  }
  return "something else";
}

std::string place(std::string_view text, std::size_t position) {
  std::size_t line = 1, column = 1;
  for (const char c : text.substr(0, position == 0 ? 0 : position - 1)) {
    if (c == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
  }
  return "line " + std::to_string(line) + " column " + std::to_string(column);
}

}  // namespace

/// Receives the parser's events and builds the tree. Open containers form a stack of pointers, which stay valid because
/// only the innermost container grows.
class JsonBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonBuilder(Json& root, std::string_view source, const std::string& what, std::size_t most_values,
              std::string_view advice)
      : root_(root),
        source_(source),
        what_(what),
        most_values_(most_values),
        values_left_(most_values),
        advice_(advice) {}

  bool null() override { return put(Json::Kind::null) != nullptr; }
  bool boolean(bool value) override {
    put(Json::Kind::boolean)->boolean_ = value;
    return true;
  }
  bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return number(text); }
  bool string(string_t& value) override {
    put(Json::Kind::text)->text_ = std::move(value);
    return true;
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    open(Json::Kind::object);
    return true;
  }
  bool key(string_t& name) override {
    if (!keys_.back().insert(name).second) {
      throw Error(Fault::format, what_ + ": the field `" + name + "` is given twice");
    }
    stack_.back()->members_.emplace_back(std::move(name), Json());
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override {
    open(Json::Kind::list);
    return true;
  }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) override {
    std::string_view reason = e.what();
    // the library's text opens with its own error number, and with a place where the syntax is wrong
    if (const auto at = reason.find("] "); at != std::string_view::npos) reason.remove_prefix(at + 2);
    if (const auto at = reason.find("syntax error"); at != std::string_view::npos) reason.remove_prefix(at);
    throw Error(Fault::format,
                what_ + ": not valid JSON at " + place(source_, position) + ": " + std::string(reason.substr(0, 200)));
  }

 private:
  Json* put(Json::Kind kind) {
    if (values_left_-- == 0) {
      throw Error(Fault::format, what_ + ": more numbers, texts and lists than the " + std::to_string(most_values_) +
                                     " that a file of its size and kind has" + std::string(advice_));
    }
    Json* slot = &root_;
    if (!stack_.empty()) {
      Json* parent = stack_.back();
      if (parent->kind_ == Json::Kind::list) {
        slot = &parent->items_.emplace_back();
      } else {
        slot = &parent->members_.back().second;
      }
    }
    slot->kind_ = kind;
    return slot;
  }
  bool number(std::string text) {
    put(Json::Kind::number)->text_ = std::move(text);
    return true;
  }
  void open(Json::Kind kind) {
    if (stack_.size() >= max_depth) throw Error(Fault::format, what_ + ": JSON nested deeper than 64 levels");
    stack_.push_back(put(kind));
    keys_.emplace_back();
  }
  bool close() {
    stack_.pop_back();
    keys_.pop_back();
    return true;
  }

  Json& root_;
  std::string_view source_;
  const std::string& what_;
  std::size_t most_values_, values_left_;
  std::string_view advice_;
  std::vector<Json*> stack_;
  /// Ordered: names that share a hash on purpose would make every look-up as long as the object.
  std::vector<std::set<std::string>> keys_;
};

Json Json::parse(std::string_view text, const std::string& what, std::size_t most_values, std::string_view advice) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw Error(Fault::format, what + ": the file is empty, JSON was expected");
  }
  // The library takes it for the end of the text and would not look at what follows.
  if (const auto at = text.find('\0'); at != std::string_view::npos) {
    throw Error(Fault::format, what + ": not valid JSON at " + place(text, at + 1) + ": a zero byte");
  }
  Json root;
  JsonBuilder builder(root, text, what, most_values, advice);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return root;
}

void Json::expected(const char* what) const {
  std::string shown = describe(kind_);
  if (kind_ == Kind::number) shown += " (" + text_.substr(0, 60) + ")";
  if (kind_ == Kind::text) shown += " (\"" + text_.substr(0, 60) + (text_.size() > 60 ? "...\")" : "\")");
  throw Error(Fault::format, std::string("expected ") + what + ", found " + shown);
}

bool Json::boolean() const {
  if (kind_ != Kind::boolean) expected("true or false");
  return boolean_;
}

const std::string& Json::text() const {
  if (kind_ != Kind::text) expected("text");
  return text_;
}

const std::string& Json::number_text() const {
  if (kind_ != Kind::number) expected("a number");
  return text_;
}

double Json::real() const {
  const std::string& digits = number_text();
  double value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec != std::errc()) throw Error(Fault::format, "the number " + digits.substr(0, 60) + " is out of range");
  return value;
}

Int128 Json::int128() const {
  if (kind_ != Kind::number || text_.find_first_of(".eE") != std::string::npos) expected("a whole number");
  return parse_int128(text_);
}

Int128 Json::integer_within(Int128 lowest, Int128 highest) const {
  const Int128 value = int128();
  if (value < lowest || value > highest) {
    throw Error(Fault::format, "expected a whole number between " + ezkl::to_string(lowest) + " and " +
                                   ezkl::to_string(highest) + ", found " + text_);
  }
  return value;
}

const std::vector<Json>& Json::items() const {
  if (kind_ != Kind::list) expected("a list");
  return items_;
}

const std::vector<std::pair<std::string, Json>>& Json::members() const {
  if (kind_ != Kind::object) expected("an object");
  return members_;
}

const Json* Json::find(std::string_view key) const {
  for (const auto& [name, value] : members()) {
    if (name == key) return value.is_null() ? nullptr : &value;
  }
  return nullptr;
}

namespace {

/// Files that stand beside each other and are given for each other: what readers ask for first, and a member that no
/// other of them has.
struct FileKind {
  std::string_view asked, own, name;
};
constexpr FileKind file_kinds[] = {
    {"run_args", "run_args", "settings"},     {"input_data", "input_data", "input data"},
    {"instances", "instances", "a proof"},    {"inputs", "processed_inputs", "a witness"},
    {"format", "sha256", "a key's manifest"},
};

}  // namespace

const Json& Json::at(std::string_view key) const {
  for (const auto& [name, value] : members()) {
    if (name == key) return value;
  }
  std::string text = "missing field `" + std::string(key) + "`";
  const auto asks = [&](const FileKind& kind) { return kind.asked == key; };
  const auto is = [&](const FileKind& kind) {
    return !asks(kind) &&
           std::any_of(members_.begin(), members_.end(), [&](const auto& member) { return member.first == kind.own; });
  };
  if (std::any_of(std::begin(file_kinds), std::end(file_kinds), asks)) {
    const auto* const found = std::find_if(std::begin(file_kinds), std::end(file_kinds), is);
    if (found != std::end(file_kinds)) text += ": this is " + std::string(found->name);
  }
  throw Error(Fault::format, text);
}

bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace ezkl
