// Whether a pool can serve: what the health endpoint and the CLI ask.
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>

#include "pool/wait.hpp"

namespace qm {
namespace {

constexpr std::chrono::seconds health_bound{2};

HealthReport failed(HealthState state, const Error& error, Deadline started) {
  return {.state = state, .reason = error.what(), .latency = Clock::now() - started};
}

}  // namespace

const char* to_string(HealthState state) noexcept {
  switch (state) {
    case HealthState::ok:
      return "ok";
    case HealthState::saturated:
      return "saturated";
    case HealthState::down:
      return "down";
    case HealthState::closed:
      return "closed";
  }
  return "unknown";
}

HealthReport health(Pool& pool) {
  const Deadline started = Clock::now();
  const Deadline deadline = pool::after(health_bound, started);
  try {
    auto connection = pool.acquire(deadline);
    connection->execute("select 1", {}, {deadline}, "health");
    return {.state = HealthState::ok, .reason = {}, .latency = Clock::now() - started};
  } catch (const PoolClosed& error) {
    return failed(HealthState::closed, error, started);
  } catch (const AcquireTimeout& error) {
    // Busy is not down: the server answers those who hold the connections.
    const PoolStats stats = pool.stats();
    const bool saturated = stats.acquired_conns >= stats.max_conns;
    return failed(saturated ? HealthState::saturated : HealthState::down, error, started);
  } catch (const Error& error) {
    return failed(HealthState::down, error, started);
  }
}

}  // namespace qm
