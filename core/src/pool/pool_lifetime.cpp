// The beginning and the end of a pool: the first connection, close, and what the keeper reports.
#include <fmt/format.h>

#include <quartermaster/error.hpp>

#include "pool/background_thread.hpp"
#include "pool/keeper.hpp"
#include "pool/pool_section.hpp"
#include "pool/session.hpp"

namespace qm::detail {

using pool::Slot;

namespace {

constexpr const char* application_name = "quartermaster";  // where the url has none
constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::seconds longest_pause{1};
// How long cancelled statements, and the keeper, may take to end when the pool is closed.
constexpr std::chrono::seconds stop_bound{1};
constexpr std::chrono::seconds upkeep_pause{1};
constexpr std::chrono::hours longest_drain{24 * 365};  // as good as for ever, and within the clock

pool::PoolRules rules_of(const DatabaseConfig& database) {
  return {.max_conns = database.max_conns,
          .min_conns = database.min_conns,
          .min_idle_conns = database.min_idle_conns,
          .max_conn_idle_time = database.max_conn_idle_time,
          .liveness_check_after = database.liveness_check_after,
          .overtake_bound = database.overtake_bound,
          .leak_report_after = database.leak_report_after};
}

}  // namespace

PoolCore::PoolCore(PoolConfig config, ObserverPtr observer)
    : config_(std::move(config)),
      observer_(std::move(observer)),
      conninfo_(pool::Conninfo::parse(config_.database.url, application_name)),
      state_(rules_of(config_.database)),
      random_(std::random_device{}()) {
  // So that handing a connect to the keeper needs no memory.
  to_connect_.reserve(config_.database.max_conns);
}

PoolCore::~PoolCore() = default;

void PoolCore::start() {
  const Deadline end = pool::after(config_.start_timeout);
  keeper_running_ = true;
  keeper_ = pool::background_thread([self = shared_from_this()] { Keeper(*self).run(); });

  std::unique_lock lock(mutex_);
  Clock::duration pause = first_pause;
  std::shared_ptr<const pool::ConnectFailure> reason;  // of the last attempt that has ended
  for (;;) {
    first_failure_.reset();
    if (const Slot slot = state_.connect_first(); slot != pool::no_slot) {
      to_connect_.push_back(slot);
      wake_keeper_.signal();
    }
    const bool settled = changed_.wait_until(
        lock, end, [&] { return first_failure_ != nullptr || state_.has_idle(); });
    if (state_.has_idle()) break;
    if (first_failure_) reason = first_failure_;
    const bool out_of_time = !settled || Clock::now() + pause >= end;
    if (out_of_time || reason->definitive) {
      Report report = reason ? reason->report : Report{};
      if (!reason) {
        report = {.object = "pool " + config_.name, .problem = "the server does not answer"};
      }
      if (out_of_time) {
        report.problem += fmt::format("; gave up after {} ms", config_.start_timeout.count());
      }
      throw ConnectError(std::move(report), reason ? reason->sqlstate : "");
    }
    // A server that is starting up: ask again after a while.
    changed_.wait_until(lock, Clock::now() + pause, [] { return false; });
    pause = std::min<Clock::duration>(pause * 2, longest_pause);
  }
  upkeep_wanted_ = true;
  wake_keeper_.signal();
}

// Lifetime and jitter: connections that were made together do not end together.
Deadline PoolCore::expiry(Deadline now) {
  const auto lifetime = config_.database.max_conn_lifetime;
  const auto jitter = config_.database.max_conn_lifetime_jitter.value_or(lifetime / 10);
  std::uniform_int_distribution<std::chrono::milliseconds::rep> spread(0, jitter.count());
  return pool::after(lifetime + std::chrono::milliseconds(spread(random_)), now);
}

// Of the next connection. Throws what the hook throws, and ConfigError for its url.
pool::Conninfo PoolCore::conninfo() const {
  if (!config_.hooks.before_connect) return conninfo_;
  std::string url = config_.database.url;
  config_.hooks.before_connect(url);
  return pool::Conninfo::parse(url, application_name);
}

void PoolCore::connected(Slot slot, pool::ConnectionHandle handle, Deadline began) {
  const auto& database = config_.database;
  // Behind a transaction pooler a named statement may be another client's.
  const bool named = database.session_state != DatabaseConfig::SessionState::off;
  const ConnectionOptions options{
      .url = {},
      .statement_cache_capacity = named ? database.statement_cache_capacity : 0,
      .query_timeout = database.query_timeout,
      .application_name = {}};
  auto session = std::make_unique<Session>(std::move(handle), options, observer_);
  if (database.session_state == DatabaseConfig::SessionState::automatic &&
      session->is_behind_pooler(pool::after(database.connect_timeout))) {
    session->statements = pool::StatementCache(0);
  }
  std::unique_ptr<Connection> connection(new Connection(std::move(session)));
  if (const auto& hook = config_.hooks.after_connect) {
    try {
      hook(*connection);
    } catch (const std::exception& error) {
      connection.reset();
      return connect_failed(slot,
                            {.report = {.object = "hook after_connect", .problem = error.what()}});
    }
  }
  bool doomed = false;
  {
    Section section(*this);
    if (members_.size() < state_.slots()) members_.resize(state_.slots());
    members_[slot].connection = std::move(connection);
    const Deadline now = Clock::now();
    state_.count_connect(now - began);
    const pool::Effects effects = state_.connected(slot, now, expiry(now));
    section.apply(effects);
    doomed = effects.destroy;
    changed_.notify_all();
  }
  if (doomed) destroy(slot);
}

void PoolCore::connect_failed(Slot slot, const pool::ConnectFailure& failure) {
  const auto shared = std::make_shared<const pool::ConnectFailure>(failure);
  bool of_upkeep = false;
  {
    Section section(*this);
    const auto errors = state_.stats().upkeep_errors_total;
    section.apply(state_.connect_failed(slot, shared));
    of_upkeep = state_.stats().upkeep_errors_total != errors && !state_.is_closed();
    if (of_upkeep) upkeep_not_before_ = pool::after(upkeep_pause);
    first_failure_ = shared;
    changed_.notify_all();
  }
  if (of_upkeep) note(Severity::warning, "upkeep: " + failure.report.text());
}

void PoolCore::close(std::chrono::milliseconds drain) {
  std::vector<Slot> idle;
  std::vector<pool::Wake> waiters;
  {
    Section section(*this);
    if (close_ended_) return;
    if (!state_.is_closed()) {
      idle = state_.close(waiters);
      if (state_.acquired() > idle.size()) keep_alive_ = shared_from_this();
    }
    section.signal_keeper();
  }
  for (const pool::Wake& wake : waiters)
    Section::perform(wake);
  destroy(idle);

  // What is still lent when the time is up: its statement is cancelled, so that its holder gives
  // it back, which may also be later.
  std::unique_lock lock(mutex_);
  const auto all_back = [&] { return state_.acquired() == 0; };
  if (!changed_.wait_until(
          lock, pool::after(std::min<std::chrono::milliseconds>(drain, longest_drain)), all_back)) {
    std::vector<pool::CancelHandle> running;
    for (Slot slot = 0; slot < members_.size(); ++slot) {
      if (state_.is_lent(slot)) running.push_back(members_[slot].connection->session_->cancel);
    }
    lock.unlock();
    for (auto& handle : running)
      pool::CancelRequest request(std::move(handle));
    lock.lock();
    changed_.wait_for(lock, stop_bound, all_back);
  }

  // A keeper that is stuck in the resolver ends by itself; it shares the pool.
  changed_.wait_for(lock, stop_bound, [&] { return !keeper_running_; });
  std::thread keeper = std::move(keeper_);
  const bool ended = !keeper_running_;
  close_ended_ = true;
  lock.unlock();
  if (!keeper.joinable()) return;
  if (ended) {
    keeper.join();
  } else {
    keeper.detach();
  }
}

}  // namespace qm::detail
