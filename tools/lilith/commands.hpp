#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ezkl::lilith {

using Words = std::vector<std::string>;

/// Where a service keeps what: one folder.
struct Data {
  std::filesystem::path folder;

  std::filesystem::path ledger() const { return folder / "ledger.db"; }
  std::filesystem::path blobs() const { return folder / "blobs"; }
  std::filesystem::path uploads() const { return folder / "uploads"; }
  std::filesystem::path recipes() const { return folder / "recipes"; }
  std::filesystem::path wake() const { return folder / "wake"; }
  std::filesystem::path lock() const { return folder / "lock"; }
};

void serve(const Words& words);
void run(const Words& words);
void tenant(const Words& words);
void key(const Words& words);
void check(const Words& words);
void backup(const Words& words);

}  // namespace ezkl::lilith
