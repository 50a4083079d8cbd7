// Connecting, and what watching costs: metrics and logging on against off.
#include <quartermaster/connection.hpp>
#include <quartermaster/logging.hpp>
#include <quartermaster/metrics.hpp>

#include "bench.hpp"
#include "films.hpp"
#include "libpq_peer.hpp"

namespace qm::bench {
namespace {

Workload connecting(const Place& place) {
  const auto work = [](const auto& connect) {
    return [connect](Clock::time_point end) {
      std::uint64_t count = 0;
      for (; Clock::now() < end; ++count)
        connect();
      return count;
    };
  };
  return {"connect and close",
          "connections",
          {{"libpq", work([url = place.url] { connect_peer(url); }), true},
           {"Connection", work([url = place.url] {
              Connection::open({.url = url}, Clock::now() + std::chrono::seconds(10));
            })}}};
}

Work watched(const Place& place, ObserverPtr observer) {
  const std::shared_ptr<Connection> connection = Connection::open(
      {.url = place.url}, Clock::now() + std::chrono::seconds(10), std::move(observer));
  return [connection, client = films::Client(), films = place.films](Clock::time_point end) {
    std::uint64_t count = 0;
    for (; Clock::now() < end; ++count)
      client.get_film(*connection, 1 + static_cast<std::int64_t>(count) * 7919 % films);
    return count;
  };
}

Workload watching(const Place& place) {
  const auto metrics = std::make_shared<Metrics>();
  LogConfig log;
  const ObserverPtr both = combine({metrics->observer(), make_log_observer(log)});
  return {"point select, watched",
          "queries",
          {{"nobody", watched(place, {}), true}, {"metrics and logging", watched(place, both)}}};
}

}  // namespace

std::vector<Workload> connection_workloads(const Place& place) {
  return {connecting(place), watching(place)};
}

}  // namespace qm::bench
