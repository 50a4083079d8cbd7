// Opening a file whose content nobody but root and the effective user can have chosen. Not for
// reading it: callers get a descriptor of exactly the file that was checked.
//
// The rule. From / on, each directory and the file itself
//  - is owned by root or the effective user, and
//  - is not writable by group or others (a write ACL shows in the group bits, so it counts).
// One exception: a directory with the sticky bit (/tmp) may be writable, because there only a
// file's owner, the directory's owner and root can rename or remove it. What is taken from it must
// be a directory that follows the rule: a file or symbolic link of ours could have been
// hard-linked there by somebody else, under a name of his choice; a directory cannot.
//
// Symbolic links among the parents are followed step by step under the same rule; the last
// component must not be one. Every step starts from the descriptor of the directory checked
// before (openat), so that renaming or replacing a component in between changes nothing.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace qm::plugin {

class UniqueFd {
 public:
  UniqueFd() noexcept = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd();

  int get() const noexcept { return fd_; }
  bool is_open() const noexcept { return fd_ >= 0; }
  int release() noexcept;

 private:
  int fd_ = -1;
};

struct TrustedFile {
  UniqueFd fd;                 // O_RDONLY, O_CLOEXEC
  std::filesystem::path path;  // as asked for
  dev_t device = 0;
  ino_t inode = 0;
  std::uint64_t size = 0;  // bytes
};

// Root is always trusted.
struct TrustedOwner {
  uid_t user;
};
TrustedOwner effective_user() noexcept;

// `path` must be absolute. Throws PluginError naming the component that breaks the rule.
TrustedFile open_trusted_file(const std::filesystem::path& path,
                              TrustedOwner owner = effective_user());

// The whole content. Throws PluginError when it is longer than `limit` bytes or cannot be read.
std::string read_text(const TrustedFile& file, std::uint64_t limit);

}  // namespace qm::plugin
