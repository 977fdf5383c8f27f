#include "ledger/recipes.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>

#include "ezkl/error.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

using SQLite::Statement;

constexpr const char* recipe_columns =
    "number, id, tenant, state, ending, detail, body, memory, limit_s, cores, priority, attempts, losses, "
    "memory_doubled, created, started, ended";
constexpr const char* attempt_columns =
    "uuid, recipe, state, external, submissions, memory, cores, ending, peak_bytes, cpu_s, planned, ended";

std::optional<Ending> ending_of(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional<Ending>(ending_from(column.getString()));
}

RecipeRow recipe_row(Statement& s) {
  RecipeRow r;
  r.number = s.getColumn(0).getInt64();
  r.id = s.getColumn(1).getString();
  r.tenant = s.getColumn(2).getString();
  r.state = recipe_state_from(s.getColumn(3).getString());
  r.ending = ending_of(s.getColumn(4));
  r.detail = s.getColumn(5).getString();
  r.body = s.getColumn(6).getString();
  r.memory = static_cast<std::uint64_t>(s.getColumn(7).getInt64());
  r.limit_s = static_cast<std::uint64_t>(s.getColumn(8).getInt64());
  r.cores = s.getColumn(9).getUInt();
  r.priority = s.getColumn(10).getInt();
  r.attempts = s.getColumn(11).getUInt();
  r.losses = s.getColumn(12).getUInt();
  r.memory_doubled = s.getColumn(13).getInt() != 0;
  r.created = s.getColumn(14).getInt64();
  r.started = s.getColumn(15).getInt64();
  r.ended = s.getColumn(16).getInt64();
  return r;
}

AttemptRow attempt_row(Statement& s) {
  AttemptRow a;
  a.uuid = s.getColumn(0).getString();
  a.recipe = s.getColumn(1).getString();
  a.state = attempt_state_from(s.getColumn(2).getString());
  a.external = s.getColumn(3).getString();
  a.submissions = s.getColumn(4).getUInt();
  a.memory = static_cast<std::uint64_t>(s.getColumn(5).getInt64());
  a.cores = s.getColumn(6).getUInt();
  a.ending = ending_of(s.getColumn(7));
  a.peak_bytes = static_cast<std::uint64_t>(s.getColumn(8).getInt64());
  a.cpu_s = s.getColumn(9).getDouble();
  a.planned = s.getColumn(10).getInt64();
  a.ended = s.getColumn(11).getInt64();
  return a;
}

template <class Read>
auto rows(Statement& s, Read read) {
  std::vector<decltype(read(s))> out;
  while (s.executeStep()) out.push_back(read(s));
  return out;
}

std::int64_t signed_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

std::int64_t unix_time() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Accepted Recipes::accept(const NewRecipe& recipe) try {
  Database::Change change(database_, Database::Sync::full);
  if (recipe.idempotency_key) {
    Statement known(database_.connection(),
                    "select id, body_sha256 from recipes where tenant = ? and idempotency_key = ?");
    known.bind(1, recipe.tenant);
    known.bind(2, *recipe.idempotency_key);
    if (known.executeStep()) {
      if (known.getColumn(1).getString() != recipe.body_sha256) {
        throw Error(Fault::usage, "this idempotency key came before, with another recipe");
      }
      return {known.getColumn(0).getString(), true};
    }
  }
  const std::string id = random_uuid();
  Statement insert(database_.connection(),
                   "insert into recipes (id, tenant, state, body, body_sha256, idempotency_key, memory, cores, "
                   "limit_s, priority, created) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(1, id);
  insert.bind(2, recipe.tenant);
  insert.bind(3, name_of(RecipeState::queued));
  insert.bind(4, recipe.body);
  insert.bind(5, recipe.body_sha256);
  if (recipe.idempotency_key) insert.bind(6, *recipe.idempotency_key);
  insert.bind(7, signed_of(recipe.memory));
  insert.bind(8, recipe.cores);
  insert.bind(9, signed_of(recipe.limit_s));
  insert.bind(10, recipe.priority);
  insert.bind(11, unix_time());
  insert.exec();
  change.commit();
  return {id, false};
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::optional<RecipeRow> Recipes::find(const std::string& id) try {
  const auto held = database_.lock();
  Statement s(database_.connection(), std::string("select ") + recipe_columns + " from recipes where id = ?");
  s.bind(1, id);
  return s.executeStep() ? std::optional<RecipeRow>(recipe_row(s)) : std::nullopt;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::optional<RecipeRow> Recipes::find(const std::string& tenant, const std::string& id) {
  std::optional<RecipeRow> found = find(id);
  return found && found->tenant == tenant ? found : std::nullopt;
}

std::vector<RecipeRow> Recipes::list(const std::string& tenant, std::int64_t before, std::size_t most) try {
  const auto held = database_.lock();
  Statement s(database_.connection(), std::string("select ") + recipe_columns +
                                          " from recipes where tenant = ? and (? = 0 or number < ?) order by number "
                                          "desc limit ?");
  s.bind(1, tenant);
  s.bind(2, before);
  s.bind(3, before);
  s.bind(4, signed_of(most));
  return rows(s, recipe_row);
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::vector<RecipeRow> Recipes::waiting(std::size_t most) try {
  const auto held = database_.lock();
  Statement s(database_.connection(),
              std::string("select ") + recipe_columns +
                  " from recipes as r where state = 'queued' order by priority desc, (select count(*) from recipes as "
                  "other where other.state = 'running' and other.tenant = r.tenant), number limit ?");
  s.bind(1, signed_of(most));
  return rows(s, recipe_row);
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::uint64_t Recipes::queue_position(const RecipeRow& recipe) try {
  const auto held = database_.lock();
  Statement s(
      database_.connection(),
      "select count(*) from recipes where state = 'queued' and (priority > ? or (priority = ? and number < ?))");
  s.bind(1, recipe.priority);
  s.bind(2, recipe.priority);
  s.bind(3, recipe.number);
  s.executeStep();
  return static_cast<std::uint64_t>(s.getColumn(0).getInt64());
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

Recipes::Usage Recipes::usage(const std::string& tenant) try {
  const auto held = database_.lock();
  const auto number = [](const SQLite::Column& column) { return static_cast<std::uint64_t>(column.getInt64()); };
  Usage out;
  Statement recipes(database_.connection(),
                    "select coalesce(sum(state = 'queued'), 0), coalesce(sum(state in ('running', 'cancelling')), 0) "
                    "from recipes where state in ('queued', 'running', 'cancelling') and (? = '' or tenant = ?)");
  Statement attempts(database_.connection(),
                     "select coalesce(sum(a.memory), 0), coalesce(sum(a.cores), 0) from attempts as a join recipes as "
                     "r on r.id = a.recipe where a.state <> 'ended' and (? = '' or r.tenant = ?)");
  for (Statement* s : {&recipes, &attempts}) {
    s->bind(1, tenant);
    s->bind(2, tenant);
    s->executeStep();
  }
  out.queued = number(recipes.getColumn(0));
  out.running = number(recipes.getColumn(1));
  out.memory = number(attempts.getColumn(0));
  out.cores = attempts.getColumn(1).getUInt();
  return out;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

void Recipes::move(const std::string& recipe, RecipeState from, RecipeState to) {
  Statement s(database_.connection(), "update recipes set state = ? where id = ? and state = ?");
  s.bind(1, name_of(to));
  s.bind(2, recipe);
  s.bind(3, name_of(from));
  if (!may_move(from, to) || s.exec() != 1) {
    throw Error(Fault::internal, "recipe " + recipe + " cannot go from " + name_of(from) + " to " + name_of(to));
  }
}

AttemptRow Recipes::insert_attempt(const std::string& recipe, std::uint64_t memory, unsigned cores) {
  AttemptRow out;
  out.uuid = random_uuid();
  out.recipe = recipe;
  out.memory = memory;
  out.cores = cores;
  out.planned = unix_time();
  Statement s(database_.connection(),
              "insert into attempts (uuid, recipe, state, memory, cores, planned) values (?, ?, 'planned', ?, ?, ?)");
  s.bind(1, out.uuid);
  s.bind(2, recipe);
  s.bind(3, signed_of(memory));
  s.bind(4, cores);
  s.bind(5, out.planned);
  s.exec();
  Statement count(database_.connection(),
                  "update recipes set attempts = attempts + 1, started = coalesce(started, ?) where id = ?");
  count.bind(1, out.planned);
  count.bind(2, recipe);
  count.exec();
  return out;
}

std::optional<AttemptRow> Recipes::plan(const std::string& recipe, std::uint64_t memory, unsigned cores) try {
  Database::Change change(database_);
  const std::optional<RecipeRow> found = find(recipe);
  if (!found || found->state != RecipeState::queued) return std::nullopt;
  move(recipe, RecipeState::queued, RecipeState::running);
  AttemptRow out = insert_attempt(recipe, memory, cores);
  change.commit();
  return out;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

void Recipes::submitted(const std::string& attempt, const std::string& external) try {
  Database::Change change(database_);
  Statement s(database_.connection(),
              "update attempts set state = 'submitted', external = ?, submissions = submissions + 1 where uuid = ? and "
              "state in ('planned', 'submitted')");
  s.bind(1, external);
  s.bind(2, attempt);
  if (s.exec() != 1) throw Error(Fault::internal, "attempt " + attempt + " is submitted and has ended");
  change.commit();
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::vector<AttemptRow> Recipes::active() try {
  const auto held = database_.lock();
  Statement s(database_.connection(),
              std::string("select ") + attempt_columns + " from attempts where state <> 'ended' order by rowid");
  return rows(s, attempt_row);
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::vector<AttemptRow> Recipes::attempts_of(const std::string& recipe) try {
  const auto held = database_.lock();
  Statement s(database_.connection(),
              std::string("select ") + attempt_columns + " from attempts where recipe = ? order by rowid");
  s.bind(1, recipe);
  return rows(s, attempt_row);
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

void Recipes::end_attempt(const AttemptRow& attempt, Ending ending, const AttemptReport* report) {
  Statement s(
      database_.connection(),
      "update attempts set state = 'ended', ending = ?, peak_bytes = ?, cpu_s = ?, ended = ? where uuid = ? and "
      "state <> 'ended'");
  s.bind(1, name_of(ending));
  if (report) {
    s.bind(2, signed_of(report->peak_bytes));
    s.bind(3, report->cpu_s);
  }
  s.bind(4, unix_time());
  s.bind(5, attempt.uuid);
  if (s.exec() != 1) throw Error(Fault::internal, "attempt " + attempt.uuid + " has ended twice");
}

std::optional<AttemptRow> Recipes::again(const AttemptRow& attempt, Ending ending, std::uint64_t memory) try {
  Database::Change change(database_);
  const std::optional<RecipeRow> found = find(attempt.recipe);
  if (!found || found->state != RecipeState::running) return std::nullopt;
  end_attempt(attempt, ending, nullptr);
  Statement s(database_.connection(),
              "update recipes set losses = losses + ?, memory_doubled = memory_doubled or ? where id = ?");
  s.bind(1, ending == Ending::node_lost ? 1 : 0);
  s.bind(2, ending == Ending::out_of_memory ? 1 : 0);
  s.bind(3, attempt.recipe);
  s.exec();
  AttemptRow out = insert_attempt(attempt.recipe, memory, attempt.cores);
  change.commit();
  return out;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

RecipeState Recipes::finish(const AttemptRow& attempt, const AttemptReport& report) try {
  Database::Change change(database_);
  const std::optional<RecipeRow> recipe = find(attempt.recipe);
  if (!recipe) throw Error(Fault::internal, "attempt " + attempt.uuid + " has no recipe");
  end_attempt(attempt, report.ending, &report);
  const RecipeState to = recipe->state == RecipeState::cancelling ? RecipeState::cancelled
                         : report.ending == Ending::done          ? RecipeState::done
                                                                  : RecipeState::failed;
  move(recipe->id, recipe->state, to);
  Statement s(database_.connection(), "update recipes set ending = ?, detail = ?, ended = ? where id = ?");
  s.bind(1, name_of(to == RecipeState::cancelled ? Ending::cancelled : report.ending));
  s.bind(2, report.detail);
  s.bind(3, unix_time());
  s.bind(4, recipe->id);
  s.exec();
  if (to == RecipeState::done) {
    for (const ResultFile& file : report.files) {
      Statement put(database_.connection(), "insert into files (recipe, path, sha256, size) values (?, ?, ?, ?)");
      put.bind(1, recipe->id);
      put.bind(2, file.path);
      put.bind(3, file.sha256);
      put.bind(4, signed_of(file.size));
      put.exec();
      Statement hold(database_.connection(), "insert or ignore into holdings (tenant, sha256, size) values (?, ?, ?)");
      hold.bind(1, recipe->tenant);
      hold.bind(2, file.sha256);
      hold.bind(3, signed_of(file.size));
      hold.exec();
    }
  }
  for (std::size_t step = 0; step < report.outputs.size(); ++step) {
    Statement put(database_.connection(), "insert into outputs (recipe, step, output) values (?, ?, ?)");
    put.bind(1, recipe->id);
    put.bind(2, signed_of(step));
    put.bind(3, report.outputs[step]);
    put.exec();
  }
  change.commit();
  return to;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

RecipeState Recipes::cancel(const std::string& recipe) try {
  Database::Change change(database_, Database::Sync::full);
  const std::optional<RecipeRow> found = find(recipe);
  if (!found) throw Error(Fault::usage, "there is no recipe " + recipe);
  if (found->state == RecipeState::queued) {
    move(recipe, RecipeState::queued, RecipeState::cancelled);
    Statement s(database_.connection(), "update recipes set ending = 'cancelled', ended = ? where id = ?");
    s.bind(1, unix_time());
    s.bind(2, recipe);
    s.exec();
    change.commit();
    return RecipeState::cancelled;
  }
  if (found->state != RecipeState::running) return found->state;
  move(recipe, RecipeState::running, RecipeState::cancelling);
  change.commit();
  return RecipeState::cancelling;
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::vector<ResultFile> Recipes::files(const std::string& recipe) try {
  const auto held = database_.lock();
  Statement s(database_.connection(), "select path, sha256, size from files where recipe = ? order by path");
  s.bind(1, recipe);
  return rows(s, [](Statement& row) {
    return ResultFile{row.getColumn(0).getString(), row.getColumn(1).getString(),
                      static_cast<std::uint64_t>(row.getColumn(2).getInt64())};
  });
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

std::vector<std::string> Recipes::outputs(const std::string& recipe) try {
  const auto held = database_.lock();
  Statement s(database_.connection(), "select output from outputs where recipe = ? order by step");
  s.bind(1, recipe);
  return rows(s, [](Statement& row) { return row.getColumn(0).getString(); });
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

namespace {

std::vector<std::pair<std::string, std::uint64_t>> counts(Database& database, const char* query) try {
  const auto held = database.lock();
  Statement s(database.connection(), query);
  return rows(s, [](Statement& row) {
    return std::pair(row.getColumn(0).getString(), static_cast<std::uint64_t>(row.getColumn(1).getInt64()));
  });
} catch (const SQLite::Exception&) {
  rethrow_database_error();
}

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> Recipes::count_states() {
  return counts(database_, "select state, count(*) from recipes group by state");
}

std::vector<std::pair<std::string, std::uint64_t>> Recipes::count_endings() {
  return counts(database_, "select ending, count(*) from attempts where state = 'ended' group by ending");
}

}  // namespace ezkl::service
