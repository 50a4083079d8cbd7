// A pgbouncer of a test's own, before the server that tests run on: on a unix socket, without a
// password, and gone with the object.
#pragma once

#include <filesystem>
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <stdexcept>
#include <string>

#include "becomes_true.hpp"
#include "embedded/process.hpp"
#include "pool/conninfo.hpp"
#include "scratch_directory.hpp"
#include "test_database.hpp"

namespace qm::test {

class PgBouncer {
 public:
  // `pool_mode`: session, transaction or statement. At most `server_conns` connections a database.
  explicit PgBouncer(const std::string& pool_mode, int server_conns = 2) {
    const auto directory = scratch_.path() / "bouncer";
    const auto account = embedded::account_for(directory);
    embedded::make_private_directory(directory, account);
    const auto file = scratch_.write("pgbouncer.ini", "[databases]\n* = " + to_server() +
                                                          "\n[pgbouncer]\n"
                                                          "listen_port = 6432\n"
                                                          "listen_addr =\n"
                                                          "unix_socket_dir = " +
                                                          directory.string() +
                                                          "\nauth_type = any\n"
                                                          "pool_mode = " +
                                                          pool_mode + "\ndefault_pool_size = " +
                                                          std::to_string(server_conns) + "\n");
    socket_directory_ = directory.string();
    process_ = embedded::KeptProcess({.program = "/usr/sbin/pgbouncer",
                                      .arguments = {file.string()},
                                      .account = account,
                                      .output = scratch_.write("log", "", 0666)},
                                     {});
    if (!becomes_true([&] { return answers(); })) {
      throw std::runtime_error("pgbouncer does not answer");
    }
  }

  std::string url(const TestDatabase& database) const { return url_of(database.name()); }

 private:
  static std::string to_server() {
    const auto info = pool::Conninfo::parse(server_url(), "");
    std::string words;
    for (const char* keyword : {"host", "port", "user"}) {
      const std::string value = info.attempts.at(0).get(keyword);
      if (!value.empty()) words += std::string(keyword) + "=" + value + " ";
    }
    return words;
  }
  std::string url_of(const std::string& database) const {
    return "host=" + socket_directory_ + " port=6432 user=postgres dbname=" + database;
  }
  bool answers() const {
    try {
      Connection::open({.url = url_of("postgres")}, Clock::now() + std::chrono::seconds(5));
      return true;
    } catch (const ConnectError&) {
      return false;
    }
  }

  ScratchDirectory scratch_;
  std::string socket_directory_;
  embedded::KeptProcess process_;
};

}  // namespace qm::test
