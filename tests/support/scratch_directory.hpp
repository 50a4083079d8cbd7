// A directory of a test's own, removed with all that is in it. Its modes are set, not left to the
// umask, because the trust rules for plugins look at them.
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <gtest/gtest.h>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace qm::test {

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = testing::TempDir() + "quartermaster_XXXXXX";
    if (!::mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), name);
    path_ = std::filesystem::canonical(name);
    set_mode(path_, 0755);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const noexcept { return path_; }

  std::filesystem::path make_directory(const std::string& name, mode_t mode = 0755) const {
    auto directory = path_ / name;
    std::filesystem::create_directories(directory);
    set_mode(directory, mode);
    return directory;
  }

  std::filesystem::path write(const std::string& name, std::string_view content,
                              mode_t mode = 0644) const {
    auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << content;
    set_mode(file, mode);
    return file;
  }

  static void set_mode(const std::filesystem::path& path, mode_t mode) {
    if (::chmod(path.c_str(), mode) != 0) {
      throw std::system_error(errno, std::generic_category(), path.native());
    }
  }

 private:
  std::filesystem::path path_;
};

}  // namespace qm::test
