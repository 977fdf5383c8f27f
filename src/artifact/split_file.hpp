#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ezkl/run_args.hpp"

namespace ezkl {

/// One tensor that a part gives and the next one takes.
struct LinkedTensor {
  std::string name;  ///< in the models of both parts
  std::vector<std::size_t> shape;
  int scale = 0;
  std::string type;  ///< as in settings.json: Bool, F16, F32, F64 or Int

  bool operator==(const LinkedTensor&) const = default;
};

/// split.json: the parts of a model in order, and what passes from each to the next.
struct SplitFile {
  Visibility::Kind link = Visibility::Kind::hashed_public;  ///< or polycommit, or public_
  std::vector<std::string> parts;                           ///< folders beside the file, at least two
  std::vector<std::vector<LinkedTensor>> links;             ///< one fewer than parts, none empty
};

/// "hashed", "polycommit" or "public". errors: Fault::usage for another visibility.
std::string link_name(Visibility::Kind link);
/// errors: Fault::usage for another name.
Visibility::Kind parse_link(const std::string& name);

/// `what` names the source in errors. errors: Fault::format; Fault::unsupported for a format of a later release.
SplitFile parse_split(std::string_view text, const std::string& what);

/// errors: Fault::io; as parse_split.
SplitFile read_split(const std::filesystem::path& path);

std::string split_text(const SplitFile& file);

}  // namespace ezkl
