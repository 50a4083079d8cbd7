#include "migrate/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/transaction.hpp>
#include <random>
#include <thread>

#include "migrate/ledger.hpp"
#include "migrate/statements.hpp"

namespace qm::migrate {
namespace {

constexpr std::string_view lock_not_available = "55P03";
constexpr std::chrono::milliseconds longest_pause{2000};

std::string title(const MigrationStep& step) {
  return fmt::format("migration {:06} {} ({}) {}", step.version, step.slug, step.plugin,
                     step.direction == Direction::up ? "up" : "down");
}

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

// As the author knows it.
std::string file_name(const MigrationStep& step) {
  return fmt::format("{:06}_{}.{}.sql", step.version, step.slug,
                     step.direction == Direction::up ? "up" : "down");
}

// The line of the file that the server's complaint is about. Its position counts characters.
std::size_t line_of(const Statement& statement, int position) {
  std::size_t line = statement.line;
  int character = 1;
  for (const char c : statement.sql) {
    const bool continues_character = (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
    if (!continues_character && character++ >= position) break;
    if (c == '\n') ++line;
  }
  return line;
}

// A statement that was sent, and whose answer never came, may have been done all the same. When it
// now fails because what it makes is there, or what it drops is not, it has.
bool means_done_before(const Statement& statement, const ServerError& error) {
  constexpr std::array<std::string_view, 4> duplicate{"42P07", "42710", "42701", "42P06"};
  constexpr std::array<std::string_view, 3> undefined{"42P01", "42704", "3F000"};
  constexpr std::string_view drop = "drop";
  const bool drops = statement.sql.size() > drop.size() &&
                     std::equal(drop.begin(), drop.end(), statement.sql.begin(), same_letter);
  return drops ? std::find(undefined.begin(), undefined.end(), error.sqlstate()) != undefined.end()
               : std::find(duplicate.begin(), duplicate.end(), error.sqlstate()) != duplicate.end();
}

// Whether the name is in the text as a word of its own, whatever the case: unquoted names are
// written in any.
bool names(std::string_view sql, std::string_view name) {
  const auto is_word = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return std::isalnum(u) != 0 || c == '_' || c == '$' || u >= 0x80;
  };
  auto from = sql.begin();
  while (true) {
    const auto found = std::search(from, sql.end(), name.begin(), name.end(), same_letter);
    if (found == sql.end()) return false;
    const auto after = found + static_cast<std::ptrdiff_t>(name.size());
    if ((found == sql.begin() || !is_word(*(found - 1))) &&
        (after == sql.end() || !is_word(*after)))
      return true;
    from = found + 1;
  }
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string first_statements(const std::vector<Statement>& statements, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count && i < statements.size(); ++i) {
    text += statements[i].sql;
    text += ";\n";
  }
  return text;
}

// Its own first words tell a statement apart in a message without printing a page of DDL.
std::string first_words(std::string_view sql) {
  const std::string_view line = sql.substr(0, sql.find('\n'));
  constexpr std::size_t longest = 60;
  return line.size() <= longest ? std::string(line) : std::string(line.substr(0, longest)) + "...";
}

}  // namespace

Runner::Runner(Connection& connection, const Planner& planner, const MigratorOptions& options,
               Observer* observer)
    : connection_(connection), planner_(planner), options_(options), observer_(observer) {}

void Runner::run(const std::vector<MigrationStep>& steps) {
  step_count_ = steps.size();
  bool is_bounded = false;
  for (step_index_ = 0; step_index_ < steps.size(); ++step_index_) {
    const MigrationStep& step = steps[step_index_];
    if (!is_bounded) bound_lock_waits();
    run_step(step);
    // It may have set another bound, for itself.
    is_bounded = step.sql.find("lock_timeout") == std::string::npos;
  }
}

void Runner::bound_lock_waits() {
  connection_.execute_script(fmt::format("set lock_timeout = {}", options_.lock_timeout.count()),
                             {}, "quartermaster.migrate");
}

void Runner::run_step(const MigrationStep& step) {
  check_cancelled(step);
  const auto start = Clock::now();
  try {
    if (step.transactional) {
      with_lock_retry(step, [&] { run_in_transaction(step); });
    } else {
      run_without_transaction(step);
    }
  } catch (const Error& error) {
    try {
      if (!connection_.is_broken()) record_failure(connection_, step, error.what());
    } catch (const Error&) {
      // The ledger stays as the rolled back transaction left it; the first error is the reason.
    }
    throw;
  }
  const double seconds = seconds_since(start);
  report(MigrationProgress::Stage::finished, step, seconds);
  if (observer_ != nullptr) {
    observer_->on_note(
        {.severity = Severity::info,
         .area = "migrate",
         .message = fmt::format("{} done in {:.0f} ms", title(step), seconds * 1000)});
  }
}

void Runner::run_in_transaction(const MigrationStep& step) {
  const auto start = Clock::now();
  const std::vector<Statement> statements = split_statements(step.sql);
  statement_count_ = statements.size();
  statement_index_ = 0;
  report(MigrationProgress::Stage::started, step);
  Transaction transaction(connection_);
  for (const Statement& statement : statements) {
    check_cancelled(step);
    run_statement(step, statement, false);
  }
  check_cancelled(step);
  if (step.direction == Direction::up) {
    record_applied(connection_, step, planner_.find(step.version)->checksum,
                   planner_.owner(step.version)->version, seconds_since(start));
  } else {
    record_rolled_back(connection_, step);
  }
  transaction.commit();
}

void Runner::run_without_transaction(const MigrationStep& step) {
  const auto start = Clock::now();
  const std::vector<Statement> statements = split_statements(step.sql);
  const std::string& checksum = planner_.find(step.version)->checksum;
  const std::string& plugin_version = planner_.owner(step.version)->version;
  const std::vector<LedgerRow> ledger = read_ledger(connection_);
  const auto row = std::find_if(ledger.begin(), ledger.end(), [&](const LedgerRow& r) {
    return r.version == step.version && r.dirty;
  });
  const bool resumed = row != ledger.end();
  const std::size_t done = resumed ? static_cast<std::size_t>(row->statements_done) : 0;
  if (resumed) refuse_other_beginning(step, *row, statements);
  const auto record = [&](std::size_t count, bool running) {
    record_progress(connection_, step, checksum, plugin_version,
                    {.done = static_cast<std::int64_t>(count),
                     .running = running,
                     .text = first_statements(statements, count)});
  };
  statement_count_ = statements.size();
  statement_index_ = done;
  report(MigrationProgress::Stage::started, step);
  if (!resumed) {
    record(0, false);
    record_start(connection_, step);
  }
  for (std::size_t i = done; i < statements.size(); ++i) {
    check_cancelled(step);
    bool again = resumed && i == done;
    const bool in_doubt = again && row->statement_running;
    record(i, true);
    try {
      with_lock_retry(step, [&] {
        if (again) drop_invalid_index(statements[i]);
        again = true;
        run_statement(step, statements[i], in_doubt);
      });
    } catch (const Error&) {
      if (!connection_.is_broken()) record(i, false);
      throw;
    }
  }
  if (step.direction == Direction::up) {
    record_applied(connection_, step, checksum, plugin_version, seconds_since(start));
  } else {
    record_rolled_back(connection_, step);
  }
}

// The statement that failed may be mended in a later release, so that there is a way out; those
// that are done must be the same, or the rest would go on from what never was.
void Runner::refuse_other_beginning(const MigrationStep& step, const LedgerRow& row,
                                    const std::vector<Statement>& statements) {
  const auto done = static_cast<std::size_t>(row.statements_done);
  if (done <= statements.size() &&
      digest(connection_, first_statements(statements, done)) == row.statements_digest) {
    return;
  }
  throw MigrationError(
      {.object = fmt::format("{} ({})", file_name(step), step.plugin),
       .expected = fmt::format("its first {} statements, which are done, as they were", done),
       .found = "other ones",
       .hint = "bring back their text; only what comes after may change"});
}

// A CREATE INDEX CONCURRENTLY that was interrupted leaves an invalid index behind, which makes the
// next attempt fail on the name or, with IF NOT EXISTS, pass over it in silence. Only an index that
// this very statement names is touched, and none of a partitioned table: that one is invalid until
// each partition has its own.
void Runner::drop_invalid_index(const Statement& statement) {
  const Result invalid = connection_.execute(
      "select pg_catalog.format('%I.%I', n.nspname, c.relname), c.relname "
      "from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid "
      "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
      "where not i.indisvalid and c.relkind = 'i'",
      {}, {}, "quartermaster.migrate");
  for (int i = 0; i < invalid.rows(); ++i) {
    const auto name = Codec<std::string>::decode(invalid.field(i, 1));
    if (!names(statement.sql, name)) continue;
    connection_.execute_script(
        "drop index concurrently " + Codec<std::string>::decode(invalid.field(i, 0)), {},
        "quartermaster.migrate");
  }
}

void Runner::run_statement(const MigrationStep& step, const Statement& statement, bool in_doubt) {
  try {
    connection_.execute_script(statement.sql, {}, "quartermaster.migrate");
  } catch (const ServerError& error) {
    if (error.sqlstate() == lock_not_available) throw;
    if (!in_doubt || !means_done_before(statement, error)) fail(step, statement, error);
  }
  ++statement_index_;
  report(MigrationProgress::Stage::statement, step);
}

void Runner::fail(const MigrationStep& step, const Statement& statement,
                  const ServerError& error) const {
  std::string hint = error.fields().hint;
  if (hint.empty()) {
    hint = step.transactional ? "nothing of this version was kept; mend the cause and run it again"
                              : "mend the cause and run it again to go on at this statement";
  }
  throw MigrationError(
      {.object = fmt::format("{}:{} ({}), statement {} of {}: {}", file_name(step),
                             line_of(statement, error.fields().position), step.plugin,
                             statement_index_ + 1, statement_count_, first_words(statement.sql)),
       .problem = fmt::format("{} ({})", error.fields().message, error.sqlstate()),
       .hint = hint});
}

void Runner::with_lock_retry(const MigrationStep& step, const std::function<void()>& attempt) {
  using namespace std::chrono_literals;
  const auto deadline = Clock::now() + options_.wait_timeout;
  std::minstd_rand random(std::random_device{}());
  // At least as long as the attempt: half of the time belongs to the others.
  std::chrono::milliseconds pause = std::clamp(options_.lock_timeout, 50ms, longest_pause);
  while (true) {
    try {
      return attempt();
    } catch (const ServerError& error) {
      if (error.sqlstate() != lock_not_available) throw;
      if (Clock::now() + pause > deadline) {
        throw MigrationError(
            {.object = title(step),
             .expected =
                 fmt::format("its locks within {} ms of retries", options_.wait_timeout.count()),
             .found = "other sessions holding them all the time",
             .hint = "end the long transactions on its tables, or raise the wait timeout"});
      }
    }
    report(MigrationProgress::Stage::retrying, step);
    check_cancelled(step);
    // Jitter keeps several migrators and a periodic job from meeting again and again.
    std::this_thread::sleep_for(std::chrono::milliseconds(
        std::uniform_int_distribution<std::int64_t>(pause.count() / 2, pause.count())(random)));
    pause = std::min(pause * 2, longest_pause);
  }
}

void Runner::report(MigrationProgress::Stage stage, const MigrationStep& step, double seconds) {
  if (!options_.progress) return;
  options_.progress({.stage = stage,
                     .step = &step,
                     .step_index = step_index_,
                     .step_count = step_count_,
                     .statement_index = statement_index_,
                     .statement_count = statement_count_,
                     .duration_seconds = seconds});
}

void Runner::check_cancelled(const MigrationStep& step) const {
  if (!options_.cancelled || !options_.cancelled()) return;
  throw MigrationError({.object = title(step),
                        .problem = "cancelled",
                        .hint = step.transactional
                                    ? "nothing of this version was kept; run it again to go on"
                                    : "run it again to go on at this statement"});
}

void run_unrecorded(Connection& connection, const MigrationStep& step) {
  try {
    if (step.transactional) {
      connection.execute_script(step.sql, {}, "quartermaster.migrate");
      return;
    }
    for (const Statement& statement : split_statements(step.sql))
      connection.execute_script(statement.sql, {}, "quartermaster.migrate");
  } catch (const ServerError& error) {
    throw MigrationError(
        {.object = title(step),
         .problem = fmt::format("{} ({})", error.fields().message, error.sqlstate()),
         .hint = "it was run on an empty database after those before it"});
  }
}

}  // namespace qm::migrate
