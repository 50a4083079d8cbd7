// See trusted_file.hpp for the rule that this implements.
#include "plugin/trusted_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <deque>
#include <quartermaster/error.hpp>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "plugin/text_rules.hpp"

namespace qm::plugin {
namespace {

constexpr int max_symbolic_links = 40;  // as the kernel's own limit

std::string shown(const std::filesystem::path& path) {
  return printable(path.native(), 4096);
}

[[noreturn]] void refuse_for_errno(const std::string& object, int error) {
  throw PluginError({.object = object, .problem = std::generic_category().message(error)});
}

const char* kind_of(mode_t mode) noexcept {
  if (S_ISREG(mode)) return "a regular file";
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISLNK(mode)) return "a symbolic link";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

bool is_writable_by_others(const struct stat& info) noexcept {
  return (info.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

// One walk from / to the file. Names only serve messages; identity is in the descriptors.
class Walk {
 public:
  explicit Walk(TrustedOwner owner) : owner_(owner) {
    UniqueFd root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root.is_open()) refuse_for_errno("/", errno);
    const struct stat info = status(root.get(), "/");
    enter(std::move(root), info, "/");
  }

  TrustedFile open(const std::filesystem::path& path) {
    push_front(path);
    while (!pending_.empty()) {
      const std::string name = std::move(pending_.front());
      pending_.pop_front();
      if (name == "..") {
        if (directories_.size() > 1) directories_.pop_back();
        continue;
      }
      UniqueFd fd(::openat(here().fd.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      const std::filesystem::path full = here().path / name;
      if (!fd.is_open()) refuse_for_errno(shown(full), errno);
      const struct stat info = status(fd.get(), full);
      if (pending_.empty()) return finish(name, info, full, path);
      if (S_ISLNK(info.st_mode)) {
        follow(fd.get(), info, full);
      } else {
        enter(std::move(fd), info, full);
      }
    }
    throw PluginError(
        {.object = shown(path), .expected = "a regular file", .found = "a directory"});
  }

 private:
  struct Directory {
    UniqueFd fd;
    std::filesystem::path path;
    bool open_to_others;  // sticky and writable
  };

  Directory& here() noexcept { return directories_.back(); }

  void push_front(const std::filesystem::path& path) {
    std::vector<std::string> parts;
    for (const auto& part : path.relative_path()) {
      if (!part.empty() && part != ".") parts.push_back(part.native());
    }
    pending_.insert(pending_.begin(), parts.begin(), parts.end());
  }

  static struct stat status(int fd, const std::filesystem::path& path) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) refuse_for_errno(shown(path), errno);
    return info;
  }

  void check_owner(const struct stat& info, const std::filesystem::path& path) const {
    if (info.st_uid == 0 || info.st_uid == owner_.user) return;
    throw PluginError({.object = shown(path),
                       .expected = owner_.user == 0
                                       ? std::string("owner root")
                                       : fmt::format("owner root or user {}", owner_.user),
                       .found = fmt::format("owner {}", info.st_uid),
                       .hint = "its owner could replace the plugin"});
  }

  void check_mode(const struct stat& info, const std::filesystem::path& path) const {
    if (!is_writable_by_others(info)) return;
    throw PluginError({.object = shown(path),
                       .expected = "not writable by group or others",
                       .found = fmt::format("mode {:04o}", info.st_mode & 07777U),
                       .hint = fmt::format("chmod go-w {}", shown(path))});
  }

  void enter(UniqueFd fd, const struct stat& info, const std::filesystem::path& path) {
    if (!S_ISDIR(info.st_mode)) {
      throw PluginError(
          {.object = shown(path), .expected = "a directory", .found = kind_of(info.st_mode)});
    }
    check_owner(info, path);
    const bool sticky = (info.st_mode & S_ISVTX) != 0;
    if (!sticky) check_mode(info, path);
    directories_.push_back({std::move(fd), path, sticky && is_writable_by_others(info)});
  }

  void refuse_in_open_directory(const struct stat& info, const std::filesystem::path& path) {
    if (!here().open_to_others) return;
    throw PluginError({.object = shown(path),
                       .expected = "a directory of its own",
                       .found = fmt::format("{} directly in {}, which is writable by others",
                                            kind_of(info.st_mode), shown(here().path)),
                       .hint = "put it into a directory that only its owner can write to"});
  }

  void follow(int link, const struct stat& info, const std::filesystem::path& path) {
    check_owner(info, path);
    refuse_in_open_directory(info, path);
    if (++links_ > max_symbolic_links) refuse_for_errno(shown(path), ELOOP);
    // The link's own descriptor is read, not its name: this is the link that was checked.
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlinkat(link, "", target.data(), target.size());
    if (size < 0) refuse_for_errno(shown(path), errno);
    target.resize(static_cast<std::size_t>(size));
    const std::filesystem::path target_path(std::move(target));
    if (target_path.is_absolute()) directories_.resize(1);
    push_front(target_path);
  }

  TrustedFile finish(const std::string& name, const struct stat& info,
                     const std::filesystem::path& full, const std::filesystem::path& asked) {
    if (!S_ISREG(info.st_mode)) {
      throw PluginError(
          {.object = shown(full), .expected = "a regular file", .found = kind_of(info.st_mode)});
    }
    check_owner(info, full);
    check_mode(info, full);
    refuse_in_open_directory(info, full);
    TrustedFile file;
    // Only now for reading: opening a FIFO or a device, even to look, has effects of its own.
    file.fd = UniqueFd(
        ::openat(here().fd.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file.fd.is_open()) refuse_for_errno(shown(full), errno);
    const struct stat opened = status(file.fd.get(), full);
    if (opened.st_dev != info.st_dev || opened.st_ino != info.st_ino) {
      throw PluginError({.object = shown(full), .problem = "was replaced while being opened"});
    }
    file.path = asked;
    file.device = opened.st_dev;
    file.inode = opened.st_ino;
    file.size = static_cast<std::uint64_t>(opened.st_size);
    return file;
  }

  TrustedOwner owner_;
  std::vector<Directory> directories_;
  std::deque<std::string> pending_;
  int links_ = 0;
};

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

int UniqueFd::release() noexcept {
  return std::exchange(fd_, -1);
}

TrustedOwner effective_user() noexcept {
  return {::geteuid()};
}

TrustedFile open_trusted_file(const std::filesystem::path& path, TrustedOwner owner) {
  if (!path.is_absolute()) {
    throw PluginError(
        {.object = shown(path), .expected = "an absolute path", .found = "a relative one"});
  }
  return Walk(owner).open(path);
}

std::string read_text(const TrustedFile& file, std::uint64_t limit) {
  // One byte beyond the limit is asked for: the file may have grown since it was opened.
  std::string text(static_cast<std::size_t>(std::min(file.size, limit) + 1), '\0');
  std::size_t used = 0;
  while (used < text.size()) {
    const ssize_t got = ::read(file.fd.get(), text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse_for_errno(shown(file.path), errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  if (file.size > limit || used > limit) {
    throw PluginError(
        {.object = shown(file.path),
         .expected = fmt::format("at most {} bytes", limit),
         .found = file.size > limit ? fmt::format("{} bytes", file.size) : std::string("more")});
  }
  text.resize(used);
  return text;
}

}  // namespace qm::plugin
