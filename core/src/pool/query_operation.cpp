// See query_operation.hpp.
#include "pool/query_operation.hpp"

#include <boost/container/small_vector.hpp>

namespace qm::pool {
namespace {

using Types = boost::container::small_vector<Oid, 32>;

// 0 where only the database knows the OID: the server infers it from the statement.
Types declared_types(const RegisteredQuery& query) {
  Types types;
  for (const QueryValue& parameter : query.parameters)
    types.push_back(parameter.type_oid);
  return types;
}

}  // namespace

QueryOperation::QueryOperation(detail::Session& session, const RegisteredQuery& query,
                               const ParamView& params)
    : session_(session), statement_(session.connection.get()), query_(&query), params_(&params) {
  // Inside a transaction the error has already ended it: there is nothing to retry in.
  retries_left_ = session.transaction_status() == Connection::TransactionStatus::idle ? 2 : 0;
  start_registered();
}

QueryOperation::QueryOperation(detail::Session& session, const RegisteredQuery& query,
                               const ParamView& params, RowSink& sink)
    : session_(session),
      statement_(session.connection.get()),
      query_(&query),
      params_(&params),
      sink_(&sink) {
  retries_left_ = session.transaction_status() == Connection::TransactionStatus::idle ? 2 : 0;
  start_registered();
}

QueryOperation::QueryOperation(detail::Session& session, const ParamView& params)
    : session_(session), statement_(session.connection.get()) {
  statement_.execute(session.sql.c_str(), params, params.types, false);
}

QueryOperation::QueryOperation(detail::Session& session, const StatementOperation::CopySink& sink)
    : session_(session), statement_(session.connection.get()) {
  statement_.copy_to(sink);
  statement_.script(session.sql.c_str());
}

QueryOperation::QueryOperation(detail::Session& session)
    : session_(session), statement_(session.connection.get()) {
  statement_.script(session.sql.c_str());
}

QueryOperation::QueryOperation(detail::Session& session, std::span<const Oid> parameter_types)
    : session_(session), statement_(session.connection.get()), stage_(Stage::parsing) {
  statement_.prepare("", session.sql.c_str(), parameter_types);
}

QueryOperation::QueryOperation(detail::Session& session, const RegisteredQuery& query, PrepareOnly)
    : session_(session), statement_(session.connection.get()), query_(&query), prepare_only_(true) {
  if (session.statements.find(query) == nullptr) {
    start_registered();
  } else {
    ++session.counts.statement_hits;
  }
}

void QueryOperation::start_registered() {
  StatementCache& cache = session_.statements;
  if (cache.capacity() == 0) {
    start_unnamed();
  } else if (const char* name = cache.find(*query_)) {
    ++session_.counts.statement_hits;
    start_execute(name);
  } else if (cache.has_evicted() &&
             session_.transaction_status() == Connection::TransactionStatus::idle) {
    // In a transaction they stay until later: should somebody else have closed one already, the
    // error would end the transaction. Names are never used twice, so nothing is in the way.
    stage_ = Stage::closing;
    statement_.script(cache.take_close_script().c_str());
  } else {
    start_prepare();
  }
}

void QueryOperation::start_unnamed() {
  const Types types = declared_types(*query_);
  stage_ = Stage::executing;
  if (sink_ != nullptr) statement_.stream_to(*sink_);
  statement_.execute(query_->sql.c_str(), *params_, {types.data(), types.size()},
                     query_->text_results);
}

void QueryOperation::start_prepare() {
  const Types types = declared_types(*query_);
  ++session_.counts.statement_misses;
  new_name_ = session_.statements.new_name(*query_);
  stage_ = Stage::preparing;
  statement_.prepare(new_name_.c_str(), query_->sql.c_str(), {types.data(), types.size()});
}

void QueryOperation::start_execute(const char* name) {
  stage_ = Stage::executing;
  if (sink_ != nullptr) statement_.stream_to(*sink_);
  statement_.execute_prepared(name, *params_, query_->text_results);
}

Wait QueryOperation::resume() {
  for (;;) {
    const Wait wanted = statement_.resume();
    if (wanted != Wait::done || statement_.is_paused()) return wanted;
    statement_.count_into(session_.counts);
    if (statement_.connection_broken()) session_.broken = true;
    if (!next()) return Wait::done;
  }
}

// True when a further request was begun.
bool QueryOperation::next() {
  const bool stop = abandoned_ || session_.broken;
  switch (stage_) {
    case Stage::closing:
      // That one of them was unknown (DEALLOCATE ALL by somebody) is as good as closed.
      if (stop) return false;
      start_prepare();
      return true;
    case Stage::preparing:
      if (statement_.failure()) return false;
      prepared_at_ = Clock::now();
      session_.statements.insert(*query_, new_name_);
      if (stop || prepare_only_) return false;
      start_execute(session_.statements.find(*query_));
      return true;
    case Stage::parsing:
      if (stop || statement_.failure()) return false;
      stage_ = Stage::executing;
      statement_.describe_prepared("");
      return true;
    case Stage::executing:
      if (query_ == nullptr || !statement_.failure().statement_is_stale()) return false;
      session_.statements.drop(*query_, !statement_.failure().is_sqlstate("26000"));
      if (stop || retries_left_ == 0) return false;
      if (--retries_left_ > 0) {
        start_registered();
      } else {
        // Stale again: changes come in quick succession. Nothing comes between parsing and
        // executing when both are in one transaction.
        start_unnamed();
      }
      return true;
  }
  return false;
}

}  // namespace qm::pool
