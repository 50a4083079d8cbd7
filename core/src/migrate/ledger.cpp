#include "migrate/ledger.hpp"

#include <unistd.h>

#include <array>
#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>

#include "migrate/lock.hpp"

namespace qm::migrate {
namespace {

constexpr std::string_view label = "quartermaster.ledger";

constexpr std::string_view create_schema_sql = R"sql(
create schema quartermaster;
comment on schema quartermaster is 'ledger of schema migrations; written by quartermaster';
)sql";

constexpr std::string_view create_tables_sql = R"sql(
create table quartermaster.ledger_layout (
  layout integer primary key
);
create table quartermaster.migrations (
  version bigint primary key check (version > 0),
  ordinal bigint not null generated always as identity unique,
  plugin text not null,
  slug text not null,
  checksum text not null,
  dirty text check (dirty in ('up', 'down')),
  statements_done bigint not null default 0,
  statement_running boolean not null default false,
  statements_digest text not null default '',
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null,
  host text not null,
  host_version text not null,
  plugin_version text not null,
  duration_seconds double precision not null default 0
);
create table quartermaster.migration_events (
  id bigint primary key generated always as identity,
  at timestamptz not null default clock_timestamp(),
  version bigint not null,
  plugin text not null,
  slug text not null,
  direction text not null check (direction in ('up', 'down')),
  outcome text not null
    check (outcome in ('started', 'applied', 'rolled back', 'failed', 'repaired', 'adopted')),
  reason text,
  done_by text not null,
  host text not null
);
insert into quartermaster.ledger_layout values (2)
)sql";

// From layout 1.
constexpr std::string_view upgrade_sql = R"sql(
alter table quartermaster.migration_events
  drop constraint migration_events_outcome_check,
  add constraint migration_events_outcome_check
    check (outcome in ('started', 'applied', 'rolled back', 'failed', 'repaired', 'adopted'));
update quartermaster.ledger_layout set layout = 2
)sql";

// Session user and where it connects from, as both tables keep it.
#define QM_WHO \
  "session_user || '@' || coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), 'local')"

// SHA-256 of a parameter's text, by the server, which needs no library for it.
#define QM_DIGEST(parameter)                                             \
  "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(" parameter \
  "::text, "                                                             \
  "'UTF8')), 'hex')"

// True when this backend holds the migration lock ($1 is its key).
#define QM_LOCK_HELD                                                                     \
  "exists (select from pg_catalog.pg_locks where locktype = 'advisory' and granted and " \
  "objsubid = 1 and pid = pg_catalog.pg_backend_pid() and "                              \
  "classid::bigint = ($1::bigint >> 32) and objid::bigint = ($1::bigint & 4294967295))"

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

template <class... Values>
Result run(Connection& connection, std::string_view sql, const Values&... values) {
  ParamBuffer<sizeof...(Values)> params;
  (Codec<Values>::encode(params, values), ...);
  return connection.execute(sql, params.view(), {}, label);
}

void require_lock(const Result& result) {
  if (result.affected_rows() == 1) return;
  throw MigrationError({.object = "database.migration_url",
                        .expected = "one server session that keeps the migration lock",
                        .found = "statements spread over several sessions",
                        .hint = "connect directly or through a pooler in session mode"});
}

int read_layout(Connection& connection) {
  const Result layout =
      run(connection, "select coalesce(max(layout), 0) from quartermaster.ledger_layout");
  return Codec<std::int32_t>::decode(layout.field(0, 0));
}

void add_event(Connection& connection, const MigrationStep& step, const std::string& outcome,
               const std::optional<std::string>& reason) {
  run(connection,
      "insert into quartermaster.migration_events "
      "(version, plugin, slug, direction, outcome, reason, done_by, host) "
      "values ($1, $2, $3, $4, $5, $6, " QM_WHO ", $7)",
      std::int64_t{step.version}, step.plugin, step.slug,
      std::string(step.direction == Direction::up ? "up" : "down"), outcome, reason, host_name());
}

// The row and its event in one statement.
void insert_applied(Connection& connection, const MigrationStep& step, const std::string& checksum,
                    const std::string& plugin_version, double duration_seconds,
                    const std::string& outcome, const std::optional<std::string>& reason) {
  require_lock(run(connection,
                   "with event as (insert into quartermaster.migration_events "
                   "(version, plugin, slug, direction, outcome, reason, done_by, host) "
                   "select $2, $3, $4, 'up', $10, $11, " QM_WHO ", $6 where " QM_LOCK_HELD ") "
                   "insert into quartermaster.migrations (version, plugin, slug, checksum, "
                   "applied_by, host, host_version, plugin_version, duration_seconds) "
                   "select $2, $3, $4, $5, " QM_WHO ", $6, $7, $8, $9 where " QM_LOCK_HELD
                   " on conflict (version) do update set dirty = null, statement_running = false, "
                   "checksum = excluded.checksum, "
                   "applied_at = pg_catalog.clock_timestamp(), "
                   "duration_seconds = excluded.duration_seconds",
                   lock_key, std::int64_t{step.version}, step.plugin, step.slug, checksum,
                   host_name(), std::string(QUARTERMASTER_VERSION), plugin_version,
                   duration_seconds, outcome, reason));
}

}  // namespace

std::vector<LedgerRow> read_ledger(Connection& connection) {
  const Result exists =
      run(connection, "select pg_catalog.to_regclass('quartermaster.ledger_layout') is not null");
  if (!Codec<bool>::decode(exists.field(0, 0))) return {};
  if (const int found = read_layout(connection); found > ledger_layout) {
    throw MigrationError(
        {.object = "schema quartermaster",
         .expected = "ledger layout " + std::to_string(ledger_layout),
         .found = "layout " + std::to_string(found),
         .hint = "use the version of quartermaster that wrote it, or a later one"});
  }
  const Result rows =
      run(connection,
          "select version, ordinal, plugin, slug, checksum, dirty is not null, "
          "dirty is not distinct from 'down', statements_done, statement_running, "
          "statements_digest, "
          "pg_catalog.to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
          "applied_by, duration_seconds from quartermaster.migrations order by version");
  std::vector<LedgerRow> ledger;
  ledger.reserve(static_cast<std::size_t>(rows.rows()));
  for (int i = 0; i < rows.rows(); ++i) {
    LedgerRow row;
    row.version = static_cast<std::uint32_t>(Codec<std::int64_t>::decode(rows.field(i, 0)));
    row.ordinal = Codec<std::int64_t>::decode(rows.field(i, 1));
    row.plugin = Codec<std::string>::decode(rows.field(i, 2));
    row.slug = Codec<std::string>::decode(rows.field(i, 3));
    row.checksum = Codec<std::string>::decode(rows.field(i, 4));
    row.dirty = Codec<bool>::decode(rows.field(i, 5));
    row.dirty_down = Codec<bool>::decode(rows.field(i, 6));
    row.statements_done = Codec<std::int64_t>::decode(rows.field(i, 7));
    row.statement_running = Codec<bool>::decode(rows.field(i, 8));
    row.statements_digest = Codec<std::string>::decode(rows.field(i, 9));
    row.applied_at = Codec<std::string>::decode(rows.field(i, 10));
    row.applied_by = Codec<std::string>::decode(rows.field(i, 11));
    row.duration_seconds = Codec<double>::decode(rows.field(i, 12));
    ledger.push_back(std::move(row));
  }
  return ledger;
}

void create_ledger(Connection& connection) {
  const Result found =
      run(connection,
          "select pg_catalog.to_regnamespace('quartermaster') is not null, "
          "pg_catalog.to_regclass('quartermaster.ledger_layout') is not null, current_user::text");
  if (Codec<bool>::decode(found.field(0, 1))) {
    if (read_layout(connection) < ledger_layout) connection.execute_script(upgrade_sql, {}, label);
    return;
  }
  // The schema may have been made for a role that may not make any.
  const bool has_schema = Codec<bool>::decode(found.field(0, 0));
  std::string sql(has_schema ? "" : create_schema_sql);
  sql += create_tables_sql;
  try {
    connection.execute_script(sql, {}, label);
  } catch (const ServerError& error) {
    constexpr std::string_view insufficient_privilege = "42501";
    if (error.sqlstate() != insufficient_privilege) {
      throw MigrationError({.object = "schema quartermaster",
                            .problem = error.fields().message + " (" + error.sqlstate() + ")",
                            .hint = "nothing was changed; mend the cause and run it again"});
    }
    throw MigrationError(
        {.object = "schema quartermaster",
         .expected = "that role " + Codec<std::string>::decode(found.field(0, 2)) +
                     (has_schema ? " may create the ledger's tables in it" : " may create it"),
         .found = error.fields().message + " (" + error.sqlstate() + ")",
         .hint = "set database.migration_url to a role that may change the schema"});
  }
}

void record_applied(Connection& connection, const MigrationStep& step, const std::string& checksum,
                    const std::string& plugin_version, double duration_seconds) {
  insert_applied(connection, step, checksum, plugin_version, duration_seconds, "applied",
                 std::nullopt);
}

void record_rolled_back(Connection& connection, const MigrationStep& step) {
  require_lock(run(connection,
                   "delete from quartermaster.migrations where version = $2 and " QM_LOCK_HELD,
                   lock_key, std::int64_t{step.version}));
  add_event(connection, step, "rolled back", std::nullopt);
}

void record_progress(Connection& connection, const MigrationStep& step, const std::string& checksum,
                     const std::string& plugin_version, const StatementProgress& progress) {
  const std::string direction = step.direction == Direction::up ? "up" : "down";
  require_lock(run(connection,
                   "insert into quartermaster.migrations (version, plugin, slug, checksum, dirty, "
                   "statements_done, statement_running, statements_digest, applied_by, host, "
                   "host_version, plugin_version) "
                   "select $2, $3, $4, $5, $6, $7, $8, " QM_DIGEST(
                       "$9") ", " QM_WHO ", $10, $11, $12 where " QM_LOCK_HELD
                             " on conflict (version) do update set dirty = excluded.dirty, "
                             "statements_done = excluded.statements_done, "
                             "statement_running = excluded.statement_running, "
                             "statements_digest = excluded.statements_digest",
                   lock_key, std::int64_t{step.version}, step.plugin, step.slug, checksum,
                   direction, progress.done, progress.running, progress.text, host_name(),
                   std::string(QUARTERMASTER_VERSION), plugin_version));
}

std::string digest(Connection& connection, const std::string& text) {
  const Result result = run(connection, "select " QM_DIGEST("$1"), text);
  return Codec<std::string>::decode(result.field(0, 0));
}

void record_start(Connection& connection, const MigrationStep& step) {
  add_event(connection, step, "started", std::nullopt);
}

void record_repaired(Connection& connection, const MigrationStep& step, const std::string& checksum,
                     const std::string& was) {
  require_lock(run(connection,
                   "update quartermaster.migrations set checksum = $3 "
                   "where version = $2 and " QM_LOCK_HELD,
                   lock_key, std::int64_t{step.version}, checksum));
  add_event(connection, step, "repaired", "checksum was " + was);
}

void record_adopted(Connection& connection, const MigrationStep& step, const std::string& checksum,
                    const std::string& plugin_version, const std::string& from) {
  insert_applied(connection, step, checksum, plugin_version, 0, "adopted", from);
}

void record_failure(Connection& connection, const MigrationStep& step, const std::string& reason) {
  add_event(connection, step, "failed", reason);
}

}  // namespace qm::migrate
