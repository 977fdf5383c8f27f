#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/database.hpp"
#include "store/blobs.hpp"

namespace ezkl::service {

using Manifest = std::map<std::string, Blob>;  ///< names inside a folder -> files

struct ArtifactVersion {
  std::string name;
  std::int64_t version = 0;
  Manifest files;
};

/// An upload that has begun.
struct UploadRow {
  std::string id, sha256;
  std::uint64_t size = 0;
};

/// What tenants have: blobs and named sets of them. A digest is no capability: whoever has not sent a blob, or got it
/// as a result, does not see it.
class Holdings {
 public:
  explicit Holdings(Database& database) : database_(database) {}

  /// On the disk when it returns.
  void hold(const std::string& tenant, const Blob& blob);
  std::optional<std::uint64_t> size_of(const std::string& tenant, const std::string& sha256);
  std::uint64_t bytes(const std::string& tenant);
  /// Gives a blob up. errors: Fault::usage while an artifact or a recipe of the tenant that has not ended names it.
  void give_up(const std::string& tenant, const std::string& sha256);
  /// Removes from the store what was given up and nobody holds. Not while a runner is at work: its results are in the
  /// store before anybody holds them.
  void sweep(const BlobStore& store);

  void begin_upload(const std::string& tenant, const UploadRow& upload);
  std::optional<UploadRow> upload(const std::string& tenant, const std::string& id);
  void end_upload(const std::string& id);

  /// A new version, after `newest` (0: there is none yet). errors: Fault::usage when the newest is another one, or for
  /// a blob that the tenant does not hold.
  std::int64_t put_artifact(const std::string& tenant, const std::string& name, std::int64_t newest,
                            const Manifest& files);
  /// The newest version, or that one.
  std::optional<ArtifactVersion> artifact(const std::string& tenant, const std::string& name,
                                          std::optional<std::int64_t> version = std::nullopt);
  /// The newest versions, without files.
  std::vector<ArtifactVersion> artifacts(const std::string& tenant);
  bool remove_artifact(const std::string& tenant, const std::string& name);

 private:
  Database& database_;
};

}  // namespace ezkl::service
