// Many small requests on few connections: what concurrent callers ask for is gathered, sent
// together and answered in order over libpq's pipeline mode, so that a request costs neither a
// connection of its own nor a round trip of its own. Opt-in, over a Pool. Not for transactions,
// LISTEN, or anything else that needs the session: those stay with the pool's connections.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <quartermaster/executor.hpp>
#include <quartermaster/pool.hpp>

namespace boost::asio {
class any_io_executor;
}

namespace qm {

namespace pool {
class PipelineEngine;
}

struct PipelineOptions {
  // At most so many of the pool's connections, 1 or more; taken while there is work for them.
  std::uint32_t connections = 4;
  // Requests on their way on one connection, 1 or more; the others wait their turn.
  std::uint32_t max_in_flight = 64;
  // Requests with more bytes of parameters go to the pool: they would hold up the others.
  std::size_t max_request_size = std::size_t{64} * 1024;
  // Requests that are known to read only (RegisteredQuery::read_only) and are sent together form
  // one implicit transaction, which saves most of the server's work for each. Should one fail, the
  // others are sent again alone. What now() gives is then the beginning of the group.
  bool group_reads = true;
  // A connection without work for this long goes back to the pool.
  std::chrono::milliseconds idle_release{100};
};

struct PipelineStats {
  std::uint64_t requests_total = 0;  // that were answered or failed
  std::uint64_t retries_total = 0;   // sent again: after a failure beside it, a stale statement,
                                     // a lost connection
  std::uint64_t to_pool_total = 0;   // passed on to the pool
  std::uint32_t waiting = 0;         // not sent yet
  std::uint32_t in_flight = 0;
  std::uint32_t connections = 0;  // held
};

// Thread-safe. Registered queries that are called with execute() are pipelined; batches, streams,
// COPY, ad-hoc statements, large requests and queries marked @long run on the pool. Each request is
// a transaction of its own, and its failure none of the others' concern. A lost connection fails
// the requests that were on it, except those that only read: they are sent once more.
//
// A request that is given up at its deadline fails at once with QueryTimeout; its statement is
// cancelled when it is the one that runs, and a neighbour that the cancellation hits is run again.
class QM_API PipelinedExecutor final : public Executor {
 public:
  // On a thread of its own. The pool must outlive it. Throws ConfigError for options out of range.
  explicit PipelinedExecutor(Pool& pool, const PipelineOptions& options = {});
  // On the application's event loop, which must outlive the executor and run while there are calls:
  // best for coroutines on that loop. Blocking calls must then come from other threads.
  PipelinedExecutor(Pool& pool, const boost::asio::any_io_executor& loop,
                    const PipelineOptions& options = {});
  // Requests that wait or are on their way fail with PoolClosed.
  ~PipelinedExecutor() override;

  Result execute(const RegisteredQuery& query, const ParamView& params,
                 const CallOptions& options = {}) override;
  Result execute(std::string_view sql, const ParamView& params = {},
                 const CallOptions& options = {}, std::string_view name = "ad-hoc") override;
  std::vector<Result> execute_batch(const RegisteredQuery& query, ParamRows& rows,
                                    const CallOptions& options = {}) override;
  std::int64_t stream(const RegisteredQuery& query, const ParamView& params, RowSink& sink,
                      const CallOptions& options = {}) override;
  std::int64_t copy_from(const RegisteredQuery& query, ParamRows& rows,
                         const CallOptions& options = {}) override;

  PipelineStats stats() const;

 private:
  friend class AsyncExecutor;
  struct OwnLoop;

  Pool& pool_;
  std::unique_ptr<OwnLoop> own_loop_;  // null: the application's
  std::shared_ptr<pool::PipelineEngine> engine_;
};

}  // namespace qm
