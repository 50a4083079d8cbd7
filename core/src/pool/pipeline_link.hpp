// One of the connections that the pipelined executor holds, and what the engine knows of it.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>
#include <quartermaster/pool.hpp>

#include "pool/cancel_request.hpp"
#include "pool/parker.hpp"
#include "pool/pipeline_connection.hpp"
#include "pool/pool_core.hpp"

namespace qm::pool {

struct PipelineLink {
  explicit PipelineLink(PooledConnection lent)
      : connection(std::move(lent)), pipeline(detail::PoolCore::session_of(*connection)) {}

  PooledConnection connection;
  PipelineConnection pipeline;
  Deadline since = Clock::now();
  Deadline idle_since = since;
  Deadline moved_at = since;  // when an answer came, or the first request after none
  int group = 0;              // requests since the last Sync
  bool has_sends = false;
  bool waits_to_read = false;
  bool waits_to_write = false;
  bool is_retiring = false;
  bool was_cancelled = false;
  bool is_gone = false;  // given back: handlers that still come mean nothing
  Deadline cancel_not_before{};
  std::optional<CancelRequest> cancel;
  std::optional<boost::asio::posix::stream_descriptor> cancelled;

  bool is_open() const noexcept { return !is_retiring && !cancel && !pipeline.is_lost(); }

  // Whether the statement that runs has kept those behind it waiting for long.
  bool is_held_up(Deadline now) const noexcept {
    constexpr std::chrono::milliseconds bound{10};
    return pipeline.in_flight() > 0 && now - moved_at > bound;
  }

  void give_back() {
    is_gone = true;
    pipeline.leave();
    // A proxy may deliver a cancellation later than it says.
    if (was_cancelled) pipeline.session().broken = true;
    if (cancelled) cancelled->release();
    pipeline.session().event_loop.reset();  // its waits end
    connection.release();
  }
};

}  // namespace qm::pool
