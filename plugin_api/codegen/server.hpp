// A connection to the server that queries are described on: the few libpq calls this needs, with
// errors as values. Not the host's connection (core), which runs statements with deadlines.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/source.hpp"

namespace qm::codegen {

// What PostgreSQL said when it refused.
struct Refusal {
  std::string message;
  std::string sqlstate;
  std::string hint;
  std::optional<std::size_t> offset;  // bytes into the statement
};

class Server {
 public:
  // `database` replaces the one of the connection string unless empty. Throws std::runtime_error.
  Server(const std::string& url, const std::string& database);

  // One or more statements without parameters.
  std::optional<Refusal> run(const std::string& sql);
  // The rows of a query, NULL as empty text. Throws std::runtime_error when it is refused.
  std::vector<std::vector<std::string>> rows(const std::string& sql,
                                             const std::vector<std::string>& parameters = {});

  struct Column {
    std::string name;
    Oid type = 0;
    Oid table = 0;
    int attribute = 0;

    friend bool operator==(const Column&, const Column&) = default;
  };
  struct Shape {
    std::vector<Oid> parameters;
    std::vector<Column> columns;
    std::string tree;  // of the analysed statement (node_tree.hpp); empty without show_trees()
  };
  // From now on describe() gives trees. The server needs no privilege for it.
  void show_trees();
  // Prepares the statement, the server inferring parameter types, and gives back what it said.
  std::optional<Refusal> describe(const std::string& sql, Shape& shape);

 private:
  struct Close {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  };
  std::unique_ptr<PGconn, Close> connection_;
  std::unique_ptr<std::string> tree_;  // where the notice receiver puts it
};

}  // namespace qm::codegen
