// lilith tenant, key, check, backup: what the owner of the machine does.
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdio>

#include "arguments.hpp"
#include "artifact/sha256_text.hpp"
#include "commands.hpp"
#include "ezkl/error.hpp"
#include "ledger/audit.hpp"
#include "ledger/recipes.hpp"
#include "ledger/tenants.hpp"
#include "store/blobs.hpp"

namespace ezkl::lilith {
namespace {

using namespace ezkl::service;

/// The ledger of an existing folder, or of a new one.
Data data_of(const Arguments& given) {
  const Data data{given.text("data")};
  std::filesystem::create_directories(data.folder);
  return data;
}

}  // namespace

void tenant(const Words& words) {
  const Arguments given(words, {"data", "max-bytes", "max-queued", "max-memory", "max-requests"});
  Database database(data_of(given).ledger());
  Tenants tenants(database);
  const std::string name = given.words(1)[0];
  Quota quota = tenants.quota(name).value_or(Quota{});
  quota.max_bytes = given.bytes("max-bytes", quota.max_bytes);
  quota.max_queued = given.number("max-queued", quota.max_queued);
  quota.max_memory = given.bytes("max-memory", quota.max_memory);
  quota.max_requests = given.number("max-requests", quota.max_requests);
  tenants.set(name, quota);
}

void key(const Words& words) {
  const Arguments given(words, {"data", "tenant", "scope", "days"});
  Database database(data_of(given).ledger());
  Tenants tenants(database);
  const std::string verb = words.empty() ? "" : words[0];
  if (verb == "create") {
    given.words(1);
    const std::uint64_t days = given.number("days", 0);
    if (days > 36500) throw Error(Fault::usage, "is more than 36500").within("--days");
    const std::int64_t expires = days == 0 ? 0 : unix_time() + static_cast<std::int64_t>(days) * 24 * 3600;
    std::printf("%s\n",
                tenants.make_key(given.text("tenant"), scope_from(given.text("scope", "prove")), expires).c_str());
  } else if (verb == "revoke") {
    if (!tenants.revoke(given.words(2)[1]))
      throw Error(Fault::usage, "there is no such key; its first 13 characters name it");
  } else if (verb == "list") {
    for (const KeyRow& row : tenants.keys()) {
      std::printf("%s %s %s%s\n", row.prefix.c_str(), row.tenant.c_str(), row.scope.c_str(),
                  row.revoked != 0                                ? " revoked"
                  : row.expires != 0 && row.expires < unix_time() ? " expired"
                                                                  : "");
    }
  } else {
    throw Error(Fault::usage, "expected create, revoke or list");
  }
}

void check(const Words& words) {
  const Arguments given(words, {"data"});
  given.words(0);
  const Data data = data_of(given);
  Database database(data.ledger());
  const BlobStore blobs(data.blobs());
  std::uint64_t wrong = 0, seen = 0;
  const auto report = [&](const std::string& text) {
    std::printf("%s\n", text.c_str());
    ++wrong;
  };
  SQLite::Statement held(database.connection(), "select distinct sha256, size from holdings");
  while (held.executeStep()) {
    const std::string sha256 = held.getColumn(0).getString();
    ++seen;
    if (blobs.size_of(sha256) != static_cast<std::uint64_t>(held.getColumn(1).getInt64())) {
      report("blob " + sha256 + " is missing or of another size");
    } else if (sha256_of_file(blobs.path_of(sha256)) != sha256) {
      report("blob " + sha256 + " has other bytes");
    }
  }
  if (const auto broken = Audit(database).first_broken())
    report("the audit table was changed before or at line " + std::to_string(*broken));
  if (wrong != 0) throw Error(Fault::format, std::to_string(wrong) + " findings").within(data.folder.string());
  std::printf("%llu blobs and the audit table are whole\n", static_cast<unsigned long long>(seen));
}

void backup(const Words& words) {
  const Arguments given(words, {"data"});
  Database database(data_of(given).ledger());
  database.backup(given.words(1)[0]);
}

}  // namespace ezkl::lilith
