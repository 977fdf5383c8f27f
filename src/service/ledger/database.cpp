#include "ledger/database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "ezkl/error.hpp"
#include "store/durable.hpp"

namespace ezkl::service {
namespace {

constexpr int schema_version = 1;

// Times are seconds since 1970, for people: nothing is decided by them, the clock may be set back.
constexpr const char* schema = R"(
create table tenants (name text primary key, max_bytes integer not null, max_queued integer not null,
  max_memory integer not null, max_requests integer not null) strict;
create table keys (prefix text primary key, hash text not null, tenant text not null references tenants,
  scope text not null, created integer not null, expires integer, revoked integer) strict;
create table holdings (tenant text not null, sha256 text not null, size integer not null,
  primary key (tenant, sha256)) strict;
create index holdings_of_blob on holdings (sha256);
create table unheld (sha256 text primary key) strict;
create table artifacts (tenant text not null, name text not null, version integer not null, created integer not null,
  primary key (tenant, name, version)) strict;
create table artifact_files (tenant text not null, name text not null, version integer not null, path text not null,
  sha256 text not null, size integer not null, primary key (tenant, name, version, path)) strict;
create table recipes (number integer primary key autoincrement, id text not null unique, tenant text not null,
  state text not null, ending text, detail text, body text not null, body_sha256 text not null, idempotency_key text,
  memory integer not null, cores integer not null, limit_s integer not null, priority integer not null,
  attempts integer not null default 0, losses integer not null default 0, memory_doubled integer not null default 0,
  created integer not null, started integer, ended integer, unique (tenant, idempotency_key)) strict;
create index recipes_by_state on recipes (state);
create table attempts (uuid text primary key, recipe text not null references recipes (id), state text not null,
  external text, submissions integer not null default 0, memory integer not null, cores integer not null, ending text,
  peak_bytes integer, cpu_s real, planned integer not null, ended integer) strict;
create index attempts_by_state on attempts (state);
create index attempts_of_recipe on attempts (recipe);
create table files (recipe text not null, path text not null, sha256 text not null, size integer not null,
  primary key (recipe, path)) strict;
create table outputs (recipe text not null, step integer not null, output text not null,
  primary key (recipe, step)) strict;
create table uploads (id text primary key, tenant text not null, sha256 text not null, size integer not null,
  created integer not null) strict;
create table audit (number integer primary key autoincrement, time integer not null, tenant text not null,
  key text not null, address text not null, action text not null, subject text not null, status integer not null,
  chain text not null) strict;
)";

}  // namespace

void rethrow_database_error() {
  try {
    throw;
  } catch (const SQLite::Exception& e) {
    const int code = e.getErrorCode();
    const Fault fault = code == SQLITE_FULL                               ? Fault::disk_full
                        : code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? Fault::format
                                                                          : Fault::io;
    throw Error(fault, e.what()).within("ledger");
  }
}

Database::Database(const std::filesystem::path& file) try {
  connection_ = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000);
  connection_->exec("pragma journal_mode = wal");
  connection_->exec("pragma synchronous = normal");
  connection_->exec("pragma foreign_keys = on");
  const int version = connection_->execAndGet("pragma user_version").getInt();
  if (version == 0) make_tables();
  if (version != 0 && version != schema_version) {
    throw Error(Fault::format,
                "is of version " + std::to_string(version) + ", this program knows " + std::to_string(schema_version))
        .within(file.string());
  }
  const std::string found = connection_->execAndGet("pragma quick_check").getString();
  if (found != "ok") throw Error(Fault::format, "is damaged: " + found).within(file.string());
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

Database::~Database() = default;

void Database::make_tables() {
  Change change(*this, Sync::full);
  connection_->exec(schema);
  connection_->exec("pragma user_version = " + std::to_string(schema_version));
  change.commit();
}

void Database::set_sync(Sync sync) {
  if (sync == sync_) return;
  connection_->exec(sync == Sync::full ? "pragma synchronous = full" : "pragma synchronous = normal");
  sync_ = sync;
}

Database::Change::Change(Database& database, Sync sync) try : lock_(database.mutex_) {
  database.set_sync(sync);
  transaction_ = std::make_unique<SQLite::Transaction>(*database.connection_, SQLite::TransactionBehavior::IMMEDIATE);
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

Database::Change::~Change() = default;

void Database::Change::commit() try {
  transaction_->commit();
  wrote_durably();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

void Database::backup(const std::filesystem::path& file) try {
  if (std::filesystem::exists(file)) throw Error(Fault::usage, "exists already").within(file.string());
  const auto held = lock();
  SQLite::Statement statement(*connection_, "vacuum into ?");
  statement.bind(1, file.string());
  statement.exec();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

}  // namespace ezkl::service
