#include "ledger/tenants.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>

#include "artifact/sha256_text.hpp"
#include "base/hex.hpp"
#include "base/random.hpp"
#include "ezkl/error.hpp"
#include "ledger/recipes.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

using SQLite::Statement;

constexpr std::string_view key_start = "lk_";
constexpr std::size_t key_length = 3 + 64, prefix_length = 3 + 10;
constexpr const char* scope_names[] = {"read", "prove", "admin"};

/// Whether two texts are equal, without telling by the time it takes where they differ.
bool same(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

std::uint64_t number(const SQLite::Column& column) { return static_cast<std::uint64_t>(column.getInt64()); }

}  // namespace

const char* name_of(Scope scope) noexcept { return scope_names[static_cast<std::size_t>(scope)]; }

Scope scope_from(std::string_view name) {
  for (const Scope scope : {Scope::read, Scope::prove, Scope::admin}) {
    if (name == name_of(scope)) return scope;
  }
  throw Error(Fault::usage, "'" + std::string(name) + "' is none of read, prove, admin");
}

void Tenants::set(const std::string& name, const Quota& quota) try {
  if (!is_plain_name(name)) throw Error(Fault::usage, "'" + name + "' is no name of a tenant");
  Database::Change change(database_, Database::Sync::full);
  Statement s(database_.connection(),
              "insert into tenants (name, max_bytes, max_queued, max_memory, max_requests) values (?, ?, ?, ?, ?) on "
              "conflict (name) do update set max_bytes = excluded.max_bytes, max_queued = excluded.max_queued, "
              "max_memory = excluded.max_memory, max_requests = excluded.max_requests");
  s.bind(1, name);
  s.bind(2, static_cast<std::int64_t>(quota.max_bytes));
  s.bind(3, static_cast<std::int64_t>(quota.max_queued));
  s.bind(4, static_cast<std::int64_t>(quota.max_memory));
  s.bind(5, static_cast<std::int64_t>(quota.max_requests));
  s.exec();
  change.commit();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::optional<Quota> Tenants::quota(const std::string& name) try {
  const auto held = database_.lock();
  Statement s(database_.connection(),
              "select max_bytes, max_queued, max_memory, max_requests from tenants where name = ?");
  s.bind(1, name);
  if (!s.executeStep()) return std::nullopt;
  return Quota{number(s.getColumn(0)), number(s.getColumn(1)), number(s.getColumn(2)), number(s.getColumn(3))};
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::string Tenants::make_key(const std::string& tenant, Scope scope, std::int64_t expires) try {
  std::array<std::uint8_t, 32> secret;
  Random::from_os().fill(secret);
  const std::string key = std::string(key_start) + hex_text(secret);
  Database::Change change(database_, Database::Sync::full);
  if (!quota(tenant)) throw Error(Fault::usage, "there is no tenant '" + tenant + "'");
  Statement s(database_.connection(),
              "insert into keys (prefix, hash, tenant, scope, created, expires) values (?, ?, ?, ?, ?, ?)");
  s.bind(1, key.substr(0, prefix_length));
  s.bind(2, sha256_text(key));
  s.bind(3, tenant);
  s.bind(4, name_of(scope));
  s.bind(5, unix_time());
  if (expires != 0) s.bind(6, expires);
  s.exec();
  change.commit();
  return key;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

bool Tenants::revoke(const std::string& prefix) try {
  Database::Change change(database_, Database::Sync::full);
  Statement s(database_.connection(), "update keys set revoked = ? where prefix = ? and revoked is null");
  s.bind(1, unix_time());
  s.bind(2, prefix);
  const bool found = s.exec() == 1;
  change.commit();
  return found;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::vector<KeyRow> Tenants::keys() try {
  const auto held = database_.lock();
  Statement s(database_.connection(),
              "select prefix, tenant, scope, created, expires, revoked from keys order by created, prefix");
  std::vector<KeyRow> out;
  while (s.executeStep()) {
    out.push_back({s.getColumn(0).getString(), s.getColumn(1).getString(), s.getColumn(2).getString(),
                   s.getColumn(3).getInt64(), s.getColumn(4).getInt64(), s.getColumn(5).getInt64()});
  }
  return out;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::optional<KeyOwner> Tenants::owner(const std::string& key) try {
  const std::string hash = sha256_text(key);
  const std::string prefix = key.size() == key_length ? key.substr(0, prefix_length) : std::string();
  const auto held = database_.lock();
  Statement s(database_.connection(),
              "select hash, tenant, scope from keys where prefix = ? and revoked is null and (expires is null or "
              "expires > ?)");
  s.bind(1, prefix);
  s.bind(2, unix_time());
  const bool known = s.executeStep();
  if (!same(known ? s.getColumn(0).getString() : std::string(64, '0'), hash)) return std::nullopt;
  KeyOwner out{s.getColumn(1).getString(), prefix, scope_from(s.getColumn(2).getString()), {}};
  out.quota = quota(out.tenant).value();
  return out;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

}  // namespace ezkl::service
