// An asynchronous call of a registered query that goes through the pipelined executor.
#include <boost/asio/post.hpp>
#include <quartermaster/asio.hpp>

#include "pool/pipeline_engine.hpp"

namespace qm::pool {

namespace asio = boost::asio;

namespace {

class AsyncPipelineRequest final : public PipelineRequest {
 public:
  AsyncPipelineRequest(detail::AsyncRequest request, Deadline until,
                       std::unique_ptr<detail::AsyncCompletion> completion)
      : PipelineRequest(*request.query, request.params.view(), until),
        params_(std::move(request.params)),
        completion_(std::move(completion)) {}

  void complete(std::exception_ptr error, Result result,
                const asio::any_io_executor* running_on) override {
    const auto completion = std::move(completion_);
    completion->complete({.error = std::move(error), .result = std::move(result)}, running_on);
  }

 private:
  const OwnedParams params_;
  std::unique_ptr<detail::AsyncCompletion> completion_;
};

}  // namespace

void start_pipelined(const std::shared_ptr<PipelineEngine>& engine, const CallOptions& options,
                     detail::AsyncRequest request,
                     std::unique_ptr<detail::AsyncCompletion> completion,
                     asio::cancellation_slot cancellation) {
  auto call = std::make_shared<AsyncPipelineRequest>(
      std::move(request), engine->deadline_of(options), std::move(completion));
  if (cancellation.is_connected()) {
    cancellation.assign([weak = std::weak_ptr<PipelineRequest>(call),
                         keeper = std::weak_ptr(engine)](asio::cancellation_type type) {
      const auto alive = keeper.lock();
      if (!alive) return;
      asio::post(alive->loop(), [weak, alive, type] {
        const auto given_up = weak.lock();
        if (!given_up) return;
        const bool was_sent = given_up->stage.load() != PipelineRequest::Stage::waiting;
        if (was_sent && (type & ~asio::cancellation_type::total) == asio::cancellation_type::none) {
          return;
        }
        alive->cancel(given_up);
      });
    });
  }
  engine->submit(std::move(call));
}

}  // namespace qm::pool
