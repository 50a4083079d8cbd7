// See scratch_database.hpp.
#include "migrate/scratch_database.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <quartermaster/connection.hpp>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/row.hpp>
#include <random>

namespace qm::migrate {
namespace {

constexpr std::chrono::seconds connect_timeout{10};

std::unique_ptr<Connection> open(const std::string& url) {
  return Connection::open({.url = url, .application_name = "quartermaster-migrate"},
                          Clock::now() + connect_timeout);
}

void require_empty(const std::string& url) {
  const Result result = open(url)->execute(
      "select count(*) from pg_catalog.pg_class c "
      "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
      "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'",
      {}, {}, "quartermaster.scratch");
  const auto objects = decode_field<std::int64_t>(result, 0, 0);
  if (objects == 0) return;
  throw MigrationError({.object = "scratch database",
                        .expected = "an empty database",
                        .found = fmt::format("one with {} tables, indexes and the like", objects),
                        .hint = "make a new one for it"});
}

}  // namespace

ScratchDatabase::ScratchDatabase(std::string url, const std::string& given)
    : url_(std::move(url)), scratch_url_(given) {
  if (!given.empty()) {
    require_empty(given);
    return;
  }
  std::random_device random;
  name_ = fmt::format("quartermaster_scratch_{}_{:08x}", ::getpid(), random());
  try {
    open(url_)->execute("create database " + name_ + " template template0", {}, {},
                        "quartermaster.scratch");
  } catch (const ServerError& error) {
    throw MigrationError(
        {.object = "scratch database",
         .problem = fmt::format("{} ({})", error.fields().message, error.sqlstate()),
         .hint = "give the role CREATEDB, or name an empty database with --scratch"});
  }
  scratch_url_ = embedded::with_database(url_, name_);
}

ScratchDatabase::~ScratchDatabase() {
  if (name_.empty()) return;
  try {
    open(url_)->execute("drop database if exists " + name_ + " with (force)", {}, {},
                        "quartermaster.scratch");
  } catch (const std::exception&) {  // its name says what it was
  }
}

}  // namespace qm::migrate
