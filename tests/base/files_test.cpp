#include "base/files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "ezkl/error.hpp"

namespace {

struct Syncs {
  int files = 0, folders = 0;
  int fail_file = 0, fail_folder = 0;  ///< the error to give, or none
};
Syncs syncs;

}  // namespace

/// Stands in front of the C library's function, to see that it is called and what happens when it fails.
extern "C" int fsync(int descriptor) {
  struct stat info {};
  ::fstat(descriptor, &info);
  const bool folder = S_ISDIR(info.st_mode);
  ++(folder ? syncs.folders : syncs.files);
  if (const int number = folder ? syncs.fail_folder : syncs.fail_file) {
    errno = number;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace ezkl {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ezkl_files_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    syncs = {};
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::size_t entries() const { return std::size_t(std::distance(fs::directory_iterator(folder_), {})); }
  fs::path folder_;
};

template <class Body>
std::string io_fault(Body&& body, Fault fault = Fault::io) {
  try {
    body();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault);
    return e.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST_F(Files, ReadsBackWhatWasWritten) {
  const fs::path path = folder_ / "a";
  std::vector<std::uint8_t> data(3'000'000);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = std::uint8_t(i * i >> 3);
  write_file_atomically(path, data);
  EXPECT_EQ(read_file(path), data);
  EXPECT_EQ(read_regular_file(path), data);
  const InputFile file(path);
  EXPECT_EQ(file.size(), data.size());
  EXPECT_EQ(file.read(1'999'999, 2), (std::vector<std::uint8_t>{data[1'999'999], data[2'000'000]}));
  std::vector<std::uint8_t> pieces;
  file.read_pieces(
      [&](std::span<const std::uint8_t> piece) { pieces.insert(pieces.end(), piece.begin(), piece.end()); });
  EXPECT_EQ(pieces, data);
  file.check_unchanged();
  write_file_atomically(path, std::string_view("text"));
  EXPECT_EQ(read_text(path), "text");
  write_file_atomically(path, std::string_view());
  EXPECT_EQ(read_text(path), "");
  EXPECT_TRUE(read_regular_file(path).empty());
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, NamesThePathThatFails) {
  const fs::path missing = folder_ / "none" / "x";
  EXPECT_NE(io_fault([&] { read_file(missing); }).find(missing.string()), std::string::npos);
  EXPECT_NE(io_fault([&] { write_file_atomically(missing, std::string_view("x")); }).find(missing.string()),
            std::string::npos);
  EXPECT_NE(io_fault([&] { read_text(folder_); }).find("directory"), std::string::npos);
  EXPECT_NE(io_fault([&] { InputFile{folder_}; }).find("directory"), std::string::npos);
  EXPECT_NE(io_fault([&] { write_file_atomically(folder_, std::string_view("x")); }).find("directory"),
            std::string::npos);
  io_fault([&] { read_text(""); });
  io_fault([&] { AtomicWriter{""}; });
}

TEST_F(Files, HonoursTheLimit) {
  write_file_atomically(folder_ / "a", std::string_view("12345"));
  EXPECT_EQ(read_text(folder_ / "a", 5), "12345");
  io_fault([&] { read_text(folder_ / "a", 4); });
  io_fault([&] { read_file("/dev/zero", 1000); });
}

// A folder from elsewhere may hold pipes and links to devices.
TEST_F(Files, PipesThatNobodyWritesToAndDevicesWithoutEndAreRefused) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(io_fault([&] { InputFile{pipe}; }).find("is not a regular file"), std::string::npos);
  fs::create_symlink("/dev/zero", folder_ / "endless");
  EXPECT_NE(io_fault([&] { read_file(folder_ / "endless"); }).find("is longer than 268435456 bytes"),
            std::string::npos);
}

// It would take its length of memory, and takes no room on the disk.
TEST_F(Files, OneOfHolesIsRefusedBeforeItIsRead) {
  const fs::path path = folder_ / "holes";
  write_file_atomically(path, std::string(100, 'x'));
  fs::resize_file(path, std::uint64_t{1} << 40);
  for (const auto& read : std::initializer_list<std::function<void()>>{
           [&] { InputFile{path}; }, [&] { read_regular_file(path); }, [&] { read_file(path, ~std::uint64_t{0}); }}) {
    EXPECT_NE(io_fault(read).find("a file of holes"), std::string::npos);
  }
  // What is read whole is read from its beginning.
  fs::resize_file(path, (std::uint64_t{1} << 26) + 1);
  const std::vector<std::uint8_t> many((std::uint64_t{1} << 26) + 1, 7);
  write_file_atomically(path, many);
  EXPECT_EQ(read_file(path), many);
}

// cp over a file cuts it first. Whoever had mapped it would be killed.
TEST_F(Files, OneThatIsRewrittenMeanwhileIsAnErrorAndNoSignal) {
  const fs::path path = folder_ / "a";
  const std::vector<std::uint8_t> before(2'000'000, 1);
  write_file_atomically(path, before);
  const InputFile file(path);
  EXPECT_EQ(file.read(1'999'999, 1), std::vector<std::uint8_t>{1});
  fs::resize_file(path, 1'000'000);
  EXPECT_EQ(file.read(999'999, 1), std::vector<std::uint8_t>{1});
  for (const std::uint64_t at : {999'999, 1'000'000, 1'999'998}) {
    const std::string text = io_fault([&] { file.read(at, 2); });
    EXPECT_NE(text.find(path.string() + ": changed while it was read"), std::string::npos) << text;
  }
  io_fault([&] { file.read_pieces([](std::span<const std::uint8_t>) {}); });
  io_fault([&] { file.check_unchanged(); });
  // Replaced as a whole it stays what it was.
  write_file_atomically(path, before);
  const InputFile old(path);
  write_file_atomically(path, std::string_view("new"));
  EXPECT_EQ(old.read(0, old.size()), before);
  EXPECT_EQ(InputFile(path).size(), 3u);
}

TEST_F(Files, WithoutCommitTheOldFileStays) {
  const fs::path path = folder_ / "a";
  write_file_atomically(path, std::string_view("old"));
  {
    AtomicWriter writer(path);
    writer.write(std::vector<std::uint8_t>(2'000'000));
  }
  EXPECT_EQ(read_text(path), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, LinksAndDevicesStayWhatTheyAre) {
  write_file_atomically(folder_ / "real", std::string_view("old"));
  fs::create_symlink(folder_ / "real", folder_ / "link");
  write_file_atomically(folder_ / "link", std::string_view("new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_text(folder_ / "real"), "new");
  fs::create_symlink("nowhere", folder_ / "dangling");
  write_file_atomically(folder_ / "dangling", std::string_view("x"));
  EXPECT_EQ(read_text(folder_ / "nowhere"), "x");
  fs::create_symlink("/dev/null", folder_ / "null");
  write_file_atomically(folder_ / "null", std::string_view("x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "null"));
}

TEST_F(Files, AFullDiskLeavesTheOldFile) {
  const fs::path path = folder_ / "a";
  write_file_atomically(path, std::string_view("old"));
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 1024, before.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string text =
      io_fault([&] { write_file_atomically(path, std::span<const std::uint8_t>(std::vector<std::uint8_t>(5000))); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_NE(text.find(path.string()), std::string::npos);
  EXPECT_EQ(read_text(path), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, ThoseThatBelongTogetherAreReplacedTogether) {
  const fs::path paths[] = {folder_ / "a", folder_ / "b", folder_ / "c"};
  for (const fs::path& path : paths) write_file_atomically(path, std::string_view("old"));
  const auto write_all = [&](std::size_t largest) {
    AtomicWriter a(paths[0]), b(paths[1]), c(paths[2]), device("/dev/null");
    for (AtomicWriter* const writer : {&a, &b, &c, &device}) {
      writer->write(std::vector<std::uint8_t>(writer == &b ? largest : 500, std::uint8_t('x')));
    }
    commit_all({&a, nullptr, &b, &device, &c});
  };
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 1024, before.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string text = io_fault([&] { write_all(5000); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_NE(text.find(paths[1].string()), std::string::npos) << text;
  for (const fs::path& path : paths) EXPECT_EQ(read_text(path), "old");
  EXPECT_EQ(entries(), 3u);
  syncs = {};
  syncs.fail_file = EIO;
  io_fault([&] { write_all(5000); });
  for (const fs::path& path : paths) EXPECT_EQ(read_text(path), "old");
  syncs = {};
  write_all(5000);
  EXPECT_EQ(read_text(paths[0]), std::string(500, 'x'));
  EXPECT_EQ(read_text(paths[1]), std::string(5000, 'x'));
  EXPECT_EQ(read_text(paths[2]), std::string(500, 'x'));
  EXPECT_EQ(syncs.files, 3);
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

TEST_F(Files, PrivateOnesAreTheirOwnersAlone) {
  const mode_t mask = ::umask(022);
  write_file_atomically(folder_ / "public", std::string_view("x"));
  write_file_atomically(folder_ / "private", std::string_view("x"), Access::owner);
  ::umask(027);
  write_file_atomically(folder_ / "group", std::string_view("x"));
  ::umask(mask);
  EXPECT_EQ(mode_of(folder_ / "public"), 0644u);
  EXPECT_EQ(mode_of(folder_ / "private"), 0600u);
  EXPECT_EQ(mode_of(folder_ / "group"), 0640u);
}

TEST_F(Files, OneThatExistsKeepsItsMode) {
  const fs::path path = folder_ / "a";
  for (const mode_t mode : {0640, 0600, 0444, 0666}) {
    for (const Access access : {Access::owner, Access::everybody}) {
      write_file_atomically(path, std::string_view("old"), access);
      ASSERT_EQ(::chmod(path.c_str(), mode), 0);
      write_file_atomically(path, std::string_view("new"), access);
      EXPECT_EQ(mode_of(path), mode);
    }
  }
  fs::create_symlink(path, folder_ / "link");
  ASSERT_EQ(::chmod(path.c_str(), 0604), 0);
  write_file_atomically(folder_ / "link", std::string_view("newer"), Access::owner);
  EXPECT_EQ(mode_of(path), 0604u);
}

TEST_F(Files, TheTemporaryFileIsPrivateFromItsFirstByte) {
  AtomicWriter writer(folder_ / "a", Access::owner);
  ASSERT_EQ(entries(), 1u);
  EXPECT_EQ(mode_of(fs::directory_iterator(folder_)->path()), 0600u);
}

TEST_F(Files, BytesAndNameReachTheDisk) {
  write_file_atomically(folder_ / "a", std::string_view("x"));
  EXPECT_EQ(syncs.files, 1);
  EXPECT_EQ(syncs.folders, 1);
  write_file_atomically("/dev/null", std::string_view("x"));
  EXPECT_EQ(syncs.files, 1);
}

TEST_F(Files, AFailedSyncLeavesTheOldFile) {
  const fs::path path = folder_ / "a";
  write_file_atomically(path, std::string_view("old"));
  syncs.fail_file = EIO;
  EXPECT_NE(io_fault([&] { write_file_atomically(path, std::string_view("new")); }).find(path.string()),
            std::string::npos);
  EXPECT_EQ(read_text(path), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, AFailedSyncOfTheFolderIsSaid) {
  const fs::path path = folder_ / "a";
  syncs.fail_folder = EIO;
  EXPECT_NE(io_fault([&] { write_file_atomically(path, std::string_view("new")); }).find("power cut"),
            std::string::npos);
  syncs.fail_folder = EINVAL;  // a file system without such a thing
  write_file_atomically(path, std::string_view("newer"));
  EXPECT_EQ(read_text(path), "newer");
}

TEST_F(Files, AFullDeviceIsSaid) {
  EXPECT_NE(
      io_fault([&] { write_file_atomically("/dev/full", std::string_view("x")); }, Fault::disk_full).find("/dev/full"),
      std::string::npos);
}

TEST_F(Files, AReadOnlyFolderStaysAsItIs) {
  const fs::path path = folder_ / "a";
  write_file_atomically(path, std::string_view("old"));
  constexpr uid_t nobody = 65534;
  const bool root = ::geteuid() == 0;
  ASSERT_EQ(::chmod(folder_.c_str(), 0555), 0);
  if (root) {  // whom no mode stops
    ASSERT_EQ(::seteuid(nobody), 0);
  }
  const std::string text = io_fault([&] { write_file_atomically(path, std::string_view("new")); });
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
  EXPECT_NE(text.find(path.string()), std::string::npos);
  EXPECT_EQ(read_text(path), "old");
  EXPECT_EQ(entries(), 1u);
}

}  // namespace
}  // namespace ezkl
