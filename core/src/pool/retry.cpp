// See quartermaster/retry.hpp.
#include <quartermaster/retry.hpp>
#include <thread>

#include "pool/wait.hpp"

namespace qm::detail {

Retries::Retries(const RetryOptions& options)
    : options_(options), bound_(options.first_pause), random_(std::random_device{}()) {}

bool Retries::again(const ServerError& error) {
  if (error.sqlstate() != "40001" && error.sqlstate() != "40P01") return false;
  if (attempts_ >= options_.max_attempts) return false;
  ++attempts_;
  std::uniform_int_distribution<std::chrono::nanoseconds::rep> spread(0, bound_.count());
  const std::chrono::nanoseconds pause(spread(random_));
  bound_ = std::min<std::chrono::nanoseconds>(bound_ * 2, options_.longest_pause);
  if (options_.deadline && pool::after(pause) >= *options_.deadline) return false;
  std::this_thread::sleep_for(pause);
  return true;
}

}  // namespace qm::detail
