// The trust rule for manifests and libraries, on files of every unsuitable kind.
#include "plugin/trusted_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <quartermaster/error.hpp>
#include <string>
#include <thread>

#include "scratch_directory.hpp"

namespace qm::plugin {
namespace {

namespace fs = std::filesystem;
using test::ScratchDirectory;
using testing::AllOf;
using testing::HasSubstr;

std::string problem_of(const fs::path& path, TrustedOwner owner = effective_user()) {
  try {
    open_trusted_file(path, owner);
  } catch (const PluginError& error) {
    return error.what();
  }
  return "(accepted)";
}

TEST(TrustedFile, OpensAnOrdinaryFile) {
  const ScratchDirectory scratch;
  const auto path = scratch.write("plugin.json", "content");
  const TrustedFile file = open_trusted_file(path);
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(file.inode, info.st_ino);
  EXPECT_EQ(file.device, info.st_dev);
  EXPECT_EQ(file.size, 7U);
  EXPECT_EQ(::fcntl(file.fd.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  EXPECT_EQ(read_text(file, 100), "content");
}

TEST(TrustedFile, RefusesWhatOthersCanWrite) {
  const ScratchDirectory scratch;
  const auto file = scratch.write("plugin.json", "x", 0666);
  EXPECT_THAT(problem_of(file), AllOf(HasSubstr("not writable by group or others"),
                                      HasSubstr("mode 0666"), HasSubstr("chmod go-w")));
  ScratchDirectory::set_mode(file, 0664);
  EXPECT_THAT(problem_of(file), HasSubstr("mode 0664"));
}

TEST(TrustedFile, RefusesAWritableParentAtAnyDepth) {
  const ScratchDirectory scratch;
  scratch.make_directory("open", 0777);
  scratch.make_directory("open/inner");
  const auto file = scratch.write("open/inner/plugin.json", "x");
  EXPECT_THAT(problem_of(file), AllOf(HasSubstr("/open: expected"), HasSubstr("mode 0777")));
  ScratchDirectory::set_mode(scratch.path() / "open", 0755);
  EXPECT_EQ(problem_of(file), "(accepted)");
}

TEST(TrustedFile, AStickyDirectoryMayOnlyLeadToADirectory) {
  const ScratchDirectory scratch;
  scratch.make_directory("sticky", 01777);
  scratch.make_directory("sticky/own");
  const auto deep = scratch.write("sticky/own/plugin.json", "x");
  EXPECT_EQ(problem_of(deep), "(accepted)");
  const auto direct = scratch.write("sticky/plugin.json", "x");
  EXPECT_THAT(problem_of(direct), HasSubstr("directly in"));
  fs::create_directory_symlink("own", scratch.path() / "sticky/link");
  EXPECT_THAT(problem_of(scratch.path() / "sticky/link/plugin.json"), HasSubstr("directly in"));
}

TEST(TrustedFile, RefusesAnotherOwner) {
  const ScratchDirectory scratch;
  const auto file = scratch.write("plugin.json", "x");
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
    EXPECT_THAT(problem_of(file),
                AllOf(HasSubstr("plugin.json: expected owner root"), HasSubstr("owner 65534")));
  } else {
    // An ordinary user cannot give files away, so the rule is asked on root's behalf.
    EXPECT_THAT(problem_of(file, {0}), HasSubstr("expected owner root, found owner"));
  }
}

TEST(TrustedFile, RefusesASymbolicLinkAtTheEnd) {
  const ScratchDirectory scratch;
  scratch.write("real.json", "x");
  fs::create_symlink("real.json", scratch.path() / "link.json");
  EXPECT_THAT(problem_of(scratch.path() / "link.json"), HasSubstr("found a symbolic link"));
}

TEST(TrustedFile, FollowsTrustedLinksAmongTheParents) {
  const ScratchDirectory scratch;
  scratch.make_directory("a/b");
  scratch.write("a/b/plugin.json", "x");
  fs::create_directory_symlink("a/b/../../a", scratch.path() / "relative");
  fs::create_directory_symlink(scratch.path() / "relative/b", scratch.path() / "absolute");
  EXPECT_EQ(problem_of(scratch.path() / "relative/b/plugin.json"), "(accepted)");
  EXPECT_EQ(problem_of(scratch.path() / "absolute/plugin.json"), "(accepted)");
  EXPECT_EQ(problem_of(scratch.path() / "a/../a/./b/plugin.json"), "(accepted)");
}

TEST(TrustedFile, ALinkIntoAnUntrustedDirectoryDoesNotHelp) {
  const ScratchDirectory scratch;
  scratch.make_directory("open", 0777);
  scratch.make_directory("open/inner");
  scratch.write("open/inner/plugin.json", "x");
  fs::create_directory_symlink("open/inner", scratch.path() / "nice");
  EXPECT_THAT(problem_of(scratch.path() / "nice/plugin.json"), HasSubstr("mode 0777"));
}

TEST(TrustedFile, LinksThatLeadInACircleEnd) {
  const ScratchDirectory scratch;
  fs::create_directory_symlink("b", scratch.path() / "a");
  fs::create_directory_symlink("a", scratch.path() / "b");
  EXPECT_THAT(problem_of(scratch.path() / "a/plugin.json"), HasSubstr("symbolic links"));
}

TEST(TrustedFile, RefusesWhatIsNotARegularFile) {
  const ScratchDirectory scratch;
  scratch.make_directory("directory.json");
  EXPECT_THAT(problem_of(scratch.path() / "directory.json"), HasSubstr("found a directory"));
  ASSERT_EQ(::mkfifo((scratch.path() / "fifo.json").c_str(), 0600), 0);
  EXPECT_THAT(problem_of(scratch.path() / "fifo.json"), HasSubstr("found a FIFO"));
  EXPECT_THAT(problem_of("/dev/null"), HasSubstr("found a device"));

  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = (scratch.path() / "s").native();
  ASSERT_LT(name.size(), sizeof address.sun_path);
  name.copy(address.sun_path, name.size());
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::chmod(name.c_str(), 0600), 0);
  EXPECT_THAT(problem_of(name), HasSubstr("found a socket"));
  ::close(socket);
}

TEST(TrustedFile, SaysWhatIsMissing) {
  const ScratchDirectory scratch;
  EXPECT_THAT(problem_of(scratch.path() / "none/plugin.json"),
              AllOf(HasSubstr("/none: "), HasSubstr("No such file")));
  scratch.write("file", "x");
  EXPECT_THAT(problem_of(scratch.path() / "file/plugin.json"), HasSubstr("expected a directory"));
  EXPECT_THAT(problem_of("relative/plugin.json"), HasSubstr("an absolute path"));
  EXPECT_THAT(problem_of("/"), HasSubstr("found a directory"));
}

TEST(TrustedFile, ReadingStopsAtTheLimit) {
  const ScratchDirectory scratch;
  const auto path = scratch.write("plugin.json", "12345");
  EXPECT_EQ(read_text(open_trusted_file(path), 5), "12345");
  EXPECT_THROW(read_text(open_trusted_file(path), 4), PluginError);
  const TrustedFile file = open_trusted_file(path);
  scratch.write("plugin.json", "1234567");  // grows after it was opened
  EXPECT_THROW(read_text(file, 5), PluginError);
}

// A file that is swapped with a link to an untrusted one as fast as possible is either opened as
// itself or refused: what is read is never the other one's content.
TEST(TrustedFile, SwappingNeverDeliversTheOtherFile) {
  const ScratchDirectory scratch;
  scratch.make_directory("evil", 0777);
  scratch.write("evil/plugin.json", "evil", 0666);
  scratch.make_directory("good");
  scratch.write("good/plugin.json", "good");
  const fs::path name = scratch.path() / "now";
  const fs::path spare = scratch.path() / "spare";
  std::atomic<bool> done{false};
  std::thread swapper([&] {
    while (!done) {
      for (const char* target : {"good", "evil"}) {
        std::error_code ignored;
        fs::remove(spare, ignored);
        fs::create_directory_symlink(target, spare, ignored);
        fs::rename(spare, name, ignored);
      }
    }
  });
  int opened = 0;
  int refused = 0;
  // Both outcomes must have been seen, or the swapping proved nothing.
  for (int i = 0; i < 2000 || opened == 0 || refused == 0; ++i) {
    try {
      EXPECT_EQ(read_text(open_trusted_file(name / "plugin.json"), 100), "good");
      ++opened;
    } catch (const PluginError&) {
      ++refused;
    }
  }
  done = true;
  swapper.join();
}

}  // namespace
}  // namespace qm::plugin
