#include "ledger/holdings.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "ezkl/error.hpp"
#include "ledger/recipes.hpp"

namespace ezkl::service {
namespace {

using SQLite::Statement;

std::uint64_t number(const SQLite::Column& column) { return static_cast<std::uint64_t>(column.getInt64()); }

}  // namespace

void Holdings::hold(const std::string& tenant, const Blob& blob) try {
  Database::Change change(database_, Database::Sync::full);
  Statement s(database_.connection(), "insert or ignore into holdings (tenant, sha256, size) values (?, ?, ?)");
  s.bind(1, tenant);
  s.bind(2, blob.sha256);
  s.bind(3, static_cast<std::int64_t>(blob.size));
  s.exec();
  change.commit();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::optional<std::uint64_t> Holdings::size_of(const std::string& tenant, const std::string& sha256) try {
  const auto held = database_.lock();
  Statement s(database_.connection(), "select size from holdings where tenant = ? and sha256 = ?");
  s.bind(1, tenant);
  s.bind(2, sha256);
  return s.executeStep() ? std::optional<std::uint64_t>(number(s.getColumn(0))) : std::nullopt;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::uint64_t Holdings::bytes(const std::string& tenant) try {
  const auto held = database_.lock();
  Statement s(database_.connection(), "select coalesce(sum(size), 0) from holdings where tenant = ?");
  s.bind(1, tenant);
  s.executeStep();
  return number(s.getColumn(0));
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

void Holdings::give_up(const std::string& tenant, const std::string& sha256) try {
  Database::Change change(database_, Database::Sync::full);
  Statement used(
      database_.connection(),
      "select exists (select 1 from artifact_files where tenant = ? and sha256 = ?) or exists (select 1 from "
      "recipes where tenant = ? and state in ('queued', 'running', 'cancelling') and instr(body, ?) > 0)");
  used.bind(1, tenant);
  used.bind(2, sha256);
  used.bind(3, tenant);
  used.bind(4, sha256);
  used.executeStep();
  if (used.getColumn(0).getInt() != 0) {
    throw Error(Fault::usage, "an artifact or a recipe that has not ended has this file");
  }
  used.reset();
  Statement drop(database_.connection(), "delete from holdings where tenant = ? and sha256 = ?");
  drop.bind(1, tenant);
  drop.bind(2, sha256);
  drop.exec();
  Statement note(database_.connection(), "insert or ignore into unheld (sha256) values (?)");
  note.bind(1, sha256);
  note.exec();
  change.commit();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

void Holdings::sweep(const BlobStore& store) try {
  const auto held = database_.lock();
  Statement some(database_.connection(), "select exists (select 1 from unheld)");
  some.executeStep();
  if (some.getColumn(0).getInt() == 0) return;
  some.reset();
  Database::Change change(database_);
  Statement s(database_.connection(), "select sha256 from unheld where sha256 not in (select sha256 from holdings)");
  while (s.executeStep()) store.remove(s.getColumn(0).getString());
  s.reset();
  database_.connection().exec("delete from unheld");
  change.commit();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

void Holdings::begin_upload(const std::string& tenant, const UploadRow& upload) try {
  Database::Change change(database_);
  Statement s(database_.connection(), "insert into uploads (id, tenant, sha256, size, created) values (?, ?, ?, ?, ?)");
  s.bind(1, upload.id);
  s.bind(2, tenant);
  s.bind(3, upload.sha256);
  s.bind(4, static_cast<std::int64_t>(upload.size));
  s.bind(5, unix_time());
  s.exec();
  change.commit();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::optional<UploadRow> Holdings::upload(const std::string& tenant, const std::string& id) try {
  const auto held = database_.lock();
  Statement s(database_.connection(), "select id, sha256, size from uploads where tenant = ? and id = ?");
  s.bind(1, tenant);
  s.bind(2, id);
  if (!s.executeStep()) return std::nullopt;
  return UploadRow{s.getColumn(0).getString(), s.getColumn(1).getString(), number(s.getColumn(2))};
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

void Holdings::end_upload(const std::string& id) try {
  Database::Change change(database_);
  Statement s(database_.connection(), "delete from uploads where id = ?");
  s.bind(1, id);
  s.exec();
  change.commit();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::int64_t Holdings::put_artifact(const std::string& tenant, const std::string& name, std::int64_t newest,
                                    const Manifest& files) try {
  Database::Change change(database_, Database::Sync::full);
  const std::optional<ArtifactVersion> now = artifact(tenant, name);
  const std::int64_t found = now ? now->version : 0;
  if (found != newest) {
    throw Error(Fault::usage,
                "the newest version of '" + name + "' is " + std::to_string(found) + ", not " + std::to_string(newest));
  }
  Statement version(database_.connection(),
                    "insert into artifacts (tenant, name, version, created) values (?, ?, ?, ?)");
  version.bind(1, tenant);
  version.bind(2, name);
  version.bind(3, found + 1);
  version.bind(4, unix_time());
  version.exec();
  for (const auto& [path, blob] : files) {
    const std::optional<std::uint64_t> size = size_of(tenant, blob.sha256);
    if (!size) throw Error(Fault::usage, "the file '" + path + "' (" + blob.sha256 + ") has not been sent");
    Statement file(database_.connection(),
                   "insert into artifact_files (tenant, name, version, path, sha256, size) values (?, ?, ?, ?, ?, ?)");
    file.bind(1, tenant);
    file.bind(2, name);
    file.bind(3, found + 1);
    file.bind(4, path);
    file.bind(5, blob.sha256);
    file.bind(6, static_cast<std::int64_t>(*size));
    file.exec();
  }
  change.commit();
  return found + 1;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::optional<ArtifactVersion> Holdings::artifact(const std::string& tenant, const std::string& name,
                                                  std::optional<std::int64_t> version) try {
  const auto held = database_.lock();
  Statement s(database_.connection(),
              "select max(version) from artifacts where tenant = ? and name = ? and (? = 0 or version = ?)");
  s.bind(1, tenant);
  s.bind(2, name);
  s.bind(3, version.value_or(0));
  s.bind(4, version.value_or(0));
  if (!s.executeStep() || s.getColumn(0).isNull()) return std::nullopt;
  ArtifactVersion out{name, s.getColumn(0).getInt64(), {}};
  Statement files(database_.connection(),
                  "select path, sha256, size from artifact_files where tenant = ? and name = ? and version = ?");
  files.bind(1, tenant);
  files.bind(2, name);
  files.bind(3, out.version);
  while (files.executeStep()) {
    out.files[files.getColumn(0).getString()] = {files.getColumn(1).getString(), number(files.getColumn(2))};
  }
  return out;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::vector<ArtifactVersion> Holdings::artifacts(const std::string& tenant) try {
  const auto held = database_.lock();
  Statement s(database_.connection(),
              "select name, max(version) from artifacts where tenant = ? group by name order by name");
  s.bind(1, tenant);
  std::vector<ArtifactVersion> out;
  while (s.executeStep()) out.push_back({s.getColumn(0).getString(), s.getColumn(1).getInt64(), {}});
  return out;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

bool Holdings::remove_artifact(const std::string& tenant, const std::string& name) try {
  Database::Change change(database_, Database::Sync::full);
  Statement files(database_.connection(), "delete from artifact_files where tenant = ? and name = ?");
  files.bind(1, tenant);
  files.bind(2, name);
  files.exec();
  Statement s(database_.connection(), "delete from artifacts where tenant = ? and name = ?");
  s.bind(1, tenant);
  s.bind(2, name);
  const bool found = s.exec() > 0;
  change.commit();
  return found;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

}  // namespace ezkl::service
