// The migrator's progress as a bar over versions, with the statements of the current one.
#pragma once

#include <quartermaster/migrator.hpp>

#include "cli/progress.hpp"

namespace qm::cli {

class MigrationProgressBar {
 public:
  explicit MigrationProgressBar(Progress::Style style);
  void update(const MigrationProgress& progress);
  void finish(std::size_t steps);
  void finish(const std::string& summary) { progress_.finish(summary); }

 private:
  Progress progress_;
  double seconds_ = 0;
};

}  // namespace qm::cli
