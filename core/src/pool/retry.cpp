// See quartermaster/retry.hpp.
#include <quartermaster/retry.hpp>

#include "pool/wait.hpp"

namespace qm::detail {

Retries::Retries(const RetryOptions& options)
    : options_(options), bound_(options.first_pause), random_(std::random_device{}()) {}

std::optional<std::chrono::nanoseconds> Retries::next_pause(const ServerError& error) {
  if (error.sqlstate() != "40001" && error.sqlstate() != "40P01") return std::nullopt;
  if (attempts_ >= options_.max_attempts) return std::nullopt;
  ++attempts_;
  std::uniform_int_distribution<std::chrono::nanoseconds::rep> spread(0, bound_.count());
  const std::chrono::nanoseconds pause(spread(random_));
  bound_ = std::min<std::chrono::nanoseconds>(bound_ * 2, options_.longest_pause);
  if (options_.deadline && pool::after(pause) >= *options_.deadline) return std::nullopt;
  return pause;
}

}  // namespace qm::detail
