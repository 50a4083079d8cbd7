// Asks the server to cancel what a connection runs. libpq 15 has only the blocking PQcancel, which
// returns when the server has sent the signal and closed the request's socket, or never when the
// postmaster is stopped or the network gone. It therefore runs on a thread of its own, and whoever
// asked waits for fd() as long as it likes.
#pragma once

#include <memory>

struct pg_cancel;
struct pg_conn;

namespace qm::pool {

// What PQcancel needs, taken once when the connection is opened: later any thread may use it
// whatever the connection's own thread is doing.
using CancelHandle = std::shared_ptr<pg_cancel>;
CancelHandle cancel_handle(pg_conn* connection);

class CancelRequest {
 public:
  // Starts it. Without a thread to be had it is finished and has failed.
  explicit CancelRequest(CancelHandle handle);

  int fd() const noexcept;  // readable when finished
  // Finished: no signal is on its way any more. Until then one may still hit a later statement.
  bool finished() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace qm::pool
