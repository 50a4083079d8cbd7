// Many callers at once.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

namespace qm::test {

// Threads that do the same, each round with another number, until they are told to stop.
class Crowd {
 public:
  template <class Work>
  Crowd(int size, const Work& work) {
    for (int i = 0; i < size; ++i) {
      threads_.emplace_back([this, work, i] {
        for (int round = 0; !stop_; ++round)
          work(i + round);
      });
    }
  }
  ~Crowd() { end(); }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  void end() {
    stop_ = true;
    for (auto& thread : threads_)
      thread.join();
    threads_.clear();
  }

 private:
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace qm::test
