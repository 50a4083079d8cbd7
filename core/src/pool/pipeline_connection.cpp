// See pipeline_connection.hpp.
#include "pool/pipeline_connection.hpp"

#include <libpq-fe.h>

#include <boost/container/small_vector.hpp>
#include <utility>

namespace qm::pool {
namespace {

constexpr int named_attempts = 2;

}  // namespace

PipelineConnection::PipelineConnection(detail::Session& session) : session_(session) {
  if (PQenterPipelineMode(session_.connection.get()) == 0) session_.broken = true;
}

PipelineConnection::~PipelineConnection() {
  if (!has_left_) session_.broken = true;
}

const PipelineRequest* PipelineConnection::head() const noexcept {
  for (const Item& item : items_) {
    if (item.request) return item.request.get();
  }
  return nullptr;
}

void PipelineConnection::send(PipelineRequestPtr request) {
  ++in_flight_;
  const StatementCache& cache = session_.statements;
  if (cache.has_evicted()) close_evicted();
  request->failure = {};
  if (cache.capacity() > 0 && request->stale_attempts < named_attempts) prepare(request);
  execute(std::move(request));
}

// What fell out of the cache, each under its own Sync: another may have closed it before.
void PipelineConnection::close_evicted() {
  if (!is_synced_) sync();
  for (const std::string& name : session_.statements.take_evicted()) {
    const std::string sql = "deallocate " + name;
    sent(PQsendQueryParams(session_.connection.get(), sql.c_str(), 0, nullptr, nullptr, nullptr,
                           nullptr, 0),
         {.kind = Item::Kind::close});
    sync();
  }
}

// Counts as prepared at once, so that the requests behind it use it: should it fail, they are told
// that there is no such statement, and prepare it themselves.
void PipelineConnection::prepare(const PipelineRequestPtr& request) {
  const RegisteredQuery& query = *request->query;
  StatementCache& cache = session_.statements;
  if (cache.find(query) != nullptr) {
    ++session_.counts.statement_hits;
    return;
  }
  ++session_.counts.statement_misses;
  boost::container::small_vector<Oid, 32> types;
  for (const QueryValue& parameter : query.parameters)
    types.push_back(parameter.type_oid);
  std::string name = cache.new_name(query);
  if (sent(PQsendPrepare(session_.connection.get(), name.c_str(), query.sql.c_str(),
                         static_cast<int>(types.size()), types.data()),
           {.kind = Item::Kind::prepare, .request = request})) {
    cache.insert(query, std::move(name));
  }
}

void PipelineConnection::execute(PipelineRequestPtr request) {
  PGconn* const connection = session_.connection.get();
  const RegisteredQuery& query = *request->query;
  const ParamView& params = request->params;
  session_.counts.sent_bytes += bytes_of(params);
  const int count = static_cast<int>(params.size());
  const int format = query.text_results ? 0 : 1;
  session_.last_statement.set(query);
  const bool is_named =
      session_.statements.capacity() > 0 && request->stale_attempts < named_attempts;
  const char* name = is_named ? session_.statements.find(query) : nullptr;
  int success = 0;
  if (name != nullptr) {
    success = PQsendQueryPrepared(connection, name, count, params.values.data(),
                                  params.lengths.data(), params.formats.data(), format);
  } else {
    boost::container::small_vector<Oid, 32> types;
    for (const QueryValue& parameter : query.parameters)
      types.push_back(parameter.type_oid);
    const Oid* declared = types.size() == params.size() ? types.data() : nullptr;
    success =
        PQsendQueryParams(connection, query.sql.c_str(), count, declared, params.values.data(),
                          params.lengths.data(), params.formats.data(), format);
  }
  sent(success, {.kind = Item::Kind::execute, .request = std::move(request)});
}

bool PipelineConnection::sent(int success, Item item) {
  items_.push_back(std::move(item));
  is_synced_ = items_.back().kind == Item::Kind::sync;
  if (success == 0) lose(failure_of(session_.connection.get()));
  return success != 0;
}

void PipelineConnection::sync() {
  if (is_lost()) return;
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
  const int success = PQsendPipelineSync(session_.connection.get());
#else
  const int success = PQpipelineSync(session_.connection.get());
#endif
  sent(success, {.kind = Item::Kind::sync});
}

Wait PipelineConnection::flush() {
  if (is_lost()) return Wait::done;
  switch (PQflush(session_.connection.get())) {
    case 0:
      return Wait::done;
    case 1:
      return Wait::read_or_write;
    default:
      lose(failure_of(session_.connection.get()));
      return Wait::done;
  }
}

void PipelineConnection::read() {
  PGconn* const connection = session_.connection.get();
  if (is_lost()) return;
  const bool alive = PQconsumeInput(connection) != 0;
  int ends = 0;  // of one answer and of the next: two in a row mean that there is no more
  while (!items_.empty() && ends < 2 && !is_lost() && PQisBusy(connection) == 0) {
    PGresult* result = PQgetResult(connection);
    if (result == nullptr) {
      ++ends;
      if (has_current_) end_item();
      continue;
    }
    ends = 0;
    keep(result);
  }
  if (!alive && !is_lost()) lose(failure_of(connection));
}

void PipelineConnection::keep(pg_result* result) {
  Result owned(result);
  session_.counts.received_bytes += PQresultMemorySize(result);
  switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
      // It has no end of its own.
      if (items_.front().kind == Item::Kind::sync) {
        items_.pop_front();
      } else {
        lose({.kind = StatementFailure::Kind::protocol, .reason = "a Sync before its statements"});
      }
      return;
    case PGRES_PIPELINE_ABORTED:
      current_.aborted = true;
      break;
    case PGRES_FATAL_ERROR: {
      StatementFailure failure = failure_of(result, session_.connection.get());
      const bool over = failure.fatal || failure.kind != StatementFailure::Kind::server;
      if (over) {
        lose(std::move(failure));
        return;
      }
      current_.failure = std::move(failure);
      break;
    }
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
    case PGRES_BAD_RESPONSE:
      lose({.kind = StatementFailure::Kind::protocol,
            .reason = std::string("unexpected answer ") + PQresStatus(PQresultStatus(result))});
      return;
    default:
      current_.result = std::move(owned);
      break;
  }
  has_current_ = true;
}

// The first item's answer is complete.
void PipelineConnection::end_item() {
  Item item = std::move(items_.front());
  items_.pop_front();
  PipelineAnswer answer = std::exchange(current_, {});
  has_current_ = false;
  StatementCache& cache = session_.statements;
  // It may be a newer one that is forgotten here: then it is prepared once more.
  const auto forget = [&](bool still_on_server) {
    cache.drop(*item.request->query, still_on_server);
  };
  switch (item.kind) {
    case Item::Kind::prepare:
      if (answer.failure || answer.aborted) forget(false);
      item.request->failure = std::move(answer.failure);
      return;
    case Item::Kind::execute:
      if (answer.failure.statement_is_stale()) forget(!answer.failure.is_sqlstate("26000"));
      if (answer.aborted && item.request->failure) {
        answer.failure = std::move(item.request->failure);
        answer.aborted = false;
      }
      --in_flight_;
      answers_.push_back({std::move(item.request), std::move(answer)});
      return;
    case Item::Kind::close:
    case Item::Kind::sync:
      return;
  }
}

// The request under way gets the reason; those behind it only know that the connection is gone.
void PipelineConnection::lose(StatementFailure failure) {
  session_.broken = true;
  for (Item& item : items_) {
    if (item.kind != Item::Kind::execute) continue;
    PipelineAnswer answer;
    answer.failure = failure;
    if (failure.kind == StatementFailure::Kind::server) {
      failure = {.kind = StatementFailure::Kind::connection_lost,
                 .reason = one_line(failure.fields.message)};
    }
    answers_.push_back({std::move(item.request), std::move(answer)});
  }
  items_.clear();
  in_flight_ = 0;
}

void PipelineConnection::leave() {
  has_left_ = true;
  if (!is_lost() && PQexitPipelineMode(session_.connection.get()) == 0) session_.broken = true;
}

std::vector<PipelineRequestPtr> PipelineConnection::abandon() {
  std::vector<PipelineRequestPtr> requests;
  for (Item& item : items_) {
    if (item.kind == Item::Kind::execute) requests.push_back(std::move(item.request));
  }
  if (!items_.empty()) session_.broken = true;
  items_.clear();
  in_flight_ = 0;
  return requests;
}

}  // namespace qm::pool
