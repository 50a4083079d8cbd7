// Many rows: batches of selects in one pipeline, decoding a large result, writing one with COPY.
#include <endian.h>
#include <poll.h>

#include <cstring>
#include <pqxx/pqxx>
#include <quartermaster/connection.hpp>
#include <stdexcept>

#include "bench.hpp"
#include "films.hpp"
#include "libpq_peer.hpp"

namespace qm::bench {
namespace {

constexpr std::size_t batch = 100;
constexpr std::int64_t many = 1'000'000;

std::shared_ptr<Connection> connect(const Place& place) {
  return Connection::open({.url = place.url}, Clock::now() + std::chrono::seconds(10));
}

std::vector<std::int64_t> batch_keys(const Place& place) {
  std::vector<std::int64_t> keys;
  for (std::size_t i = 0; i < batch; ++i)
    keys.push_back(1 + static_cast<std::int64_t>(i * 7919) % place.films);
  return keys;
}

Work again(std::uint64_t operations, std::function<void()> one) {
  return [operations, one = std::move(one)](Clock::time_point end) {
    std::uint64_t count = 0;
    for (; Clock::now() < end; count += operations)
      one();
    return count;
  };
}

Work once(std::uint64_t operations, std::function<void()> one) {
  return [operations, one = std::move(one)](Clock::time_point) {
    one();
    return operations;
  };
}

void wait_to_read(PGconn* connection) {
  pollfd entry{PQsocket(connection), POLLIN, 0};
  poll(&entry, 1, -1);
}

void peer_batch(PGconn* connection, const std::vector<std::int64_t>& keys) {
  std::vector<films::Film> films;
  films.reserve(keys.size());
  PQenterPipelineMode(connection);
  for (const std::int64_t key : keys)
    peer_send_get(connection, key);
  PQpipelineSync(connection);
  for (bool synced = false; !synced;) {
    while (PQisBusy(connection) != 0) {
      wait_to_read(connection);
      PQconsumeInput(connection);
    }
    PGresult* next = PQgetResult(connection);
    if (next == nullptr) continue;
    const PeerResult result = checked(next, connection);
    synced = PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
    if (!synced) films.push_back(peer_film(result.get(), 0));
  }
  PQexitPipelineMode(connection);
}

void pqxx_batch(pqxx::connection& connection, const std::vector<std::int64_t>& keys) {
  pqxx::nontransaction transaction(connection);
  pqxx::pipeline pipeline(transaction);
  pipeline.retain(static_cast<int>(keys.size()));
  std::vector<pqxx::pipeline::query_id> ids;
  for (const std::int64_t key : keys)
    ids.push_back(pipeline.insert("select * from films where id = " + std::to_string(key)));
  pipeline.complete();
  for (const auto id : ids)
    pipeline.retrieve(id);
}

Workload batches(const Place& place) {
  const auto keys = batch_keys(place);
  const auto peer = std::make_shared<Peer>(connect_peer_with_get(place.url));
  PQsetnonblocking(peer->get(), 1);
  const auto own = connect(place);
  const auto pqxx = std::make_shared<pqxx::connection>(place.url);
  const films::Client client;
  return {"batches of 100 point selects, 1 connection",
          "queries",
          {{"libpq pipeline", again(batch, [=] { peer_batch(peer->get(), keys); }), true},
           {"execute_batch", again(batch, [=] { client.get_films(*own, keys); })},
           {"libpqxx pipeline (not decoded)", again(batch, [=] { pqxx_batch(*pqxx, keys); })}}};
}

constexpr const char* many_films =
    "select id, title, released, runtime, rating, votes, gross, is_rated, genre, added "
    "from films, generate_series(1, 1 + $1::bigint / 3201) limit $1::bigint";

void send_many(PGconn* connection) {
  const std::uint64_t wire = htobe64(static_cast<std::uint64_t>(many));
  const char* values[] = {reinterpret_cast<const char*>(&wire)};
  const int lengths[] = {sizeof(wire)};
  const int formats[] = {1};
  PQsendQueryParams(connection, many_films, 1, nullptr, values, lengths, formats, 1);
}

void peer_stream(PGconn* connection, std::int64_t& sum) {
  send_many(connection);
  PQsetSingleRowMode(connection);
  while (PGresult* next = PQgetResult(connection)) {
    const PeerResult result = checked(next, connection);
    if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) sum += peer_film(result.get(), 0).id;
  }
}

void peer_vector(PGconn* connection, std::int64_t& sum) {
  send_many(connection);
  std::vector<films::Film> films;
  while (PGresult* next = PQgetResult(connection)) {
    const PeerResult result = checked(next, connection);
    films.reserve(static_cast<std::size_t>(PQntuples(result.get())));
    for (int row = 0; row < PQntuples(result.get()); ++row)
      films.push_back(peer_film(result.get(), row));
  }
  sum += films.back().id;
}

std::int64_t pqxx_stream(pqxx::connection& connection) {
  // libpqxx 6 has no stream over a query: a cursor in steps is its way to constant memory.
  pqxx::work transaction(connection);
  std::int64_t sum = 0;
  pqxx::stateless_cursor<pqxx::cursor_base::read_only, pqxx::cursor_base::owned> cursor(
      transaction,
      "select id, title, released, runtime, rating, votes, gross, is_rated, genre, added from "
      "films, generate_series(1, 313) limit " +
          std::to_string(many),
      "films", false);
  for (std::int64_t at = 0; at < many; at += 10'000) {
    for (const auto& row : cursor.retrieve(at, at + 10'000)) {
      sum += row[0].as<std::int64_t>() + static_cast<std::int64_t>(row[1].as<std::string>().size());
    }
  }
  return sum;
}

Workload decoding(const Place& place) {
  const auto peer = std::make_shared<Peer>(connect_peer(place.url));
  const auto own = connect(place);
  const auto pqxx = std::make_shared<pqxx::connection>(place.url);
  const films::Client client;
  const auto sum = std::make_shared<std::int64_t>();
  return {
      "decode 1,000,000 rows of 10 columns",
      "rows",
      {{"libpq, single rows to structs", once(many, [=] { peer_stream(peer->get(), *sum); }), true},
       {"libpq, PGresult to a vector", once(many, [=] { peer_vector(peer->get(), *sum); })},
       {"stream, rows to structs", once(many,
                                        [=] {
                                          client.many_films_stream(
                                              *own, many, [&](const films::FilmView& film) {
                                                *sum += film.to_row().id;
                                              });
                                        })},
       {"stream, rows in place", once(many,
                                      [=] {
                                        client.many_films_stream(*own, many,
                                                                 [&](const films::FilmView& film) {
                                                                   *sum += film.id();
                                                                 });
                                      })},
       {"vector of structs", once(many, [=] { *sum += client.many_films(*own, many).back().id; })},
       {"range in place", once(many,
                               [=] {
                                 for (const films::FilmView& film :
                                      client.many_films_view(*own, many)) {
                                   *sum += film.id();
                                 }
                               })},
       {"libpqxx, cursor (2 columns)", once(many, [=] { *sum += pqxx_stream(*pqxx); })}},
      true};
}

// One row of a binary COPY, as dense as it gets.
class CopyBuffer {
 public:
  void row(const films::CopyFilmsParams& film) {
    put16(10);
    field64(static_cast<std::uint64_t>(film.id));
    bytes(film.title);
    if (film.released) {
      field32(static_cast<std::uint32_t>(film.released->days - 10957));
    } else {
      null();
    }
    film.runtime ? field32(static_cast<std::uint32_t>(*film.runtime)) : null();
    if (film.rating) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &*film.rating, sizeof(bits));
      field64(bits);
    } else {
      null();
    }
    film.votes ? field32(static_cast<std::uint32_t>(*film.votes)) : null();
    film.gross ? field64(static_cast<std::uint64_t>(*film.gross)) : null();
    put32(1);
    data_ += film.is_rated ? '\1' : '\0';
    film.genre ? bytes(*film.genre) : null();
    field64(static_cast<std::uint64_t>(film.added.micros - 946'684'800'000'000));
  }
  void put16(std::uint16_t value) { put(htobe16(value)); }
  void append(std::string_view text) { data_ += text; }
  std::string& data() noexcept { return data_; }

 private:
  template <class T>
  void put(T value) {
    data_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void put32(std::uint32_t value) { put(htobe32(value)); }
  void field32(std::uint32_t value) {
    put32(4);
    put32(value);
  }
  void field64(std::uint64_t value) {
    put32(8);
    put(htobe64(value));
  }
  void bytes(std::string_view text) {
    put32(static_cast<std::uint32_t>(text.size()));
    data_ += text;
  }
  void null() { put32(UINT32_MAX); }

  std::string data_;
};

constexpr const char* columns =
    "id, title, released, runtime, rating, votes, gross, is_rated, genre, added";

void peer_copy(PGconn* connection, const std::vector<films::CopyFilmsParams>& rows) {
  const std::string sql =
      std::string("copy film_copies (") + columns + ") from stdin (format binary)";
  checked(PQexec(connection, "truncate film_copies"), connection);
  checked(PQexec(connection, sql.c_str()), connection);
  CopyBuffer buffer;
  buffer.append(std::string_view("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19));
  const auto send = [&] {
    if (PQputCopyData(connection, buffer.data().data(), static_cast<int>(buffer.data().size())) !=
        1) {
      throw std::runtime_error(PQerrorMessage(connection));
    }
    buffer.data().clear();
  };
  for (const films::CopyFilmsParams& row : rows) {
    buffer.row(row);
    if (buffer.data().size() > 65'536) send();
  }
  buffer.put16(UINT16_MAX);
  send();
  PQputCopyEnd(connection, nullptr);
  while (PGresult* next = PQgetResult(connection))
    checked(next, connection);
}

void pqxx_copy(pqxx::connection& connection, const std::vector<films::CopyFilmsParams>& rows) {
  pqxx::work transaction(connection);
  transaction.exec("truncate film_copies");
  pqxx::stream_to stream(transaction, "film_copies",
                         std::vector<std::string>{"id", "title", "is_rated", "added"});
  for (const auto& row : rows) {
    stream << std::make_tuple(row.id, std::string(row.title), row.is_rated,
                              std::string("2024-01-01 00:00:00+00"));
  }
  stream.complete();
  transaction.commit();
}

Workload copying(const Place& place) {
  const auto peer = std::make_shared<Peer>(connect_peer(place.url));
  const auto own = connect(place);
  const auto pqxx = std::make_shared<pqxx::connection>(place.url);
  const films::Client client;
  const auto films =
      std::make_shared<std::vector<films::Film>>(client.many_films(*own, place.films));
  auto rows = std::make_shared<std::vector<films::CopyFilmsParams>>();
  rows->reserve(many);
  for (std::size_t i = 0; i < static_cast<std::size_t>(many); ++i) {
    const films::Film& film = (*films)[i % films->size()];
    rows->push_back({.id = film.id,
                     .title = film.title,
                     .released = film.released,
                     .runtime = film.runtime,
                     .rating = film.rating,
                     .votes = film.votes,
                     .gross = film.gross,
                     .is_rated = film.is_rated,
                     .genre = film.genre,
                     .added = film.added});
  }
  return {"COPY in of 1,000,000 rows of 10 columns",
          "rows",
          {{"libpq, binary COPY", once(many, [=] { peer_copy(peer->get(), *rows); }), true},
           {"copy_from", once(many,
                              [=] {
                                own->execute("truncate film_copies");
                                client.copy_films(*own, *rows);
                                static_cast<void>(films);  // which the rows borrow from
                              })},
           {"libpqxx stream_to (4 columns)", once(many, [=] { pqxx_copy(*pqxx, *rows); })}}};
}

}  // namespace

std::vector<Workload> row_workloads(const Place& place) {
  return {batches(place), decoding(place), copying(place)};
}

}  // namespace qm::bench
