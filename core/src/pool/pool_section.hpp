// A stretch of work under the pool's lock, and what it leaves to be done after it: waking waiters
// and the keeper, so that none of them wakes up into the lock.
#pragma once

#include "pool/parker.hpp"
#include "pool/pool_core.hpp"

namespace qm::detail {

class PoolCore::Section {
 public:
  explicit Section(PoolCore& core) : core_(core), lock_(core.mutex_) {}
  ~Section() {
    lock_.unlock();
    for (const pool::Wake& wake : wake_)
      perform(wake);
    if (signal_keeper_) core_.wake_keeper_.signal();
  }
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  // At most one in a section.
  void apply(const pool::Effects& effects) {
    // Mostly there is nobody; copying what was just written would wait for it to be stored.
    for (std::size_t i = 0; i < wake_.size(); ++i) {
      if (effects.wake[i].status != nullptr) wake_[i] = effects.wake[i];
    }
    if (effects.connect != pool::no_slot) connect(effects.connect);
  }
  void connect(pool::Slot slot) {
    core_.to_connect_.push_back(slot);
    signal_keeper_ = true;
  }
  void signal_keeper() noexcept { signal_keeper_ = true; }
  void want_upkeep() {
    if (!core_.state_.wants_connections() || core_.upkeep_wanted_) return;
    if (pool::coarse_now() < core_.upkeep_not_before_) return;
    core_.upkeep_wanted_ = true;
    signal_keeper_ = true;
  }
  std::unique_lock<std::mutex>& lock() noexcept { return lock_; }

  static void perform(const pool::Wake& wake) noexcept {
    if (wake.waker != nullptr) {
      wake.waker->perform();
    } else if (wake.status != nullptr) {
      pool::unpark(wake.status);
    }
  }

 private:
  PoolCore& core_;
  std::unique_lock<std::mutex> lock_;
  std::array<pool::Wake, 2> wake_{};
  bool signal_keeper_ = false;
};

}  // namespace qm::detail
