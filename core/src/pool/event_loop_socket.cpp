// See event_loop_socket.hpp.
#include "pool/event_loop_socket.hpp"

#include <boost/asio/execution_context.hpp>
#include <mutex>
#include <optional>
#include <unordered_set>

namespace qm::pool {

namespace asio = boost::asio;

// The registrations with one loop, shared with them: it may end before them.
class EventLoopSocket::Registry {
 public:
  void add(const std::shared_ptr<Registration>& registration) {
    const std::lock_guard lock(mutex_);
    registrations_.insert(registration);
  }
  void remove(const std::shared_ptr<Registration>& registration) noexcept {
    const std::lock_guard lock(mutex_);
    registrations_.erase(registration);
  }
  void end_all() noexcept;

 private:
  std::mutex mutex_;
  std::unordered_set<std::shared_ptr<Registration>> registrations_;
};

// Ended by whoever comes first: the session or the loop.
struct EventLoopSocket::Registration {
  std::mutex mutex;
  std::optional<asio::posix::stream_descriptor> descriptor;
  asio::execution_context* context = nullptr;  // null: ended
  std::shared_ptr<Registry> registry;

  void end() noexcept {
    const std::lock_guard lock(mutex);
    if (context == nullptr) return;
    descriptor->release();  // libpq closes it
    descriptor.reset();
    context = nullptr;
  }
};

void EventLoopSocket::Registry::end_all() noexcept {
  std::unordered_set<std::shared_ptr<Registration>> all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(registrations_);
  }
  for (const auto& registration : all)
    registration->end();
}

// The loop's part of the registry: ends the registrations when the loop ends.
class EventLoopSocket::Loop final : public asio::execution_context::service {
 public:
  static asio::execution_context::id id;

  explicit Loop(asio::execution_context& context) : service(context) {}

  const std::shared_ptr<Registry>& registry() const noexcept { return registry_; }

 private:
  void shutdown() override { registry_->end_all(); }

  const std::shared_ptr<Registry> registry_ = std::make_shared<Registry>();
};

asio::execution_context::id EventLoopSocket::Loop::id;

EventLoopSocket::EventLoopSocket(std::shared_ptr<Registration> registration)
    : registration_(std::move(registration)) {}

EventLoopSocket::~EventLoopSocket() {
  // In this order: while it is registered, the loop waits for its end before it ends itself.
  registration_->end();
  registration_->registry->remove(registration_);
}

EventLoopSocket& EventLoopSocket::of(detail::Session& session,
                                     const asio::any_io_executor& executor) {
  asio::execution_context& context = executor.context();
  if (auto* known = static_cast<EventLoopSocket*>(session.event_loop.get())) {
    const std::lock_guard lock(known->registration_->mutex);
    if (known->registration_->context == &context) return *known;
  }
  session.event_loop.reset();
  auto registration = std::make_shared<Registration>();
  // Before the service, so that the loop's own services are there already and end after it.
  registration->descriptor.emplace(executor, session.fd());
  registration->context = &context;
  registration->registry = asio::use_service<Loop>(context).registry();
  registration->registry->add(registration);
  auto* made = new EventLoopSocket(std::move(registration));
  session.event_loop.reset(made);
  return *made;
}

asio::posix::stream_descriptor& EventLoopSocket::descriptor() noexcept {
  return *registration_->descriptor;
}

}  // namespace qm::pool
