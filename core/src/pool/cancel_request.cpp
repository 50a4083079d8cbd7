// See cancel_request.hpp.
#include "pool/cancel_request.hpp"

#include <libpq-fe.h>

#include <array>
#include <atomic>

#include "pool/background_thread.hpp"
#include "pool/event_fd.hpp"

namespace qm::pool {

CancelHandle cancel_handle(PGconn* connection) {
  return {PQgetCancel(connection), [](PGcancel* cancel) { PQfreeCancel(cancel); }};
}

struct CancelRequest::State {
  EventFd done;
  std::atomic<bool> finished{false};

  void finish() {
    finished.store(true, std::memory_order_release);
    done.signal();
  }
};

CancelRequest::CancelRequest(CancelHandle handle) : state_(std::make_shared<State>()) {
  if (!handle) {
    state_->finish();
    return;
  }
  try {
    // Detached, because nobody can wait for it with a limit: it owns all that it touches.
    background_thread([state = state_, handle = std::move(handle)] {
      std::array<char, 256> reason{};
      // Whether it failed does not matter: the drain that follows finds out by itself.
      PQcancel(handle.get(), reason.data(), static_cast<int>(reason.size()));
      state->finish();
    }).detach();
  } catch (const std::system_error&) {
    state_->finish();
  }
}

int CancelRequest::fd() const noexcept {
  return state_->done.get();
}

bool CancelRequest::finished() const noexcept {
  return state_->finished.load(std::memory_order_acquire);
}

}  // namespace qm::pool
