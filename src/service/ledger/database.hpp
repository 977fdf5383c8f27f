#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

namespace SQLite {
class Database;
class Transaction;
}  // namespace SQLite

namespace ezkl::service {

/// The queue of record: one SQLite file, one connection, one writer.
///
/// errors of everything in this room: Fault::io or disk_full with SQLite's words.
class Database {
 public:
  /// Makes the tables where they are missing. errors: Fault::format for a file that is damaged, no database, or of a
  /// version that this program does not know.
  explicit Database(const std::filesystem::path& file);
  ~Database();

  enum class Sync : std::uint8_t {
    normal,  ///< outlasts the process; after a power cut what is missing follows from the files of runners
    full,    ///< outlasts a power cut: what a client was told
  };

  /// A change of several rows, whole or not at all: taken back unless `commit` is called. Holds the database's lock, so
  /// whoever reads for a change reads in it.
  class Change {
   public:
    explicit Change(Database& database, Sync sync = Sync::normal);
    ~Change();
    void commit();

   private:
    std::unique_lock<std::recursive_mutex> lock_;
    std::unique_ptr<SQLite::Transaction> transaction_;
  };

  /// The connection, for statements: hold the lock while one is in use.
  SQLite::Database& connection() { return *connection_; }
  std::unique_lock<std::recursive_mutex> lock() { return std::unique_lock(mutex_); }
  /// Writes a copy beside the running service. errors: also Fault::usage where the file exists.
  void backup(const std::filesystem::path& file);

 private:
  void make_tables();
  void set_sync(Sync sync);

  std::recursive_mutex mutex_;
  std::unique_ptr<SQLite::Database> connection_;
  Sync sync_ = Sync::normal;
};

/// What SQLite throws, as an error of ours: for function-try blocks around statements.
[[noreturn]] void rethrow_database_error();

}  // namespace ezkl::service
