#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace ezkl {

/// Builds compact JSON text: no spaces, keys in the order they are given. The caller closes what it opens.
class JsonWriter {
 public:
  void open_object() { open('{'); }
  void close_object() { close('}'); }
  void open_list() { open('['); }
  void close_list() { close(']'); }
  void key(std::string_view name) {
    separate();
    quote(name);
    out_ += ':';
    fresh_ = true;
  }
  void text(std::string_view value) {
    separate();
    quote(value);
  }
  /// Text that already is JSON: a number, true, null.
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void null() { raw("null"); }
  template <std::integral T>
  void integer(T value) {
    raw(std::to_string(value));
  }
  /// A member of an object.
  void member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  template <std::integral T>
  void member(std::string_view name, T value) {
    key(name);
    if constexpr (std::same_as<T, bool>) {
      boolean(value);
    } else {
      integer(value);
    }
  }
  /// A list of write(item) for every item.
  template <class Items, class Write>
  void list(const Items& items, Write write) {
    open_list();
    for (const auto& item : items) write(item);
    close_list();
  }
  std::string take() { return std::move(out_); }

 private:
  void separate() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  void open(char c) {
    separate();
    out_ += c;
    fresh_ = true;
  }
  void close(char c) {
    out_ += c;
    fresh_ = false;
  }
  void quote(std::string_view value);

  std::string out_;
  bool fresh_ = true;  ///< nothing stands before the next value that needs a comma
};

}  // namespace ezkl
