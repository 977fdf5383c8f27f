#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "artifact/json.hpp"
#include "capi/memory_files.hpp"
#include "ezkl/reports.hpp"

namespace ezkl::capi {

/// The arguments of one command, by name. What is absent or null has the default that the reader names.
/// errors: Fault::usage, with the name in front.
class Arguments {
 public:
  Arguments(std::string_view json, MemoryFiles& files);

  /// errors: Fault::usage for a name that is none of `known`.
  void allow(const std::vector<const char*>& known) const;

  Path path(const char* name, const Path& otherwise) const { return path(name).value_or(otherwise); }
  std::optional<Path> path(const char* name) const;
  /// Of a file that may as well not be written: none where the argument is null.
  std::optional<Path> path_or_none(const char* name, const Path& otherwise) const;
  /// errors: when it is absent.
  Path needed_path(const char* name) const;
  std::optional<std::string> text(const char* name) const;
  std::string text(const char* name, const std::string& otherwise) const { return text(name).value_or(otherwise); }
  std::string needed_text(const char* name) const;
  /// A path, bytes in memory, or JSON: what may stand for data.
  std::string data(const char* name, const std::string& otherwise) const;
  bool flag(const char* name, bool otherwise) const;
  std::optional<double> real(const char* name) const;
  template <class T>
  std::optional<T> integer(const char* name) const {
    return read<T>(name, [](const Json& v) { return v.integer<T>(); });
  }
  template <class T>
  T needed_integer(const char* name) const {
    if (const auto found = integer<T>(name)) return *found;
    missing(name);
  }
  template <class T>
  std::optional<std::vector<T>> integers(const char* name) const {
    return read<std::vector<T>>(
        name, [](const Json& list) { return list.each([](const Json& v) { return v.integer<T>(); }); });
  }
  /// errors: when it is absent.
  template <class T>
  std::vector<T> needed_integers(const char* name) const {
    if (auto found = integers<T>(name)) return *std::move(found);
    missing(name);
  }
  std::optional<std::vector<std::string>> texts(const char* name) const;
  /// errors: when it is absent.
  std::vector<std::string> needed_texts(const char* name) const;
  std::vector<std::pair<std::string, std::size_t>> variables(const char* name) const;
  std::optional<Commitment> commitment(const char* name) const;
  /// The defaults of the library with what the object says.
  RunArgs run_args(const char* name) const;
  /// Given are the run arguments that the object of that name says.
  SettingsOptions settings_options(const char* run_args) const;
  SplitOptions split_options() const;
  ProveOptions prove_options() const;

 private:
  template <class T, class Read>
  std::optional<T> read(const char* name, Read&& reader) const {
    const Json* const found = arguments_.find(name);
    if (!found) return std::nullopt;
    try {
      return T(reader(*found));
    } catch (const Error& e) {
      throw e.as(e.fault() == Fault::format ? Fault::usage : e.fault()).within(name);
    }
  }
  [[noreturn]] static void missing(const char* name);
  Path path_of(const Json& value) const;

  Json arguments_;
  MemoryFiles& files_;
};

}  // namespace ezkl::capi
