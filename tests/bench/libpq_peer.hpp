// The same work hand-written with libpq: the limit that a framework on top of it can reach. No
// error handling beyond stopping: a benchmark that fails has no result.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>

#include "films.hpp"

namespace qm::bench {

struct FinishPeer {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using Peer = std::unique_ptr<PGconn, FinishPeer>;

Peer connect_peer(const std::string& url);
// Prepares "get_film".
Peer connect_peer_with_get(const std::string& url);

struct ClearPeer {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PeerResult = std::unique_ptr<PGresult, ClearPeer>;

// Stops the benchmark unless the result is one of success.
PeerResult checked(PGresult* result, const PGconn* connection);

// A row in binary format.
films::Film peer_film(const PGresult* result, int row);

// One call of get_film: sends, waits, decodes.
films::Film peer_get(PGconn* connection, std::int64_t id);
// Only sends it.
bool peer_send_get(PGconn* connection, std::int64_t id);

}  // namespace qm::bench
