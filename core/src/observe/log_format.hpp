// One log record as one line, text or JSON. Not for deciding what is logged (logging.cpp) or how
// parameters are shown (log_parameters.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <quartermaster/observer.hpp>
#include <string>
#include <string_view>

namespace qm::observe {

// Empty texts and absent values are left out.
struct LogRecord {
  std::chrono::system_clock::time_point time;
  Severity severity = Severity::info;
  std::string message{};
  std::string area{};
  std::string query{};
  std::string plugin{};
  std::string operation{};
  std::optional<double> duration_ms{};
  std::optional<std::int64_t> rows{};
  std::string sqlstate{};
  std::optional<int> connection{};  // the server process
  std::string parameters{};
  bool slow = false;
  std::uint64_t suppressed = 0;  // records of this query and kind left out before this one
  std::string sql{};
};

const char* to_string(Severity severity) noexcept;

// "2026-11-23T08:00:00.123Z warning slow query=movie.GetMovie duration_ms=123.4 ...": values that
// are not one plain word are quoted, so that one record is one line whatever they hold.
std::string format_text(const LogRecord& record);

// One JSON object with the same names, "level" for the severity. Bytes that are not UTF-8 appear
// as \xHH with a backslash of their own, as JSON has no form for them.
std::string format_json(const LogRecord& record);

// The text in double quotes; quotes, backslashes, control characters, line separators and bytes
// that are not UTF-8 are escaped.
std::string quote(std::string_view text);

}  // namespace qm::observe
