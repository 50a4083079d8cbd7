#include "migrate/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
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

std::string title(const MigrationStep& step) {
  return fmt::format("migration {:06} {} ({}) {}", step.version, step.slug, step.plugin,
                     step.direction == Direction::up ? "up" : "down");
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
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
  for (step_index_ = 0; step_index_ < steps.size(); ++step_index_)
    run_step(steps[step_index_]);
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
  connection_.execute_script(
      fmt::format("set local lock_timeout = {}", options_.lock_timeout.count()), {},
      "quartermaster.migrate");
  for (const Statement& statement : statements) {
    check_cancelled(step);
    run_statement(step, statement);
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
  const std::size_t done = row == ledger.end() ? 0 : static_cast<std::size_t>(row->statements_done);
  statement_count_ = statements.size();
  statement_index_ = done;
  report(MigrationProgress::Stage::started, step);
  if (done == 0) record_progress(connection_, step, checksum, plugin_version, 0);
  connection_.execute_script(fmt::format("set lock_timeout = {}", options_.lock_timeout.count()),
                             {}, "quartermaster.migrate");
  for (std::size_t i = done; i < statements.size(); ++i) {
    check_cancelled(step);
    with_lock_retry(step, [&] {
      drop_invalid_index(step);
      run_statement(step, statements[i]);
    });
    record_progress(connection_, step, checksum, plugin_version, static_cast<std::int64_t>(i + 1));
  }
  connection_.execute_script("reset lock_timeout", {}, "quartermaster.migrate");
  if (step.direction == Direction::up) {
    record_applied(connection_, step, checksum, plugin_version, seconds_since(start));
  } else {
    record_rolled_back(connection_, step);
  }
}

// A CREATE INDEX CONCURRENTLY that was interrupted leaves an invalid index behind, which makes the
// next attempt fail on the name or, with IF NOT EXISTS, pass over it in silence. Only indexes that
// the step's own text names are touched.
void Runner::drop_invalid_index(const MigrationStep& step) {
  const Result invalid = connection_.execute(
      "select pg_catalog.format('%I.%I', n.nspname, c.relname), c.relname "
      "from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid "
      "join pg_catalog.pg_namespace n on n.oid = c.relnamespace where not i.indisvalid",
      {}, {}, "quartermaster.migrate");
  for (int i = 0; i < invalid.rows(); ++i) {
    const auto name = Codec<std::string>::decode(invalid.field(i, 1));
    if (step.sql.find(name) == std::string::npos) continue;
    connection_.execute_script(
        "drop index concurrently " + Codec<std::string>::decode(invalid.field(i, 0)), {},
        "quartermaster.migrate");
  }
}

void Runner::run_statement(const MigrationStep& step, const Statement& statement) {
  try {
    connection_.execute_script(statement.sql, {}, "quartermaster.migrate");
  } catch (const ServerError& error) {
    if (error.sqlstate() == lock_not_available) throw;
    throw MigrationError(
        {.object =
             fmt::format("{}, statement {} of {} at line {}: {}", title(step), statement_index_ + 1,
                         statement_count_, statement.line, first_words(statement.sql)),
         .problem = fmt::format("{} ({})", error.fields().message, error.sqlstate()),
         .hint = error.fields().hint.empty()
                     ? "nothing of this version was kept; mend the cause and run it again"
                     : error.fields().hint});
  }
  ++statement_index_;
  report(MigrationProgress::Stage::statement, step);
}

void Runner::with_lock_retry(const MigrationStep& step, const std::function<void()>& attempt) {
  using namespace std::chrono_literals;
  const auto deadline = Clock::now() + options_.wait_timeout;
  std::minstd_rand random(std::random_device{}());
  std::chrono::milliseconds pause = 50ms;
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
    pause = std::min(pause * 2, 2000ms);
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

}  // namespace qm::migrate
