#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/database.hpp"

namespace ezkl::service {

/// What one tenant may take.
struct Quota {
  std::uint64_t max_bytes = std::uint64_t{64} << 30;  ///< of blobs that it holds
  std::uint64_t max_queued = 1000;                    ///< recipes that wait
  std::uint64_t max_memory = std::uint64_t{1} << 50;  ///< bytes of attempts at work
  std::uint64_t max_requests = 6000;                  ///< a minute
};

enum class Scope : std::uint8_t { read, prove, admin };  ///< each may what those before it may
const char* name_of(Scope scope) noexcept;
/// errors: Fault::usage.
Scope scope_from(std::string_view name);

struct KeyOwner {
  std::string tenant, prefix;
  Scope scope = Scope::read;
  Quota quota;
};

struct KeyRow {
  std::string prefix, tenant, scope;
  std::int64_t created = 0, expires = 0, revoked = 0;  ///< 0: never
};

/// Who may ask, and for how much. Keys are 32 random bytes, so that the hash of one need not be slow; stored are
/// SHA-256 and the first digits, by which a key is found and named.
class Tenants {
 public:
  explicit Tenants(Database& database) : database_(database) {}

  /// Adds the tenant, or changes its quota. errors: Fault::usage for a name that is none.
  void set(const std::string& name, const Quota& quota);
  std::optional<Quota> quota(const std::string& name);

  /// The key itself, which nobody can tell again. `expires`: seconds since 1970, 0 for never. errors: Fault::usage for
  /// a tenant that does not exist.
  std::string make_key(const std::string& tenant, Scope scope, std::int64_t expires);
  /// False when there is no such key. errors: none.
  bool revoke(const std::string& prefix);
  std::vector<KeyRow> keys();
  /// Nothing for a key that is unknown, expired or revoked. Takes as long for a wrong key as for a right one.
  std::optional<KeyOwner> owner(const std::string& key);

 private:
  Database& database_;
};

}  // namespace ezkl::service
