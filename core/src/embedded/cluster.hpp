// Making data directories: initdb once, then copies of its pristine result.
#pragma once

#include <filesystem>
#include <quartermaster/embedded.hpp>

#include "embedded/account.hpp"

namespace qm::embedded {

// A directory that is removed at the end of its scope unless kept.
class TemporaryDirectory {
 public:
  // Below /dev/shm when `in_memory` and there is room, else below the temporary directory.
  explicit TemporaryDirectory(bool in_memory);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path keep();

 private:
  std::filesystem::path path_;
};

// Fills the empty or missing directory with a new cluster: superuser postgres, trust on the
// socket, UTF-8, WAL segments of 1 MB. `cache_dir` empty: the user's cache directory. A cache that
// cannot be written is done without.
void make_cluster(const std::filesystem::path& data_dir, const Binaries& binaries,
                  const Account& account, const std::filesystem::path& cache_dir);

enum class ClusterState { absent, empty, cluster, something_else };
ClusterState cluster_state(const std::filesystem::path& data_dir);

// Contents of PG_VERSION; 0 when there is none.
int cluster_major(const std::filesystem::path& data_dir);

}  // namespace qm::embedded
