// Several observers as one.
#include <algorithm>
#include <quartermaster/observer.hpp>
#include <utility>

namespace qm {

Observer::~Observer() = default;

const char* to_string(Operation operation) noexcept {
  switch (operation) {
    case Operation::connect:
      return "connect";
    case Operation::prepare:
      return "prepare";
    case Operation::execute:
      return "execute";
    case Operation::commit:
      return "commit";
    case Operation::rollback:
      return "rollback";
    case Operation::migrate:
      return "migrate";
    case Operation::upkeep:
      return "upkeep";
  }
  return "unknown";
}

namespace {

class Combined final : public Observer {
 public:
  explicit Combined(std::vector<ObserverPtr> observers) : observers_(std::move(observers)) {}

  void on_query(const QueryEvent& event) noexcept override {
    for (const ObserverPtr& observer : observers_) {
      if (observer->wants_queries()) observer->on_query(event);
    }
  }
  void on_note(const NoteEvent& event) noexcept override {
    for (const ObserverPtr& observer : observers_)
      observer->on_note(event);
  }
  bool wants_queries() const noexcept override {
    return std::any_of(observers_.begin(), observers_.end(),
                       [](const ObserverPtr& observer) { return observer->wants_queries(); });
  }

 private:
  std::vector<ObserverPtr> observers_;
};

}  // namespace

ObserverPtr combine(std::vector<ObserverPtr> observers) {
  std::erase(observers, nullptr);
  if (observers.empty()) return nullptr;
  if (observers.size() == 1) return std::move(observers.front());
  return std::make_shared<Combined>(std::move(observers));
}

}  // namespace qm
