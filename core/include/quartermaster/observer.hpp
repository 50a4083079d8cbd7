// How the pool, the connections and the migrator tell what they do. Logging and metrics are
// observers; an application may add its own. Events carry views that are valid during the call.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <quartermaster/params.hpp>
#include <quartermaster/query.hpp>
#include <string_view>
#include <vector>

namespace qm {

class Error;

enum class Operation : std::uint8_t {
  connect,
  prepare,
  execute,
  commit,
  rollback,
  migrate,
  upkeep
};
QM_API const char* to_string(Operation operation) noexcept;

struct QueryEvent {
  Operation operation = Operation::execute;
  const RegisteredQuery* query = nullptr;  // null for ad-hoc statements
  std::string_view name;                   // full name, or the ad-hoc label
  std::string_view sql;
  const ParamView* params = nullptr;
  std::chrono::nanoseconds duration{0};
  std::int64_t rows = 0;         // returned or affected
  int backend_pid = 0;           // the connection
  const Error* error = nullptr;  // null on success
  std::string_view sqlstate;     // of a ServerError
};

enum class Severity : std::uint8_t { debug, info, warning, error };

// Anything else worth a record: a failed upkeep, a leak, a server notice, a refused plugin.
struct NoteEvent {
  Severity severity = Severity::info;
  std::string_view area;  // "pool", "migrate", "plugin", "server", "http"
  std::string_view message;
};

class QM_API Observer {
 public:
  virtual ~Observer();
  // Called after every statement, on the thread that ran it, with no lock held. Must be
  // thread-safe and must not call back into the connection.
  virtual void on_query(const QueryEvent& event) noexcept = 0;
  virtual void on_note(const NoteEvent& event) noexcept = 0;
  // False lets the caller skip measuring; asked once per statement.
  virtual bool wants_queries() const noexcept { return true; }

 protected:
  Observer() = default;
  Observer(const Observer&) = default;
  Observer& operator=(const Observer&) = default;
};

using ObserverPtr = std::shared_ptr<Observer>;

// Calls each in order; null entries are left out; null when nothing is left.
QM_API ObserverPtr combine(std::vector<ObserverPtr> observers);

}  // namespace qm
