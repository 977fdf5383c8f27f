#include "ledger/audit.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "artifact/sha256_text.hpp"
#include "ezkl/error.hpp"
#include "ledger/recipes.hpp"

namespace ezkl::service {
namespace {

using SQLite::Statement;

/// The fields with their lengths, so that no two lines read alike.
std::string link_of(const std::string& before, std::int64_t number, std::int64_t time, const AuditLine& line) {
  std::string text = before + std::to_string(number) + ' ' + std::to_string(time) + ' ' + std::to_string(line.status);
  for (const std::string* field : {&line.tenant, &line.key, &line.address, &line.action, &line.subject}) {
    text += ' ' + std::to_string(field->size()) + ':' + *field;
  }
  return sha256_text(text);
}

}  // namespace

void Audit::add(const AuditLine& line) try {
  Database::Change change(database_);
  Statement last(database_.connection(), "select number, chain from audit order by number desc limit 1");
  const bool some = last.executeStep();
  const std::int64_t number = some ? last.getColumn(0).getInt64() + 1 : 1, time = unix_time();
  const std::string chain = link_of(some ? last.getColumn(1).getString() : "", number, time, line);
  last.reset();
  Statement s(database_.connection(),
              "insert into audit (number, time, tenant, key, address, action, subject, status, chain) values (?, ?, ?, "
              "?, ?, ?, ?, ?, ?)");
  s.bind(1, number);
  s.bind(2, time);
  s.bind(3, line.tenant);
  s.bind(4, line.key);
  s.bind(5, line.address);
  s.bind(6, line.action);
  s.bind(7, line.subject);
  s.bind(8, line.status);
  s.bind(9, chain);
  s.exec();
  change.commit();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::optional<std::int64_t> Audit::first_broken() try {
  const auto held = database_.lock();
  Statement s(database_.connection(),
              "select number, time, tenant, key, address, action, subject, status, chain from audit order by number");
  std::string before;
  std::int64_t expected = 1;
  while (s.executeStep()) {
    const std::int64_t number = s.getColumn(0).getInt64();
    const AuditLine line{s.getColumn(2).getString(), s.getColumn(3).getString(), s.getColumn(4).getString(),
                         s.getColumn(5).getString(), s.getColumn(6).getString(), s.getColumn(7).getInt()};
    const std::string chain = s.getColumn(8).getString();
    if (number != expected++ || chain != link_of(before, number, s.getColumn(1).getInt64(), line)) return number;
    before = chain;
  }
  return std::nullopt;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

}  // namespace ezkl::service
