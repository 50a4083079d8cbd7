// See libpq_peer.hpp.
#include "libpq_peer.hpp"

#include <endian.h>

#include <cstring>
#include <stdexcept>

namespace qm::bench {
namespace {

constexpr const char* get_film = "select * from films where id = $1";

template <class T>
T raw(const PGresult* result, int row, int column) {
  T value;
  std::memcpy(&value, PQgetvalue(result, row, column), sizeof(value));
  return value;
}

std::int64_t int8(const PGresult* result, int row, int column) {
  return static_cast<std::int64_t>(be64toh(raw<std::uint64_t>(result, row, column)));
}

std::int32_t int4(const PGresult* result, int row, int column) {
  return static_cast<std::int32_t>(be32toh(raw<std::uint32_t>(result, row, column)));
}

std::string text(const PGresult* result, int row, int column) {
  return {PQgetvalue(result, row, column),
          static_cast<std::size_t>(PQgetlength(result, row, column))};
}

// 2000-01-01, from which PostgreSQL counts.
constexpr std::int32_t postgres_epoch_days = 10957;
constexpr std::int64_t postgres_epoch_micros = 946'684'800'000'000;

}  // namespace

Peer connect_peer(const std::string& url) {
  Peer connection(PQconnectdb(url.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  return connection;
}

Peer connect_peer_with_get(const std::string& url) {
  Peer connection = connect_peer(url);
  checked(PQprepare(connection.get(), "get_film", get_film, 0, nullptr), connection.get());
  return connection;
}

PeerResult checked(PGresult* result, const PGconn* connection) {
  PeerResult owned(result);
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_PIPELINE_SYNC:
    case PGRES_COPY_IN:
      return owned;
    default:
      throw std::runtime_error(PQerrorMessage(connection));
  }
}

films::Film peer_film(const PGresult* result, int row) {
  films::Film film;
  film.id = int8(result, row, 0);
  film.title = text(result, row, 1);
  if (PQgetisnull(result, row, 2) == 0) {
    film.released = Date(int4(result, row, 2) + postgres_epoch_days);
  }
  if (PQgetisnull(result, row, 3) == 0) film.runtime = int4(result, row, 3);
  if (PQgetisnull(result, row, 4) == 0) {
    const std::uint64_t bits = be64toh(raw<std::uint64_t>(result, row, 4));
    double rating = 0;
    std::memcpy(&rating, &bits, sizeof(rating));
    film.rating = rating;
  }
  if (PQgetisnull(result, row, 5) == 0) film.votes = int4(result, row, 5);
  if (PQgetisnull(result, row, 6) == 0) film.gross = int8(result, row, 6);
  film.is_rated = *PQgetvalue(result, row, 7) != 0;
  if (PQgetisnull(result, row, 8) == 0) film.genre = text(result, row, 8);
  film.added.micros = int8(result, row, 9) + postgres_epoch_micros;
  return film;
}

bool peer_send_get(PGconn* connection, std::int64_t id) {
  const std::uint64_t wire = htobe64(static_cast<std::uint64_t>(id));
  const char* values[] = {reinterpret_cast<const char*>(&wire)};
  const int lengths[] = {sizeof(wire)};
  const int formats[] = {1};
  return PQsendQueryPrepared(connection, "get_film", 1, values, lengths, formats, 1) != 0;
}

films::Film peer_get(PGconn* connection, std::int64_t id) {
  const std::uint64_t wire = htobe64(static_cast<std::uint64_t>(id));
  const char* values[] = {reinterpret_cast<const char*>(&wire)};
  const int lengths[] = {sizeof(wire)};
  const int formats[] = {1};
  const PeerResult result =
      checked(PQexecPrepared(connection, "get_film", 1, values, lengths, formats, 1), connection);
  return peer_film(result.get(), 0);
}

}  // namespace qm::bench
