// Notifications: on a connection of one's own, and with a listener that comes back when its
// connection was lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/codec.hpp>
#include <quartermaster/listener.hpp>
#include <stdexcept>

#include "pools.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What a listener's handlers were told, in order.
class Heard {
 public:
  void add(const std::string& text) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(text);
  }
  std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return texts_;
  }
  bool becomes(std::size_t count) const {
    return becomes_true([&] { return all().size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> texts_;
};

class Listening : public testing::Test {
 protected:
  ListenerConfig config(std::vector<std::string> channels) {
    ListenerConfig config;
    config.connection.url = url_;
    config.channels = std::move(channels);
    config.first_pause = std::chrono::milliseconds(1);
    config.on_notification = [this](const Notification& notification) {
      heard.add(notification.channel + ": " + notification.payload);
    };
    config.on_gap = [this](const ListenGap& gap) {
      heard.add(gap.back > gap.lost ? "gap" : "gap that ends before it begins");
    };
    return config;
  }
  void notify(const std::string& channel, const std::string& payload) {
    run_sql(url_, "select pg_notify('" + channel + "', '" + payload + "')");
  }
  // The server's processes that wait after a LISTEN.
  int listening_backend() {
    const auto connection = connect(url_);
    return std::stoi(column(*connection,
                            "select pid from pg_stat_activity where query like 'listen%' and "
                            "pid <> pg_backend_pid() and datname = current_database()"));
  }

  const TestDatabase database_;
  const std::string url_ = database_.url();
  Heard heard;
};

TEST_F(Listening, OnAConnectionWaitsUntilSomethingCame) {
  const auto connection = connect(url_);
  EXPECT_THAT(connection->take_notifications(), IsEmpty());
  EXPECT_THAT(connection->wait_for_notifications(Clock::now() + std::chrono::milliseconds(1)),
              IsEmpty());
  connection->execute_script("listen news");
  notify("news", "one");
  notify("news", "two");
  notify("other", "three");
  std::vector<std::string> payloads;
  while (payloads.size() < 2) {
    for (const Notification& notification :
         connection->wait_for_notifications(Clock::now() + std::chrono::seconds(30))) {
      EXPECT_EQ(notification.channel, "news");
      EXPECT_NE(notification.backend_pid, connection->backend_pid());
      payloads.push_back(notification.payload);
    }
  }
  EXPECT_THAT(payloads, ElementsAre("one", "two"));
}

TEST_F(Listening, OnAConnectionTakesWhatCameAlongWithStatements) {
  const auto connection = connect(url_);
  connection->execute_script("listen news");
  connection->execute_script("notify news, 'own'");
  EXPECT_THAT(connection->take_notifications(),
              ElementsAre(Notification{"news", "own", connection->backend_pid()}));
  EXPECT_THAT(connection->take_notifications(), IsEmpty());
  terminate(url_, connection->backend_pid());
  EXPECT_THROW(
      {
        connection->wait_for_notifications(Clock::now() + std::chrono::seconds(30));
        connection->wait_for_notifications(Clock::now() + std::chrono::seconds(30));
      },
      ConnectionLost);
}

TEST_F(Listening, HearsItsChannelsInTheOrderOfSending) {
  const Listener listener(config({"news", "Odd \"name\""}));
  EXPECT_TRUE(listener.is_listening());
  notify("news", "1");
  notify("Odd \"name\"", "2");
  notify("silence", "3");
  notify("news", "");
  ASSERT_TRUE(heard.becomes(3));
  EXPECT_THAT(heard.all(), ElementsAre("news: 1", "Odd \"name\": 2", "news: "));
}

TEST_F(Listening, FollowsChangesOfItsChannels) {
  Listener listener(config({"a"}));
  listener.listen("b");
  listener.listen("b");
  listener.unlisten("a");
  listener.unlisten("never");
  ASSERT_TRUE(becomes_true([&] { return listener.is_listening(); }));
  notify("a", "unheard");
  notify("b", "heard");
  ASSERT_TRUE(heard.becomes(1));
  EXPECT_THAT(heard.all(), ElementsAre("b: heard"));
}

TEST_F(Listening, ComesBackAndTellsOfTheGap) {
  const Listener listener(config({"news"}));
  notify("news", "before");
  ASSERT_TRUE(heard.becomes(1));
  terminate(url_, listening_backend());
  ASSERT_TRUE(heard.becomes(2));
  notify("news", "after");
  ASSERT_TRUE(heard.becomes(3));
  EXPECT_THAT(heard.all(), ElementsAre("news: before", "gap", "news: after"));
}

TEST_F(Listening, GoesOnWhenAHandlerThrows) {
  ListenerConfig careless = config({"news"});
  careless.on_notification = [this](const Notification& notification) {
    heard.add(notification.payload);
    throw std::runtime_error("cannot bear " + notification.payload);
  };
  const auto notes = std::make_shared<Notes>();
  const Listener listener(careless, notes);
  notify("news", "1");
  notify("news", "2");
  ASSERT_TRUE(heard.becomes(2));
  EXPECT_TRUE(becomes_true(
      [&] { return notes->contain("listener: on_notification threw: cannot bear 2"); }));
}

TEST_F(Listening, RefusesWhatCannotBeHeard) {
  EXPECT_THROW(Listener(config({""})), ConfigError);
  EXPECT_THROW(Listener(config({std::string(64, 'x')})), ConfigError);
  EXPECT_THROW(Listener(config({std::string("a\0b", 3)})), ConfigError);
  ListenerConfig deaf = config({"news"});
  deaf.on_notification = nullptr;
  EXPECT_THROW(Listener{deaf}, ConfigError);
  ListenerConfig nowhere = config({"news"});
  nowhere.connection.url += " port=1";
  EXPECT_THROW(Listener{nowhere}, ConnectError);
  Listener listener(config({}));
  EXPECT_THROW(listener.listen(""), ConfigError);
}

}  // namespace
}  // namespace qm::test
