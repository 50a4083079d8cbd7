// What a query runs on: a Pool (acquires, runs, releases), a Connection or a Transaction. Typed
// clients take an Executor&, so that the same call works on all three.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <quartermaster/params.hpp>
#include <quartermaster/query.hpp>
#include <quartermaster/result.hpp>
#include <string_view>
#include <vector>

namespace qm {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

struct CallOptions {
  // When the call must have ended, waiting for a connection included. None: the configured
  // query_timeout (and acquire_timeout for the wait).
  std::optional<Deadline> deadline{};
};

// The parameters of several calls of one query, encoded one after the other.
class QM_API ParamRows {
 public:
  virtual ~ParamRows();
  virtual std::size_t size() const noexcept = 0;
  // Of the call with this index, below size(); valid until the next one. Throws DecodeError for
  // what cannot be sent.
  virtual ParamView at(std::size_t index) = 0;

 protected:
  ParamRows() = default;
  ParamRows(const ParamRows&) = default;
  ParamRows& operator=(const ParamRows&) = default;
};

// Takes the rows of a streamed result, one after the other.
class QM_API RowSink {
 public:
  virtual ~RowSink();
  // `row` is a result of this one row, there for the call only. False: no more rows are wanted.
  // What it throws ends the stream and is thrown on.
  virtual bool take(const Result& row) = 0;

 protected:
  RowSink() = default;
  RowSink(const RowSink&) = default;
  RowSink& operator=(const RowSink&) = default;
};

class QM_API Executor {
 public:
  virtual ~Executor();

  // Runs a registered query as a named prepared statement, prepared on first use in each
  // connection. Throws ServerError, QueryTimeout, ConnectionLost, ProtocolError, and on a Pool
  // PoolError and ConnectError.
  virtual Result execute(const RegisteredQuery& query, const ParamView& params,
                         const CallOptions& options = {}) = 0;

  // Runs one ad-hoc statement with $1..$n, unnamed, results in binary format. `name` labels it in
  // logs, metrics and errors. Same errors.
  virtual Result execute(std::string_view sql, const ParamView& params = {},
                         const CallOptions& options = {}, std::string_view name = "ad-hoc") = 0;

  // Runs a registered query once for each row of parameters: one pipeline, and one transaction
  // (implicit, or the one that is open), so that all calls take effect or none. Gives back their
  // results in order. Same errors, naming the call. Nothing is sent when a row cannot be encoded,
  // or there is none.
  virtual std::vector<Result> execute_batch(const RegisteredQuery& query, ParamRows& rows,
                                            const CallOptions& options = {}) = 0;

  // Runs a registered query and hands each row over as it arrives: memory does not grow with their
  // number. The call, with its deadline and its connection, lasts until the sink has taken them
  // all; what it runs on meanwhile must be something else. An error may come after some rows. A
  // sink that wants no more ends the statement: outside a transaction it is cancelled on the
  // server, inside one, which a cancellation would fail, the rest is read and dropped. Gives back
  // the number of rows taken. Same errors.
  virtual std::int64_t stream(const RegisteredQuery& query, const ParamView& params, RowSink& sink,
                              const CallOptions& options = {}) = 0;

  // Writes all rows with a query of kind copyfrom: one binary COPY, or a batch where a type has no
  // binary form. Gives back the number of rows written: all of them or, with an error, none.
  virtual std::int64_t copy_from(const RegisteredQuery& query, ParamRows& rows,
                                 const CallOptions& options = {}) = 0;

 protected:
  Executor() = default;
  Executor(const Executor&) = default;
  Executor& operator=(const Executor&) = default;
};

}  // namespace qm
