// What the observer is told in more than one place. Not the text of errors (failure.hpp).
#pragma once

#include <optional>
#include <quartermaster/observer.hpp>
#include <string_view>

#include "pool/failure.hpp"
#include "pool/wait.hpp"

namespace qm::pool {

// "" unless it is a ServerError.
std::string_view sqlstate_of(const Error* error) noexcept;

// Tells how a connection attempt ended; `connection` is null when it failed.
void report_connect(Observer* observer, const pg_conn* connection,
                    const std::optional<ConnectFailure>& failure, Deadline started);

}  // namespace qm::pool
