#include <sys/wait.h>
#include <unistd.h>

#include "../fault_of.hpp"
#include "../temp_folder.hpp"
#include "artifact/sha256_text.hpp"
#include "base/files.hpp"
#include "store/attempt_folder.hpp"
#include "store/blobs.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

using ezkl::testing::fault_of;
using ezkl::testing::TempFolder;

TEST(LilithStore, BlobsAreFoundByDigest) {
  const TempFolder folder;
  const BlobStore store(folder / "blobs");
  write_file_atomically(folder / "file", std::string_view("abc"));
  // source: FIPS 180-2, appendix B.1
  const std::string digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_FALSE(store.size_of(digest));
  EXPECT_EQ(store.take(folder / "file").sha256, digest);
  EXPECT_EQ(store.size_of(digest), 3u);
  EXPECT_EQ(read_text(store.path_of(digest)), "abc");
  EXPECT_EQ(fault_of([&] { store.take(folder / "file", std::string(64, '0')); }), Fault::format);
  EXPECT_FALSE(store.size_of(std::string(64, '0')));
  EXPECT_EQ(fault_of([&] { store.path_of("../../etc/passwd"); }), Fault::usage);
}

TEST(LilithStore, AnUploadGoesOnWhereItStopped) {
  const TempFolder folder;
  const std::string text = "abc";
  const auto bytes = [&](std::size_t from) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()) + from, 1);
  };
  {
    Upload upload(folder / "part");
    upload.append(bytes(0));
    EXPECT_EQ(fault_of([&] { Upload(folder / "part"); }), Fault::usage);
  }
  Upload upload(folder / "part");
  EXPECT_EQ(upload.offset(), 1u);
  upload.append(bytes(1));
  upload.append(bytes(2));
  EXPECT_EQ(sha256_of_file(folder / "part"), sha256_text(text));
}

TEST(LilithStore, NamesStayInside) {
  for (const char* const good : {"proof.json", "part 1/pk.key", "a/b/c", "..a", "<img onerror=x>"})
    EXPECT_NO_THROW(check_inner_path(good)) << good;
  const std::string zero("a\0b", 3);
  for (const std::string& bad :
       {std::string(), std::string("/etc/passwd"), std::string(".."), std::string("../x"), std::string("a/../../x"),
        std::string("a//b"), std::string("a/"), std::string("./a"), std::string("-x"), std::string("a\\b"),
        std::string("a\nb"), zero, std::string(256, 'a'), std::string("1/2/3/4/5/6/7/8/9")}) {
    EXPECT_EQ(fault_of([&] { check_inner_path(bad); }), Fault::usage) << bad;
  }
  EXPECT_TRUE(is_uuid(random_uuid()));
  EXPECT_NE(random_uuid(), random_uuid());
  EXPECT_FALSE(is_uuid("../../../../../../../../../etc/passwd"));
  EXPECT_FALSE(is_plain_name(".hidden"));
  EXPECT_TRUE(is_plain_name("lenet_5-v2.1"));
}

TEST(LilithStore, AClaimIsHeldByOneUntilItDies) {
  const TempFolder folder;
  const std::string uuid = random_uuid();
  std::filesystem::create_directories(folder / "recipe" / uuid);
  const auto attempt = [&] { return AttemptFolder(folder.path() / "recipe" / uuid); };
  EXPECT_EQ(attempt().claimed(), AttemptFolder::Claim::none);
  int to_child[2], to_parent[2];
  ASSERT_EQ(::pipe(to_child), 0);
  ASSERT_EQ(::pipe(to_parent), 0);
  const pid_t process = ::fork();
  char byte = 0;
  if (process == 0) {
    byte = attempt().claim() ? 1 : 0;
    if (::write(to_parent[1], &byte, 1) != 1) ::_exit(1);
    ::_exit(::read(to_child[0], &byte, 1) == 1 ? 0 : 1);
  }
  ASSERT_EQ(::read(to_parent[0], &byte, 1), 1);
  EXPECT_EQ(byte, 1);
  EXPECT_EQ(attempt().claimed(), AttemptFolder::Claim::held);
  EXPECT_FALSE(attempt().claim());
  ASSERT_EQ(::write(to_child[1], &byte, 1), 1);
  ::waitpid(process, nullptr, 0);
  EXPECT_EQ(attempt().claimed(), AttemptFolder::Claim::left);
  EXPECT_FALSE(attempt().claim());
}

TEST(LilithStore, TheFirstResultStays) {
  const TempFolder folder;
  const std::string first = random_uuid(), second = random_uuid();
  for (const std::string& uuid : {first, second}) std::filesystem::create_directories(folder / "recipe" / uuid);
  const AttemptFolder one(folder.path() / "recipe", first), two(folder.path() / "recipe", second);
  EXPECT_FALSE(one.finish({first, Ending::internal, "no", {}, {}, 0, 0}));
  EXPECT_FALSE(one.result());
  EXPECT_TRUE(two.finish({second, Ending::done, "", {"out"}, {{"proof.json", std::string(64, 'b'), 9}}, 7, 0.5}));
  EXPECT_FALSE(one.finish({first, Ending::done, "", {}, {}, 0, 0}));
  EXPECT_EQ(one.result()->uuid, second);
  EXPECT_EQ(one.result()->files[0].size, 9u);
  EXPECT_EQ(one.result()->peak_bytes, 7u);
  EXPECT_EQ(one.report()->uuid, first);
}

}  // namespace
}  // namespace ezkl::service
