#pragma once

#include <optional>
#include <string>

#include "ledger/database.hpp"

namespace ezkl::service {

/// One request that changed something, or was refused. No payloads: names, digests, ids.
struct AuditLine {
  std::string tenant, key, address, action, subject;
  int status = 0;
};

/// Lines that are only added. Each carries the SHA-256 of itself and the one before, so that a removed or changed line
/// shows.
class Audit {
 public:
  explicit Audit(Database& database) : database_(database) {}

  void add(const AuditLine& line);
  /// The number of the first line that does not follow from the one before; nothing when all do.
  std::optional<std::int64_t> first_broken();

 private:
  Database& database_;
};

}  // namespace ezkl::service
