// The pool's own thread: opens connections and does the upkeep. A caller that needs a new
// connection waits for it like any waiter, because so
//
//   - it is served by a connection that comes back in the meantime,
//   - a connect whose caller gave up goes on and its connection is used by the next,
//   - not even a host name that does not resolve holds a caller beyond its deadline.
//
// One thread is enough: the connects are nonblocking operations side by side under one poll().
#pragma once

#include <poll.h>

#include <list>
#include <vector>

#include "pool/connect_operation.hpp"
#include "pool/pool_core.hpp"

namespace qm::detail {

class Keeper {
 public:
  explicit Keeper(PoolCore& core);

  // Until the pool is closed.
  void run();

 private:
  struct Attempt {
    Attempt(pool::Slot slot_, pool::Conninfo info_, Deadline deadline, Deadline now)
        : slot(slot_), started(now), info(std::move(info_)), operation(info, deadline) {}
    pool::Slot slot;
    Deadline started;
    const pool::Conninfo info;
    pool::ConnectOperation operation;
    pool::Wait wanted = pool::Wait::done;
  };

  bool take_requests();
  void begin(pool::Slot slot);
  void sleep();
  void advance(Attempt& attempt, Deadline now);
  void finish(Attempt& attempt);
  void upkeep();
  void report_leaks(Deadline now);

  PoolCore& core_;
  std::list<Attempt> attempts_;
  std::vector<pollfd> polled_;
  std::vector<pool::Slot> requests_;
  bool upkeep_wanted_ = false;
  Deadline next_upkeep_;
  Deadline next_leak_check_;
};

}  // namespace qm::detail
