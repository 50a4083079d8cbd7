// See adoption.hpp.
#include "migrate/adoption.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <optional>
#include <quartermaster/error.hpp>
#include <quartermaster/row.hpp>
#include <set>
#include <tuple>

#include "migrate/catalog.hpp"
#include "migrate/runner.hpp"

namespace qm::migrate {
namespace {

constexpr std::string_view label = "quartermaster.adopt";

template <class... Values>
Result ask(Connection& connection, std::string_view sql, const Values&... values) {
  ParamBuffer<sizeof...(Values)> params;
  (Codec<Values>::encode(params, values), ...);
  return connection.execute(sql, params.view(), {}, label);
}

// A row of a table that the versions themselves fill, without what every database has its own of:
// generated numbers and times.
struct SeedRow {
  std::string table;       // quoted
  std::string expression;  // of such a row, in SQL, for alias t
  std::string json;        // its value

  bool operator<(const SeedRow& other) const {
    return std::tie(table, json) < std::tie(other.table, other.json);
  }
};

std::set<SeedRow> read_seed_rows(Connection& connection) {
  constexpr std::string_view tables_sql = R"sql(
select format('%I.%I', n.nspname, c.relname),
       format('to_jsonb(t) - %L::text[]',
              coalesce(array_agg(a.attname::text) filter (where a.attidentity <> ''
                  or pg_get_expr(d.adbin, d.adrelid) ~* '\(|^current_|^local'), '{}'))
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by n.nspname, c.relname)sql";
  std::set<SeedRow> rows;
  const Result tables = ask(connection, tables_sql);
  for (int i = 0; i < tables.rows(); ++i) {
    const auto table = decode_field<std::string>(tables, i, 0);
    const auto expression = decode_field<std::string>(tables, i, 1);
    const Result found =
        ask(connection, fmt::format("select ({})::text from {} t", expression, table));
    for (int row = 0; row < found.rows(); ++row)
      rows.insert({table, expression, decode_field<std::string>(found, row, 0)});
  }
  return rows;
}

// The lines of read_catalog() that name tables, without their details, at a fraction of its cost.
std::vector<std::string> read_tables(Connection& connection) {
  const Result tables = ask(connection,
                            "select E'table\\t' || format('%I.%I', n.nspname, c.relname) "
                            "from pg_catalog.pg_class c "
                            "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
                            "where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' "
                            "and n.nspname <> 'information_schema'");
  std::vector<std::string> lines;
  lines.reserve(static_cast<std::size_t>(tables.rows()));
  for (int i = 0; i < tables.rows(); ++i)
    lines.push_back(decode_field<std::string>(tables, i, 0));
  return lines;
}

// A version's schema as the sequence makes it.
struct Candidate {
  std::uint64_t number = 0;
  std::vector<std::string> catalog;
  std::set<SeedRow> rows;
  std::vector<SchemaDifference> differences;  // of the live database
};

std::string title(std::uint64_t number) {
  return number == 0 ? "nothing applied" : fmt::format("version {}", number);
}

// The recorded version, and the two beside it where that is dirty: its way up was tried, or the way
// down from the next one.
std::vector<std::uint64_t> numbers_to_consider(const std::vector<FormerVersion>& sequence,
                                               const Bookkeeping& recorded) {
  std::vector<std::uint64_t> all{0};
  for (const FormerVersion& version : sequence)
    all.push_back(version.number);
  const auto found = std::find(all.begin(), all.end(), recorded.number);
  if (found == all.end()) {
    throw MigrationError(
        {.object = fmt::format("recorded version {}", recorded.number),
         .expected = all.back() == 0
                         ? "a version of a loaded plugin"
                         : fmt::format("a number of the former sequence, up to {}", all.back()),
         .found = "none that a loaded plugin has",
         .hint = "load all plugins whose tables the database has, in releases that know it"});
  }
  if (!recorded.dirty) return {recorded.number};
  const auto first = found == all.begin() ? found : found - 1;
  const auto last = found + 1 == all.end() ? found : found + 1;
  return std::vector<std::uint64_t>(first, last + 1);
}

// Goes through the sequence. What its candidates and its end have, and each table on the way, no
// other version may have.
class FormerSchemas {
 public:
  FormerSchemas(Connection& scratch, const std::vector<FormerVersion>& sequence,
                const std::vector<std::uint64_t>& numbers) {
    look(scratch, 0, numbers);
    for (const FormerVersion& version : sequence) {
      for (const MigrationStep& step : version.steps)
        run_unrecorded(scratch, step);
      look(scratch, version.number, numbers);
    }
    add(read_catalog(scratch));
  }

  std::vector<Candidate> compare(Connection& live) && {
    const std::vector<std::string> found = read_catalog(live);
    for (Candidate& candidate : candidates_)
      candidate.differences = compare_catalogs(candidate.catalog, found, all_);
    return std::move(candidates_);
  }

 private:
  void look(Connection& scratch, std::uint64_t number, const std::vector<std::uint64_t>& numbers) {
    if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) {
      add(read_tables(scratch));
      return;
    }
    Candidate& candidate = candidates_.emplace_back();
    candidate.number = number;
    candidate.catalog = read_catalog(scratch);
    if (numbers.size() > 1) candidate.rows = read_seed_rows(scratch);
    add(candidate.catalog);
  }
  void add(const std::vector<std::string>& lines) {
    all_.insert(all_.end(), lines.begin(), lines.end());
  }

  std::vector<Candidate> candidates_;
  std::vector<std::string> all_;
};

[[noreturn]] void refuse(const std::vector<Candidate>& candidates) {
  constexpr std::size_t most = 50;
  const Candidate& nearest = *std::min_element(candidates.begin(), candidates.end(),
                                               [](const Candidate& a, const Candidate& b) {
                                                 return a.differences.size() < b.differences.size();
                                               });
  std::vector<std::string> names;
  names.reserve(candidates.size());
  for (const Candidate& candidate : candidates)
    names.push_back(title(candidate.number));
  const std::size_t count = nearest.differences.size();
  std::string list;
  for (std::size_t i = 0; i < std::min(count, most); ++i) {
    const SchemaDifference& difference = nearest.differences[i];
    const auto text = [](const std::string& definition) {
      return definition.empty() ? "nothing" : definition.c_str();
    };
    list += fmt::format("\n  {}: expected {}, found {}", difference.object,
                        text(difference.expected), text(difference.found));
  }
  if (count > most) list += fmt::format("\n  and {} more", count - most);
  throw MigrationError({.object = "schema",
                        .expected = "that of " + fmt::format("{}", fmt::join(names, " or ")),
                        .found = fmt::format("{} difference{} from {}:{}\n", count,
                                             count == 1 ? "" : "s", title(nearest.number), list),
                        .hint = "undo the differences, or name the version that it is at (--at)"});
}

// How many of the rows the database has.
std::size_t count_rows(Connection& live, const std::vector<SeedRow>& rows) {
  std::size_t count = 0;
  for (const SeedRow& row : rows) {
    const Result found =
        ask(live,
            fmt::format("select exists (select from {} t where {} = $1::text::jsonb)", row.table,
                        row.expression),
            row.json);
    if (decode_field<bool>(found, 0, 0)) ++count;
  }
  return count;
}

// Two versions with one catalog differ in the rows that the later one writes and deletes.
bool is_later(Connection& live, const Candidate& earlier, const Candidate& later) {
  const auto only_in = [](const Candidate& one, const Candidate& other) {
    std::vector<SeedRow> rows;
    std::set_difference(one.rows.begin(), one.rows.end(), other.rows.begin(), other.rows.end(),
                        std::back_inserter(rows));
    return rows;
  };
  const std::vector<SeedRow> written = only_in(later, earlier);
  const std::vector<SeedRow> deleted = only_in(earlier, later);
  const std::size_t found_written = count_rows(live, written);
  const std::size_t found_deleted = count_rows(live, deleted);
  if (!written.empty() || !deleted.empty()) {
    if (found_written == written.size() && found_deleted == 0) return true;
    if (found_written == 0 && found_deleted == deleted.size()) return false;
  }
  throw MigrationError(
      {.object = fmt::format("recorded versions {} and {}", earlier.number, later.number),
       .expected = "a schema or rows that tell them apart",
       .found = written.empty() && deleted.empty()
                    ? "none: the later one changes neither the schema nor rows of its own"
                    : fmt::format("{} of {} rows that the later one writes, {} of {} that it "
                                  "deletes",
                                  found_written, written.size(), found_deleted, deleted.size()),
       .hint = "look which of the two it is, and name it (--at)"});
}

}  // namespace

BookkeepingTable::BookkeepingTable(Connection& connection, const std::string& name)
    : connection_(connection) {
  constexpr std::string_view table_sql = R"sql(
select n.nspname::text, c.relname::text, current_database()::text, c.oid::regclass::text,
       coalesce(string_agg(a.attname || ' ' || format_type(a.atttypid, null), ', '
                           order by a.attname), '')
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.oid = pg_catalog.to_regclass($1::text)
group by n.nspname, c.relname, c.oid)sql";
  const std::string object = "table " + name;
  std::optional<Result> found;
  try {
    found = ask(connection, table_sql, name);
  } catch (const ServerError& error) {
    throw MigrationError({.object = object,
                          .expected = "a table's name, or a schema's and a table's",
                          .found = error.fields().message});
  }
  if (found->rows() == 0) {
    throw MigrationError({.object = object,
                          .expected = "the table in which golang-migrate keeps the version",
                          .found = "no such table",
                          .hint = "name it with --table, or the version itself with --at"});
  }
  schema_ = decode_field<std::string>(*found, 0, 0);
  table_ = decode_field<std::string>(*found, 0, 1);
  database_ = decode_field<std::string>(*found, 0, 2);
  quoted_ = decode_field<std::string>(*found, 0, 3);
  const auto columns = decode_field<std::string>(*found, 0, 4);
  if (columns != "dirty boolean, version bigint") {
    throw MigrationError({.object = object,
                          .expected = "columns dirty boolean, version bigint",
                          .found = columns.empty() ? "no columns" : columns,
                          .hint = "it is not golang-migrate's: name the version itself with --at"});
  }
}

// The driver multiplies a CRC-32 of the names with a constant of its own.
std::vector<std::int64_t> BookkeepingTable::lock_keys() const {
  constexpr std::uint32_t salt = 1486364155;
  std::vector<std::int64_t> keys;
  for (const std::string& names :
       {fmt::format("{}{}{}{}{}", schema_, '\0', table_, '\0', database_), database_}) {
    boost::crc_32_type crc;
    crc.process_bytes(names.data(), names.size());
    const std::uint32_t key = crc.checksum() * salt;  // of 32 bits
    keys.push_back(key);
  }
  return keys;
}

Bookkeeping BookkeepingTable::read() const {
  const Result rows = ask(connection_, "select version, dirty from " + quoted_ + " limit 2");
  if (rows.rows() == 0) return {};
  if (rows.rows() > 1) {
    throw MigrationError({.object = "table " + quoted_,
                          .expected = "one row",
                          .found = "several",
                          .hint = "leave the one of the version that the database is at, or name "
                                  "that with --at"});
  }
  // -1 is its word for nothing.
  const auto number = std::max<std::int64_t>(decode_field<std::int64_t>(rows, 0, 0), 0);
  return {.number = static_cast<std::uint64_t>(number), .dirty = decode_field<bool>(rows, 0, 1)};
}

std::uint64_t classify(Connection& live, Connection& scratch,
                       const std::vector<FormerVersion>& sequence, const Bookkeeping& recorded) {
  const auto numbers = numbers_to_consider(sequence, recorded);
  const auto candidates = FormerSchemas(scratch, sequence, numbers).compare(live);
  const Candidate* chosen = nullptr;
  for (const Candidate& candidate : candidates) {
    if (!candidate.differences.empty()) continue;
    if (chosen == nullptr || is_later(live, *chosen, candidate)) chosen = &candidate;
  }
  if (chosen == nullptr) refuse(candidates);
  return chosen->number;
}

}  // namespace qm::migrate
