// A typed select of one film by its key, by one caller and by many on four connections.
#include <sys/epoll.h>
#include <unistd.h>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <pqxx/pqxx>
#include <quartermaster/async_transaction.hpp>
#include <quartermaster/pipeline.hpp>
#include <stdexcept>

#include "bench.hpp"
#include "films.hpp"
#include "libpq_peer.hpp"

namespace qm::bench {
namespace {

namespace asio = boost::asio;

constexpr int connections = 4;

// The next film to ask for: all of them in a fixed disorder.
class Keys {
 public:
  explicit Keys(const Place& place, std::int64_t start = 0) : films_(place.films), at_(start) {}
  std::int64_t next() noexcept { return 1 + (at_ += 7919) % films_; }

 private:
  std::int64_t films_;
  std::int64_t at_;
};

// Hand-written in the usual way: who comes first is served first, with a connection handed over.
class HandOffPool {
 public:
  explicit HandOffPool(const Place& place) {
    for (int i = 0; i < connections; ++i) {
      all_.push_back(connect_peer_with_get(place.url));
      free_.push_back(all_.back().get());
    }
  }

  films::Film get(std::int64_t id) {
    PGconn* connection = acquire();
    films::Film film = peer_get(connection, id);
    release(connection);
    return film;
  }

 private:
  struct Waiter {
    std::condition_variable ready;
    PGconn* connection = nullptr;
  };

  PGconn* acquire() {
    std::unique_lock lock(mutex_);
    if (!free_.empty() && waiters_.empty()) {
      PGconn* connection = free_.back();
      free_.pop_back();
      return connection;
    }
    Waiter waiter;
    waiters_.push_back(&waiter);
    waiter.ready.wait(lock, [&] { return waiter.connection != nullptr; });
    return waiter.connection;
  }
  void release(PGconn* connection) {
    const std::lock_guard lock(mutex_);
    if (waiters_.empty()) {
      free_.push_back(connection);
      return;
    }
    Waiter* waiter = waiters_.front();
    waiters_.pop_front();
    waiter->connection = connection;
    waiter->ready.notify_one();
  }

  std::mutex mutex_;
  std::vector<Peer> all_;
  std::vector<PGconn*> free_;
  std::deque<Waiter*> waiters_;
};

// One thread, an epoll loop, pipelines on all connections: as many requests in flight as there are
// callers, each answered one replaced by the next.
class PeerLoop {
 public:
  PeerLoop(const Place& place, int callers, bool sync_each)
      : sync_each_(sync_each), keys_(place), epoll_(epoll_create1(0)) {
    for (int i = 0; i < connections; ++i) {
      links_.push_back({connect_peer_with_get(place.url), callers / connections});
      PGconn* connection = links_.back().connection.get();
      PQsetnonblocking(connection, 1);
      PQenterPipelineMode(connection);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u32 = static_cast<std::uint32_t>(i);
      epoll_ctl(epoll_, EPOLL_CTL_ADD, PQsocket(connection), &event);
    }
  }
  ~PeerLoop() { close(epoll_); }
  PeerLoop(const PeerLoop&) = delete;
  PeerLoop& operator=(const PeerLoop&) = delete;

  std::uint64_t work(Clock::time_point end) {
    std::uint64_t answered = 0;
    for (Link& link : links_)
      send(link);
    for (bool more = true; more || in_flight() > 0;) {
      more = Clock::now() < end;
      std::array<epoll_event, connections> events{};
      const int ready = epoll_wait(epoll_, events.data(), connections, -1);
      for (int i = 0; i < ready; ++i) {
        Link& link = links_[events[static_cast<std::size_t>(i)].data.u32];
        answered += receive(link);
        if (more) send(link);
      }
    }
    return answered;
  }

 private:
  struct Link {
    Peer connection;
    int share;
    int in_flight = 0;
    int syncs = 0;
  };

  int in_flight() const {
    int sum = 0;
    for (const Link& link : links_)
      sum += link.in_flight + link.syncs;
    return sum;
  }

  void send(Link& link) {
    PGconn* connection = link.connection.get();
    const bool sends = link.in_flight < link.share;
    while (link.in_flight < link.share) {
      peer_send_get(connection, keys_.next());
      ++link.in_flight;
      if (sync_each_) sync(link);
    }
    if (sends && !sync_each_) sync(link);
    if (PQflush(connection) < 0) throw std::runtime_error(PQerrorMessage(connection));
  }
  static void sync(Link& link) {
    if (PQpipelineSync(link.connection.get()) == 0) throw std::runtime_error("sync");
    ++link.syncs;
  }

  static std::uint64_t receive(Link& link) {
    PGconn* connection = link.connection.get();
    if (PQconsumeInput(connection) == 0) throw std::runtime_error(PQerrorMessage(connection));
    std::uint64_t answered = 0;
    int ends = 0;
    while (link.in_flight + link.syncs > 0 && ends < 2 && PQisBusy(connection) == 0) {
      PGresult* next = PQgetResult(connection);
      if (next == nullptr) {
        ++ends;
        continue;
      }
      ends = 0;
      const PeerResult result = checked(next, connection);
      if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
        --link.syncs;
        continue;
      }
      peer_film(result.get(), 0);
      --link.in_flight;
      ++answered;
    }
    return answered;
  }

  const bool sync_each_;
  Keys keys_;
  int epoll_;
  std::vector<Link> links_;
};

std::shared_ptr<Pool> pool_of(const Place& place,
                              std::chrono::milliseconds bound = std::chrono::milliseconds(1)) {
  DatabaseConfig config;
  config.url = place.url;
  config.max_conns = config.min_conns = connections;
  config.overtake_bound = bound;
  return std::make_shared<Pool>(pool_config(config));
}

// The film of the key, on that many threads.
template <class Get>
Work callers(const Place& place, int threads, const Get& get) {
  return [=](Clock::time_point end) {
    std::vector<Keys> keys;
    for (int i = 0; i < threads; ++i)
      keys.emplace_back(place, i * 131);
    return on_threads(threads, end,
                      [&](int caller) { get(keys[static_cast<std::size_t>(caller)].next()); });
  };
}

Work blocking(const Place& place, const std::shared_ptr<Executor>& executor, int threads) {
  return callers(place, threads, [executor, client = films::Client()](std::int64_t id) {
    return client.get_film(*executor, id);
  });
}

// Coroutines on one thread.
class Coroutines {
 public:
  Coroutines(const Place& place, int coroutines, bool pipelined, bool group_reads)
      : place_(place), coroutines_(coroutines), pool_(pool_of(place)) {
    if (!pipelined) return;
    pipeline_.emplace(*pool_, io_.get_executor(),
                      PipelineOptions{.connections = connections, .group_reads = group_reads});
    db_ = AsyncExecutor(*pipeline_, io_.get_executor());
  }

  std::uint64_t work(Clock::time_point end) {
    std::uint64_t count = 0;
    for (int i = 0; i < coroutines_; ++i)
      asio::co_spawn(io_, one(i, end, count), asio::detached);
    io_.restart();
    io_.run();
    return count;
  }

 private:
  asio::awaitable<void> one(int number, Clock::time_point end, std::uint64_t& count) {
    Keys keys(place_, number * 131);
    while (Clock::now() < end) {
      co_await client_.async_get_film(db_, keys.next(), asio::use_awaitable);
      ++count;
    }
  }

  const Place place_;
  const int coroutines_;
  const films::Client client_;
  std::shared_ptr<Pool> pool_;
  asio::io_context io_{1};
  std::optional<PipelinedExecutor> pipeline_;
  AsyncExecutor db_{*pool_, io_.get_executor()};
};

Work coroutines(const Place& place, int count, bool pipelined = false, bool group_reads = true) {
  auto made = std::make_shared<Coroutines>(place, count, pipelined, group_reads);
  return [made](Clock::time_point end) { return made->work(end); };
}

Work pipelined(const Place& place, int threads, bool group_reads = true) {
  struct Both {
    std::shared_ptr<Pool> pool;
    PipelinedExecutor pipeline;
  };
  const auto pool = pool_of(place);
  const auto both = std::shared_ptr<Both>(new Both{
      pool, PipelinedExecutor(*pool, {.connections = connections, .group_reads = group_reads})});
  return blocking(place, std::shared_ptr<Executor>(both, &both->pipeline), threads);
}

films::Film pqxx_film(const pqxx::row& row) {
  films::Film film;
  row[0].to(film.id);
  row[1].to(film.title);
  std::int32_t number = 0;
  if (row[3].to(number)) film.runtime = number;
  double rating = 0;
  if (row[4].to(rating)) film.rating = rating;
  if (row[5].to(number)) film.votes = number;
  std::int64_t gross = 0;
  if (row[6].to(gross)) film.gross = gross;
  row[7].to(film.is_rated);
  if (!row[8].is_null()) film.genre = row[8].as<std::string>();
  // Dates and times have no type in libpqxx 6: read as text, which favours it.
  row[2].as<std::string>("");
  row[9].as<std::string>();
  return film;
}

Work pqxx_caller(const Place& place) {
  const auto connection = std::make_shared<pqxx::connection>(place.url);
  connection->prepare("get_film", "select * from films where id = $1");
  return callers(place, 1, [connection](std::int64_t id) {
    pqxx::nontransaction transaction(*connection);
    return pqxx_film(transaction.exec_prepared1("get_film", id));
  });
}

Work soci_caller(const Place& place) {
  struct State {
    soci::session session;
    std::int64_t id = 0;
    films::Film film;
    soci::indicator has_released{}, has_runtime{}, has_rating{}, has_votes{}, has_gross{},
        has_genre{};
    std::tm released{}, added{};
    int runtime = 0, votes = 0, is_rated = 0;
    double rating = 0;
    long long gross = 0, film_id = 0;
    std::string genre;
    std::unique_ptr<soci::statement> statement;
  };
  // SOCI takes libpq's key=value string, which a URL is in its dbname.
  auto state = std::make_shared<State>();
  state->session.open(soci::postgresql, place.url);
  State& s = *state;
  s.statement = std::make_unique<soci::statement>(
      (s.session.prepare << "select id, title, released, runtime, rating, votes, gross, "
                            "is_rated::int, genre, added from films where id = :id",
       soci::into(s.film_id), soci::into(s.film.title), soci::into(s.released, s.has_released),
       soci::into(s.runtime, s.has_runtime), soci::into(s.rating, s.has_rating),
       soci::into(s.votes, s.has_votes), soci::into(s.gross, s.has_gross), soci::into(s.is_rated),
       soci::into(s.genre, s.has_genre), soci::into(s.added), soci::use(s.id)));
  return callers(place, 1, [state](std::int64_t id) {
    state->id = id;
    if (!state->statement->execute(true)) throw std::runtime_error("no film");
  });
}

Workload by_one(const Place& place) {
  const auto connection = std::make_shared<Peer>(connect_peer_with_get(place.url));
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  const std::shared_ptr<Connection> own = Connection::open({.url = place.url}, deadline);
  return {"point select, 1 caller",
          "queries",
          {{"libpq",
            callers(place, 1, [connection](std::int64_t id) { peer_get(connection->get(), id); }),
            true},
           {"Connection", blocking(place, own, 1)},
           {"Pool", blocking(place, pool_of(place), 1)},
           {"Pool, coroutine", coroutines(place, 1)},
           {"PipelinedExecutor, coroutine", coroutines(place, 1, true)},
           {"libpqxx", pqxx_caller(place)},
           {"SOCI", soci_caller(place)}}};
}

Workload by_eight(const Place& place) {
  const auto hand_off = std::make_shared<HandOffPool>(place);
  return {"point select, 8 callers on 4 connections",
          "queries",
          {{"libpq, strict hand-off pool",
            callers(place, 8, [hand_off](std::int64_t id) { hand_off->get(id); }), true},
           {"Pool", blocking(place, pool_of(place), 8)},
           {"Pool, overtake_bound 0", blocking(place, pool_of(place, {}), 8)},
           {"Pool, coroutines", coroutines(place, 8)},
           {"PipelinedExecutor, threads", pipelined(place, 8)},
           {"PipelinedExecutor, coroutines", coroutines(place, 8, true)}}};
}

Workload by_many(const Place& place) {
  const auto each = std::make_shared<PeerLoop>(place, 64, true);
  const auto turn = std::make_shared<PeerLoop>(place, 64, false);
  const auto hand_off = std::make_shared<HandOffPool>(place);
  return {"point select, 64 callers on 4 connections",
          "queries",
          {{"libpq, epoll loop, a Sync a request",
            [each](Clock::time_point end) { return each->work(end); }, true},
           {"libpq, epoll loop, a Sync a turn",
            [turn](Clock::time_point end) { return turn->work(end); }},
           {"libpq, strict hand-off pool, threads",
            callers(place, 64, [hand_off](std::int64_t id) { hand_off->get(id); })},
           {"Pool, threads", blocking(place, pool_of(place), 64)},
           {"Pool, coroutines", coroutines(place, 64)},
           {"PipelinedExecutor, threads", pipelined(place, 64)},
           {"PipelinedExecutor, coroutines, a Sync a request", coroutines(place, 64, true, false)},
           {"PipelinedExecutor, coroutines, reads grouped", coroutines(place, 64, true)}}};
}

}  // namespace

std::vector<Workload> select_workloads(const Place& place) {
  return {by_one(place), by_eight(place), by_many(place)};
}

}  // namespace qm::bench
