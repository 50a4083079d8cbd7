// The public face of the pipeline; the work is in PipelineEngine.
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pipeline.hpp>
#include <utility>

#include "pool/background_thread.hpp"
#include "pool/call_run.hpp"
#include "pool/parker.hpp"
#include "pool/pipeline_engine.hpp"

namespace qm {
namespace {

namespace asio = boost::asio;
using pool::PipelineEngine;

// A thread that sleeps until its request is completed.
class BlockingRequest final : public pool::PipelineRequest {
 public:
  using PipelineRequest::PipelineRequest;

  void complete(std::exception_ptr error, Result result,
                const asio::any_io_executor* /*running_on*/) override {
    error_ = std::move(error);
    result_ = std::move(result);
    done_.store(1, std::memory_order_release);
    pool::unpark(&done_);
  }

  bool is_done() const noexcept { return done_.load(std::memory_order_acquire) != 0; }

  // False when the deadline came first.
  bool wait() const noexcept {
    while (!is_done()) {
      if (deadline != pool::never && Clock::now() >= deadline) return is_done();
      pool::park(done_, std::uint32_t{0}, deadline);
    }
    return true;
  }

  // After it is done. The error becomes the caller's own: the engine may be the last to drop the
  // request.
  Result take() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return std::move(result_);
  }

 private:
  std::atomic<std::uint32_t> done_{0};
  std::exception_ptr error_;
  Result result_;
};

PipelineOptions checked(const PipelineOptions& options) {
  const auto require = [](bool holds, const char* key, const char* expected, auto found) {
    if (holds) return;
    throw ConfigError(Report{.object = std::string("pipeline ") + key,
                             .expected = expected,
                             .found = std::to_string(found)});
  };
  require(options.connections > 0, "connections", "at least 1", options.connections);
  require(options.max_in_flight > 0, "max_in_flight", "at least 1", options.max_in_flight);
  require(options.idle_release.count() >= 0, "idle_release", "0 ms or more",
          options.idle_release.count());
  return options;
}

asio::any_io_executor strand_on(const asio::any_io_executor& loop) {
#ifdef __clang_analyzer__  // it believes that an executor's functions may be null
  return loop;
#else
  return asio::make_strand(loop);
#endif
}

}  // namespace

struct PipelinedExecutor::OwnLoop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread;
};

PipelinedExecutor::PipelinedExecutor(Pool& pool, const PipelineOptions& options)
    : pool_(pool), own_loop_(std::make_unique<OwnLoop>()) {
  const asio::any_io_executor loop = own_loop_->context.get_executor();
  engine_ = std::make_shared<PipelineEngine>(pool, loop, loop, checked(options));
  own_loop_->thread = pool::background_thread([loop = own_loop_.get()] { loop->context.run(); });
}

PipelinedExecutor::PipelinedExecutor(Pool& pool, const asio::any_io_executor& loop,
                                     const PipelineOptions& options)
    : pool_(pool),
      engine_(std::make_shared<PipelineEngine>(pool, strand_on(loop), loop, checked(options))) {}

PipelinedExecutor::~PipelinedExecutor() {
  if (own_loop_) {
    own_loop_->context.stop();
    own_loop_->thread.join();
    engine_->close();
  } else {
    asio::post(engine_->loop(), [engine = engine_] { engine->close(); });
  }
}

Result PipelinedExecutor::execute(const RegisteredQuery& query, const ParamView& params,
                                  const CallOptions& options) {
  pool::require_available(query);
  if (!engine_->accepts(query, params)) return pool_.execute(query, params, options);
  const auto request =
      std::make_shared<BlockingRequest>(query, params, engine_->deadline_of(options));
  engine_->submit(request);
  if (!request->wait()) {
    engine_->withdraw(request);
    if (!request->is_done()) throw PipelineEngine::late(*request);
  }
  return request->take();
}

Result PipelinedExecutor::execute(std::string_view sql, const ParamView& params,
                                  const CallOptions& options, std::string_view name) {
  return pool_.execute(sql, params, options, name);
}

std::vector<Result> PipelinedExecutor::execute_batch(const RegisteredQuery& query, ParamRows& rows,
                                                     const CallOptions& options) {
  return pool_.execute_batch(query, rows, options);
}

std::int64_t PipelinedExecutor::stream(const RegisteredQuery& query, const ParamView& params,
                                       RowSink& sink, const CallOptions& options) {
  return pool_.stream(query, params, sink, options);
}

std::int64_t PipelinedExecutor::copy_from(const RegisteredQuery& query, ParamRows& rows,
                                          const CallOptions& options) {
  return pool_.copy_from(query, rows, options);
}

PipelineStats PipelinedExecutor::stats() const {
  return engine_->stats();
}

}  // namespace qm
