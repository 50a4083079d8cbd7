// A server that does not keep to the protocol: whatever it says, and wherever it stops, the call
// ends with an error of the tree, in its time, and the connection is not lent again.
#include <quartermaster/codec.hpp>
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pipeline.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/row.hpp>
#include <random>

#include "registered.hpp"
#include "scripted_server.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

std::string text(const std::string& value) {
  return value + '\0';
}

std::string int16(int value) {
  return {static_cast<char>((value >> 8) & 0xFF), static_cast<char>(value & 0xFF)};
}

// One column "c" of type int4 in binary format.
std::string row_description() {
  return message('T', int16(1) + text("c") + big_endian(0) + int16(0) + big_endian(23) + int16(4) +
                          big_endian(UINT32_MAX) + int16(1));
}

struct Garbage {
  const char* what;
  std::string bytes;
};

std::vector<Garbage> all_garbage() {
  const std::string ready = message('Z', "I");
  const std::string error = message('E', text("SERROR") + text("CXX000") + text("Mno") + '\0');
  return {
      {"nothing", ""},
      {"half a header", "D\0\0"},
      {"a message cut short", row_description().substr(0, 12)},
      {"an absurd length", std::string("D") + big_endian(0x7FFFFFFF) + "xxxx"},
      {"a negative length", std::string("D") + big_endian(0xFFFFFFF0) + "xxxx"},
      {"a length below its own", std::string("C") + big_endian(2)},
      {"an unknown message", message('\x01', "?") + ready},
      {"a row before its description", message('D', int16(1) + big_endian(4) + "abcd") + ready},
      {"a row of more columns than described",
       row_description() + message('D', int16(2) + big_endian(0) + big_endian(0)) + ready},
      {"a value beyond its message",
       row_description() + message('D', int16(1) + big_endian(1000) + "abcd") + ready},
      {"a value that is no int4", message('1', "") + message('2', "") + row_description() +
                                      message('D', int16(1) + big_endian(3) + "abc") +
                                      message('C', text("SELECT 1")) + ready},
      {"a tag without its end", message('C', "SELECT 1") + ready},
      {"a transaction status that is none", message('Z', "X")},
      {"authentication in the middle", message('R', big_endian(5) + "salt") + ready},
      {"an error in every state", error + error + error},
      {"an error without its end", message('E', "SERROR") + ready},
      {"an error of no fields", message('E', std::string(1, '\0')) + ready},
      {"a copy that nobody asked for", message('G', std::string(1, '\0') + int16(0))},
      {"a copy out that never ends",
       message('H', std::string(1, '\0') + int16(0)) + message('d', "data")},
      {"a copy both ways", message('W', std::string(1, '\0') + int16(0))},
      {"a notification cut short", message('A', big_endian(1) + "chan")},
      {"a parameter without its value", message('S', text("client_encoding"))},
      {"ready twice", ready + ready},
      {"ends of statements that were not begun", message('3', "") + message('s', "") + ready},
  };
}

class GarbageFault : public testing::Test {
 protected:
  enum Way { ad_hoc, prepared, batch, stream, script, ways };

  // Ends, with or without an error of ours; anything else fails the test.
  static void call(Connection& connection, Way way) {
    const auto query = registered("Q", "select 1");
    const CallOptions options{Clock::now() + 100ms};
    struct Rows final : ParamRows {
      std::size_t size() const noexcept override { return 3; }
      ParamView at(std::size_t /*index*/) override { return {}; }
    } rows;
    struct Sink final : RowSink {
      bool take(const Result& row) override {
        read(row);
        return true;
      }
    } sink;
    try {
      switch (way) {
        case ad_hoc:
          read(connection.execute("select 1", {}, options));
          break;
        case prepared:
          read(connection.execute(*query, {}, options));
          break;
        case batch:
          for (const Result& result : connection.execute_batch(*query, rows, options))
            read(result);
          break;
        case stream:
          connection.stream(*query, {}, sink, options);
          break;
        case script:
          connection.execute_script("select 1; select 2", options);
          break;
        case ways:
          break;
      }
    } catch (const Error& error) {
      EXPECT_STRNE(error.what(), "");
    }
  }

  static void read(const Result& result) {
    for (int row = 0; row < result.rows(); ++row) {
      for (int column = 0; column < result.columns(); ++column)
        decode_field<std::optional<std::int32_t>>(result, row, column);
    }
  }

  static void expect_an_end(const std::string& what, const std::string& bytes) {
    const ScriptedServer server([&](const ScriptedServer::Send& send) { send(bytes); });
    for (int way = 0; way < ways; ++way) {
      SCOPED_TRACE(what + ", way " + std::to_string(way));
      const auto connection = Connection::open({.url = server.url()}, Clock::now() + 10s);
      call(*connection, static_cast<Way>(way));
      // The server has gone: whoever asks again hears of it.
      EXPECT_THROW(connection->execute("select 1"), Error);
      EXPECT_TRUE(connection->is_broken());
    }
  }
};

TEST_F(GarbageFault, EndsACallWithAnError) {
  for (const Garbage& each : all_garbage())
    expect_an_end(each.what, each.bytes);
}

TEST_F(GarbageFault, OfRandomBytesEndsToo) {
  std::minstd_rand random(20'240'101);
  const std::string letters = "123CDEGHINRSTWZdns";
  for (int i = 0; i < 60; ++i) {
    std::string bytes;
    for (std::size_t messages = 1 + random() % 4; messages > 0; --messages) {
      std::string body(random() % 24, '\0');
      for (char& c : body)
        c = static_cast<char>(random() % 3 == 0 ? random() : random() % 4);
      bytes += message(letters[random() % letters.size()], body);
    }
    bytes.resize(bytes.size() - random() % 3);
    expect_an_end("random " + std::to_string(i), bytes);
  }
}

TEST_F(GarbageFault, AtTheStartIsAFailedConnect) {
  for (const Garbage& each : all_garbage()) {
    SCOPED_TRACE(each.what);
    const ScriptedServer server([](const ScriptedServer::Send&) {}, each.bytes + "?");
    EXPECT_THROW(Connection::open({.url = server.url()}, Clock::now() + 300ms), ConnectError);
  }
}

TEST_F(GarbageFault, EndsPipelinedRequestsWithAnError) {
  for (const Garbage& each : all_garbage()) {
    SCOPED_TRACE(each.what);
    const ScriptedServer server([&](const ScriptedServer::Send& send) { send(each.bytes); });
    DatabaseConfig config;
    config.url = server.url();
    config.max_conns = 1;
    config.session_state = DatabaseConfig::SessionState::on;
    Pool pool(pool_config(config));
    PipelinedExecutor pipeline(pool, {.connections = 1});
    const auto query = registered("Q", "select 1");
    try {
      read(pipeline.execute(*query, {}, {Clock::now() + 200ms}));
    } catch (const Error& error) {
      EXPECT_STRNE(error.what(), "");
    }
  }
}

}  // namespace
}  // namespace qm::test
