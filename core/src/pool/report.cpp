// See report.hpp.
#include "pool/report.hpp"

#include <libpq-fe.h>

namespace qm::pool {

std::string_view sqlstate_of(const Error* error) noexcept {
  const auto* from_server = dynamic_cast<const ServerError*>(error);
  return from_server != nullptr ? std::string_view(from_server->sqlstate()) : std::string_view{};
}

void report_connect(Observer* observer, const PGconn* connection,
                    const std::optional<ConnectFailure>& failure, Deadline started) {
  if (observer == nullptr || !observer->wants_queries()) return;
  QueryEvent event{.operation = Operation::connect,
                   .name = "connect",
                   .sql = {},
                   .duration = Clock::now() - started,
                   .sqlstate = {}};
  if (connection != nullptr) {
    event.backend_pid = PQbackendPID(connection);
    observer->on_query(event);
    return;
  }
  const ConnectError error(failure ? failure->report : Report{}, failure ? failure->sqlstate : "");
  event.error = &error;
  if (failure) event.sqlstate = failure->sqlstate;
  observer->on_query(event);
}

}  // namespace qm::pool
