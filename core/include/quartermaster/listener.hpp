// LISTEN and NOTIFY: a connection of its own that hears what is notified on channels, comes back
// when it was lost, and says that it was away. Not for a pooler in transaction mode, which lends
// the session that listens to others.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <quartermaster/connection.hpp>
#include <quartermaster/observer.hpp>
#include <string>
#include <vector>

namespace qm {

// Notifications were not heard from `lost`, when the connection was found to be gone, until
// `back`; some may have been sent before it was found, for as long as keepalives take.
struct ListenGap {
  Clock::time_point lost;
  Clock::time_point back;
  std::string reason;  // what ended the connection
};

struct ListenerConfig {
  ConnectionOptions connection;
  std::vector<std::string> channels;  // exact names; more by listen()
  // All on the listener's thread, one call at a time. What they throw is noted, and nothing else
  // comes of it. They may call listen() and unlisten(), and must not destroy the listener.
  std::function<void(const Notification&)> on_notification;
  // Once it listens again: whatever the notifications keep up to date has to be read anew. Comes
  // before the first notification after the gap.
  std::function<void(const ListenGap&)> on_gap{};
  // For a connection, and for the answer to a ping.
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{10}};
  // How often a silent connection is asked whether it is still there.
  std::chrono::milliseconds ping_period{std::chrono::minutes{1}};
  // Before a connect is tried again; doubles up to the longest.
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{std::chrono::seconds{10}};
};

class QM_API Listener {
 public:
  // Listens when it returns. Throws ConfigError for no on_notification, and for a channel that is
  // empty, longer than 63 bytes or has a NUL; ConnectError and ServerError when it cannot listen.
  explicit Listener(ListenerConfig config, ObserverPtr observer = {});
  ~Listener();  // no call of a handler is under way or comes after that
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // From now on; takes effect on the listener's thread, as soon as it is connected. Idempotent.
  // Thread-safe. listen() throws ConfigError for a channel that cannot be.
  void listen(const std::string& channel);
  void unlisten(const std::string& channel);

  // Whether it is connected and hears every channel asked for. Thread-safe.
  bool is_listening() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace qm
