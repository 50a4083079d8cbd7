// Cursors over a Transaction.
#include <fmt/format.h>

#include <atomic>
#include <quartermaster/cursor.hpp>
#include <quartermaster/error.hpp>
#include <utility>

#include "pool/call_run.hpp"

namespace qm {
namespace {

// Names are never used twice, so that one transaction can have any number of cursors.
std::string new_name() {
  static std::atomic<std::uint64_t> count{0};
  return fmt::format("qm_cursor_{}", count.fetch_add(1, std::memory_order_relaxed) + 1);
}

}  // namespace

Cursor::Cursor(Transaction& transaction, const RegisteredQuery& query, const ParamView& params,
               const CallOptions& options)
    : transaction_(transaction),
      label_(query.full_name),
      name_(new_name()),
      text_results_(query.text_results) {
  pool::require_available(query);
  declare(query.sql, params, options);
}

Cursor::Cursor(Transaction& transaction, std::string_view sql, const ParamView& params,
               const CallOptions& options, std::string_view name)
    : transaction_(transaction), label_(name), name_(new_name()), text_results_(false) {
  declare(sql, params, options);
}

Cursor::~Cursor() {
  if (transaction_.connection().transaction_status() !=
      Connection::TransactionStatus::in_transaction) {
    return;  // it has ended with the transaction, or will
  }
  try {
    close();
  } catch (const std::exception&) {  // the next statement will say the same
  }
}

void Cursor::declare(std::string_view sql, const ParamView& params, const CallOptions& options) {
  transaction_.execute(fmt::format("declare {} no scroll cursor for {}", name_, sql), params,
                       options, label_);
  is_open_ = true;
}

Result Cursor::move_on(const char* what, std::int64_t count, const CallOptions& options) {
  if (!is_open_ || count < 1) {
    throw Error(Report{.object = label_,
                       .expected = is_open_ ? "1 row or more to fetch" : "an open cursor",
                       .found = is_open_ ? std::to_string(count) : "a closed one"});
  }
  const std::string sql = fmt::format("{} forward {} from {}", what, count, name_);
  // A script's results are text.
  return text_results_ ? transaction_.connection().execute_script(sql, options, label_)
                       : transaction_.execute(sql, {}, options, label_);
}

Result Cursor::fetch(std::int64_t count, const CallOptions& options) {
  return move_on("fetch", count, options);
}

std::int64_t Cursor::skip(std::int64_t count, const CallOptions& options) {
  return move_on("move", count, options).affected_rows();
}

void Cursor::close(const CallOptions& options) {
  if (std::exchange(is_open_, false)) {
    transaction_.execute("close " + name_, {}, options, label_);
  }
}

}  // namespace qm
