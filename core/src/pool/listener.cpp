// See quartermaster/listener.hpp.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <quartermaster/error.hpp>
#include <quartermaster/listener.hpp>
#include <set>
#include <thread>

#include "pool/background_thread.hpp"
#include "pool/event_fd.hpp"
#include "pool/wait.hpp"

namespace qm {
namespace {

constexpr std::size_t longest_channel = 63;  // NAMEDATALEN - 1

void require_channel(const std::string& channel) {
  const bool fits = !channel.empty() && channel.size() <= longest_channel &&
                    channel.find('\0') == std::string::npos;
  if (fits) return;
  throw ConfigError(Report{.object = "channel",
                           .expected = fmt::format("1 to {} bytes without NUL", longest_channel),
                           .found = fmt::format("{} bytes", channel.size())});
}

}  // namespace

class Listener::Impl {
 public:
  Impl(ListenerConfig config, ObserverPtr observer)
      : config_(std::move(config)), observer_(std::move(observer)) {
    if (!config_.on_notification) {
      throw ConfigError(
          Report{.object = "listener", .expected = "an on_notification", .found = "none"});
    }
    for (const std::string& channel : config_.channels) {
      require_channel(channel);
      wanted_.insert(channel);
    }
    connect();
    follow_wishes();
    thread_ = pool::background_thread([this] { run(); });
  }

  ~Impl() {
    stopping_ = true;
    wake_.signal();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void change(const std::string& channel, bool wanted) {
    {
      const std::lock_guard lock(mutex_);
      if (wanted) {
        wanted_.insert(channel);
      } else {
        wanted_.erase(channel);
      }
    }
    wake_.signal();
  }

  bool is_listening() const {
    const std::lock_guard lock(mutex_);
    return connected_ && heard_ == wanted_;
  }

 private:
  void run() {
    while (!stopping_) {
      try {
        if (!connection_) {
          come_back();
        } else {
          listen_once();
        }
      } catch (const std::exception& error) {
        lose(error);
      }
    }
  }

  void connect() {
    connection_ =
        Connection::open(config_.connection, pool::after(config_.connect_timeout), observer_);
    const std::lock_guard lock(mutex_);
    connected_ = true;
  }

  // LISTEN and UNLISTEN until what is heard is what is wanted.
  void follow_wishes() {
    for (;;) {
      std::string statement;
      std::set<std::string> goal;
      {
        const std::lock_guard lock(mutex_);
        if (heard_ == wanted_) return;
        goal = wanted_;
        for (const std::string& channel : wanted_) {
          if (!heard_.contains(channel)) statement += "listen " + quoted(channel) + ";";
        }
        for (const std::string& channel : heard_) {
          if (!wanted_.contains(channel)) statement += "unlisten " + quoted(channel) + ";";
        }
      }
      connection_->execute_script(statement, within_timeout(), "listen");
      const std::lock_guard lock(mutex_);
      heard_ = std::move(goal);
    }
  }

  void listen_once() {
    follow_wishes();
    deliver();
    const bool silent = !poll_until(pool::after(config_.ping_period), connection_->socket());
    if (stopping_) return;
    if (silent) connection_->execute_script("", within_timeout(), "ping");
    deliver();
  }

  void deliver() {
    for (const Notification& notification : connection_->take_notifications())
      call("on_notification", [&] { config_.on_notification(notification); });
  }

  void lose(const std::exception& error) {
    if (!gap_) gap_ = ListenGap{.lost = Clock::now(), .back = {}, .reason = error.what()};
    note(Severity::warning, fmt::format("listener: {}", error.what()));
    connection_.reset();
    const std::lock_guard lock(mutex_);
    connected_ = false;
    heard_.clear();
  }

  void come_back() {
    if (pause_.count() > 0) poll_until(pool::after(pause_), -1);
    if (stopping_) return;
    pause_ =
        pause_.count() == 0 ? config_.first_pause : std::min(pause_ * 2, config_.longest_pause);
    connect();
    follow_wishes();
    pause_ = {};
    gap_->back = Clock::now();
    const ListenGap gap = *std::exchange(gap_, std::nullopt);
    note(Severity::info, "listener: listens again");
    if (config_.on_gap) call("on_gap", [&] { config_.on_gap(gap); });
  }

  // False when the time is over and nothing has come. Wakes up for the socket (-1: none), a wish or
  // the end.
  bool poll_until(Deadline until, int socket) {
    std::array<pollfd, 2> polled{pollfd{wake_.get(), POLLIN, 0}, pollfd{socket, POLLIN, 0}};
    for (;;) {
      const pool::Timeout timeout(until);
      const int ready = ::ppoll(polled.data(), polled.size(), timeout.get(), nullptr);
      if (ready < 0) continue;  // a signal
      if (polled[0].revents != 0) wake_.clear();
      if (ready > 0 && (stopping_ || socket >= 0)) return true;
      if (ready == 0) return false;
      // A wish while there is no connection: it is followed once there is one.
    }
  }

  CallOptions within_timeout() const { return {pool::after(config_.connect_timeout)}; }

  static std::string quoted(const std::string& channel) {
    std::string text = "\"";
    for (const char c : channel)
      text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
  }

  template <class Handler>
  void call(const char* name, const Handler& handler) {
    try {
      handler();
    } catch (const std::exception& error) {
      note(Severity::error, fmt::format("listener: {} threw: {}", name, error.what()));
    } catch (...) {
      note(Severity::error, fmt::format("listener: {} threw", name));
    }
  }

  void note(Severity severity, const std::string& message) const {
    if (observer_) observer_->on_note({severity, "pool", message});
  }

  const ListenerConfig config_;
  const ObserverPtr observer_;
  std::unique_ptr<Connection> connection_;  // the thread's own, once that runs
  std::optional<ListenGap> gap_;
  std::chrono::milliseconds pause_{0};
  std::atomic<bool> stopping_{false};
  pool::EventFd wake_;

  mutable std::mutex mutex_;
  std::set<std::string> wanted_;
  std::set<std::string> heard_;
  bool connected_ = false;

  std::thread thread_;
};

Listener::Listener(ListenerConfig config, ObserverPtr observer)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(observer))) {}
Listener::~Listener() = default;

void Listener::listen(const std::string& channel) {
  require_channel(channel);
  impl_->change(channel, true);
}

void Listener::unlisten(const std::string& channel) {
  impl_->change(channel, false);
}

bool Listener::is_listening() const {
  return impl_->is_listening();
}

}  // namespace qm
