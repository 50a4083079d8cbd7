#include "cli/migration_progress.hpp"

#include <fmt/format.h>

namespace qm::cli {

MigrationProgressBar::MigrationProgressBar(Progress::Style style) : progress_(style, "migrate") {}

void MigrationProgressBar::update(const MigrationProgress& progress) {
  using Stage = MigrationProgress::Stage;
  if (progress.stage == Stage::waiting_for_lock) {
    progress_.update(0, 1, "waiting for another migrator");
    return;
  }
  const bool finished = progress.stage == Stage::finished;
  if (finished) seconds_ += progress.duration_seconds;
  const std::string detail =
      progress.stage == Stage::retrying
          ? fmt::format("{:06} {}: a table is locked, trying again", progress.step->version,
                        progress.step->slug)
          : fmt::format("{}/{} {:06} {}", progress.statement_index, progress.statement_count,
                        progress.step->version, progress.step->slug);
  progress_.update(progress.step_index + (finished ? 1 : 0), progress.step_count, detail);
}

void MigrationProgressBar::finish(std::size_t steps) {
  progress_.finish(steps == 0 ? std::string("nothing to do")
                              : fmt::format("{} version{} in {:.0f} ms", steps,
                                            steps == 1 ? "" : "s", seconds_ * 1000));
}

}  // namespace qm::cli
