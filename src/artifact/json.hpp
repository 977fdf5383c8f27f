#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ezkl/error.hpp"
#include "ezkl/run_args.hpp"

namespace ezkl {

/// A JSON value as read. Numbers keep their text, so integers beyond 64 bits and the difference between `9` and `9.0`
/// survive. Readers are written with `member`, `each` and `visit`, which put the place into the errors that leave them.
class Json {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, text, list, object };

  /// errors: Fault::format, "<what>: ..." with line and column, for malformed text, a key given twice in one object,
  /// more than 64 levels of nesting, more than `most_values` values (with `advice` behind it), or anything but white
  /// space after the value. A value takes some 90 bytes, its text can be two: each caller says how many its files have.
  static Json parse(std::string_view text, const std::string& what, std::size_t most_values,
                    std::string_view advice = {});

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }

  /// errors of all accessors: Fault::format, naming what was expected and what stands there.
  bool boolean() const;
  const std::string& text() const;
  /// The digits as written.
  const std::string& number_text() const;
  double real() const;
  Int128 int128() const;
  /// A whole number of the range of T: `9.0` is refused.
  template <class T>
  T integer() const {
    return static_cast<T>(integer_within(std::is_signed_v<T> ? -(Int128{1} << (sizeof(T) * 8 - 1)) : Int128{0},
                                         (Int128{1} << (sizeof(T) * 8 - (std::is_signed_v<T> ? 1 : 0))) - 1));
  }
  const std::vector<Json>& items() const;
  const std::vector<std::pair<std::string, Json>>& members() const;

  /// The member `key` of an object, or null when it is absent or JSON null.
  const Json* find(std::string_view key) const;
  /// errors: "missing field `key`".
  const Json& at(std::string_view key) const;

  /// read(member `key`), with "key: " before any error.
  template <class Read>
  auto member(std::string_view key, Read read) const {
    const Json& value = at(key);
    try {
      return read(value);
    } catch (const Error& e) {
      throw e.within(key);
    }
  }
  /// As member; `otherwise` when the member is absent or null.
  template <class T, class Read>
  T member_or(std::string_view key, T otherwise, Read read) const {
    return find(key) ? T(member(key, read)) : otherwise;
  }
  /// visit(item) for every item of a list, with "element i: " before any error.
  template <class Visit>
  void visit(Visit visit) const {
    const std::vector<Json>& list = items();
    for (std::size_t i = 0; i < list.size(); ++i) {
      try {
        visit(list[i]);
      } catch (const Error& e) {
        throw e.within("element " + std::to_string(i));
      }
    }
  }
  /// What read(item) gives for every item of a list, with "element i: " before any error.
  template <class Read>
  auto each(Read read) const {
    std::vector<std::decay_t<decltype(read(std::declval<const Json&>()))>> out;
    out.reserve(items().size());
    visit([&](const Json& item) { out.push_back(read(item)); });
    return out;
  }

 private:
  friend class JsonBuilder;
  [[noreturn]] void expected(const char* what) const;
  Int128 integer_within(Int128 lowest, Int128 highest) const;

  Kind kind_ = Kind::null;
  bool boolean_ = false;
  std::string text_;
  std::vector<Json> items_;
  std::vector<std::pair<std::string, Json>> members_;
};

/// Whether text given where a path or JSON may stand is meant as JSON: its first visible character is `{` or `[`.
bool looks_like_json(std::string_view text);

}  // namespace ezkl
