// See logging.hpp. The only file that includes Boost.Log.
//
// Records travel through Boost.Log's core with their fields as attributes, so that an application
// that uses Boost.Log may give them to sinks of its own. Our own sinks take only records that carry
// their observer's number.
#include <quartermaster/logging.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <boost/log/attributes/attribute_set.hpp>
#include <boost/log/attributes/attribute_value_set.hpp>
#include <boost/log/attributes/constant.hpp>
#include <boost/log/attributes/value_extraction.hpp>
#include <boost/log/core.hpp>
#include <boost/log/sinks/basic_sink_backend.hpp>
#include <boost/log/sinks/sync_frontend.hpp>
#include <boost/log/utility/exception_handler.hpp>
#include <boost/smart_ptr/make_shared_object.hpp>
#include <boost/smart_ptr/shared_ptr.hpp>
#include <cerrno>
#include <quartermaster/error.hpp>
#include <system_error>
#include <utility>

#include "observe/log_format.hpp"
#include "observe/log_observer.hpp"
#include "observe/log_parameters.hpp"
#include "observe/log_rate_limit.hpp"

namespace qm {
namespace observe {
namespace {

namespace logging = boost::log;

constexpr std::size_t max_sql = 4096;
constexpr const char* instance_attribute = "QuartermasterInstance";

// A file opened for appending, or standard error.
class LogFile {
 public:
  explicit LogFile(const std::filesystem::path& path) {
    if (path.empty()) return;
    // Not for everybody to read: statements may hold literals.
    do {
      fd_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    } while (fd_ < 0 && errno == EINTR);
    if (fd_ < 0) {
      throw ConfigError({.object = "log.file " + path.string(),
                         .expected = "a file that can be appended to",
                         .found = std::generic_category().message(errno),
                         .hint = "name a file in a directory this process may write to"});
    }
    owned_ = true;
    path_ = path;
  }
  ~LogFile() {
    if (owned_) ::close(fd_);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  // What cannot be written (a full disk) is lost: a log must not stop the application. But when it
  // begins to be lost is told, where it can be.
  void append(std::string_view line) {
    const int reason = write(fd_, line);
    if (owned_ && reason != 0 && !is_losing_) {
      write(STDERR_FILENO, "log.file " + path_.string() + ": records are lost: " +
                               std::generic_category().message(reason) + '\n');
    }
    is_losing_ = reason != 0;
  }

 private:
  // In one write where the system takes it as one, so that processes can share a file. Gives back
  // errno.
  static int write(int fd, std::string_view text) noexcept {
    while (!text.empty()) {
      const auto written = ::write(fd, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return errno;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
  }

  int fd_ = STDERR_FILENO;
  bool owned_ = false;
  std::filesystem::path path_{};
  bool is_losing_ = false;
};

// Not Boost.Log's text_ostream_backend: a C++ stream cannot be opened close-on-exec, and the
// embedded server's processes would inherit it.
class AppendBackend
    : public logging::sinks::basic_formatted_sink_backend<char,
                                                          logging::sinks::synchronized_feeding> {
 public:
  explicit AppendBackend(const std::filesystem::path& path) : file_(path) {}
  void consume(const logging::record_view&, const std::string& line) { file_.append(line); }

 private:
  LogFile file_;
};

using Sink = logging::sinks::synchronous_sink<AppendBackend>;

template <class T>
void take(T& field, const logging::record_view& record, const char* name) {
  if (const auto value = logging::extract<T>(name, record)) field = *value;
}
template <class T>
void take(std::optional<T>& field, const logging::record_view& record, const char* name) {
  if (const auto value = logging::extract<T>(name, record)) field = *value;
}

LogRecord read_record(const logging::record_view& from) {
  LogRecord record;
  take(record.time, from, "TimeStamp");
  take(record.severity, from, "Severity");
  take(record.message, from, "Message");
  take(record.area, from, "area");
  take(record.query, from, "query");
  take(record.plugin, from, "plugin");
  take(record.operation, from, "operation");
  take(record.duration_ms, from, "duration_ms");
  take(record.rows, from, "rows");
  take(record.sqlstate, from, "sqlstate");
  take(record.connection, from, "connection");
  take(record.parameters, from, "parameters");
  take(record.slow, from, "slow");
  take(record.suppressed, from, "suppressed");
  take(record.sql, from, "sql");
  return record;
}

class Attributes {
 public:
  explicit Attributes(logging::attribute_value_set& values) : values_(values) {}

  template <class T>
  void add(const char* name, T value) {
    values_.insert(name, logging::attributes::make_attribute_value(std::move(value)));
  }
  void add_text(const char* name, std::string value) {
    if (!value.empty()) add(name, std::move(value));
  }

 private:
  logging::attribute_value_set& values_;
};

void write_record(LogRecord record, logging::record& to) {
  Attributes attributes(to.attribute_values());
  attributes.add("TimeStamp", record.time);
  attributes.add("Message", std::move(record.message));
  attributes.add_text("area", std::move(record.area));
  attributes.add_text("query", std::move(record.query));
  attributes.add_text("plugin", std::move(record.plugin));
  attributes.add_text("operation", std::move(record.operation));
  if (record.duration_ms) attributes.add("duration_ms", *record.duration_ms);
  if (record.rows) attributes.add("rows", *record.rows);
  attributes.add_text("sqlstate", std::move(record.sqlstate));
  if (record.connection) attributes.add("connection", *record.connection);
  attributes.add_text("parameters", std::move(record.parameters));
  if (record.slow) attributes.add("slow", true);
  if (record.suppressed != 0) attributes.add("suppressed", record.suppressed);
  attributes.add_text("sql", std::move(record.sql));
}

Severity lowest(LogConfig::Level level) noexcept {
  switch (level) {
    case LogConfig::Level::debug:
      return Severity::debug;
    case LogConfig::Level::info:
      return Severity::info;
    case LogConfig::Level::warning:
      return Severity::warning;
    case LogConfig::Level::error:
      break;
  }
  return Severity::error;
}

std::string statement_text(std::string_view sql) {
  std::string text(sql.substr(0, max_sql));
  if (sql.size() > max_sql) text += "... (" + std::to_string(sql.size()) + " bytes)";
  return text;
}

class LogObserver final : public Observer {
 public:
  LogObserver(const LogConfig& config, LogClocks clocks)
      : lowest_(lowest(config.level)),
        slow_threshold_(config.slow_query_threshold),
        clocks_(std::move(clocks)),
        sink_(boost::make_shared<Sink>(boost::make_shared<AppendBackend>(config.file))) {
    sink_->set_filter([instance = instance_](const logging::attribute_value_set& values) {
      const auto number = logging::extract<std::uint64_t>(instance_attribute, values);
      return number && *number == instance;
    });
    sink_->set_formatter([json = config.format == LogConfig::Format::json](
                             const logging::record_view& record, logging::formatting_ostream& out) {
      const LogRecord fields = read_record(record);
      out << (json ? format_json(fields) : format_text(fields)) << '\n';
    });
    sink_->set_exception_handler(logging::make_exception_suppressor());
    logging::core::get()->add_sink(sink_);
  }
  ~LogObserver() override { logging::core::get()->remove_sink(sink_); }

  void on_query(const QueryEvent& event) noexcept override {
    const bool slow = slow_threshold_.count() > 0 && event.duration >= slow_threshold_;
    const Severity severity = event.error != nullptr ? Severity::error
                              : slow                 ? Severity::warning
                                                     : Severity::debug;
    if (severity < lowest_) return;
    try {
      std::uint64_t suppressed = 0;
      if (severity != Severity::debug) {
        const auto kind =
            severity == Severity::error ? LogRateLimit::Kind::error : LogRateLimit::Kind::slow;
        const auto admitted = rate_limit_.admit(name_of(event), kind, clocks_.steady());
        if (!admitted) return;
        suppressed = *admitted;
      }
      push(query_record(event, severity, slow, suppressed));
    } catch (...) {
      // No memory for a record: the statement's own outcome matters more.
    }
  }

  void on_note(const NoteEvent& event) noexcept override {
    if (event.severity < lowest_) return;
    try {
      push({.time = clocks_.wall(),
            .severity = event.severity,
            .message = std::string(event.message),
            .area = std::string(event.area)});
    } catch (...) {
      // As above.
    }
  }

 private:
  static std::string_view name_of(const QueryEvent& event) noexcept {
    return event.query != nullptr ? std::string_view(event.query->full_name) : event.name;
  }

  LogRecord query_record(const QueryEvent& event, Severity severity, bool slow,
                         std::uint64_t suppressed) const {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    LogRecord record{.time = clocks_.wall(),
                     .severity = severity,
                     .message = event.error != nullptr ? event.error->what()
                                : slow                 ? "slow"
                                                       : "done",
                     .query = std::string(name_of(event)),
                     .operation = qm::to_string(event.operation),
                     .duration_ms = Milliseconds(event.duration).count(),
                     .sqlstate = std::string(event.sqlstate),
                     .parameters = render_parameters(event),
                     .slow = slow,
                     .suppressed = suppressed};
    if (event.query != nullptr) record.plugin = event.query->plugin;
    if (event.error == nullptr) record.rows = event.rows;
    if (event.backend_pid != 0) record.connection = event.backend_pid;
    if (slow) record.sql = statement_text(event.sql);
    return record;
  }

  void push(LogRecord fields) const {
    logging::attribute_set source;
    source.insert(instance_attribute, logging::attributes::make_constant(instance_));
    source.insert("Severity", logging::attributes::make_constant(fields.severity));
    const auto core = logging::core::get();
    logging::record record = core->open_record(source);
    if (!record) return;
    write_record(std::move(fields), record);
    core->push_record(std::move(record));
  }

  static std::uint64_t next_instance() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
  }

  const Severity lowest_;
  const std::chrono::nanoseconds slow_threshold_;
  const LogClocks clocks_;
  const std::uint64_t instance_ = next_instance();
  boost::shared_ptr<Sink> sink_;
  LogRateLimit rate_limit_;
};

}  // namespace

ObserverPtr make_log_observer(const LogConfig& config, LogClocks clocks) {
  return std::make_shared<LogObserver>(config, std::move(clocks));
}

}  // namespace observe

ObserverPtr make_log_observer(const LogConfig& config) {
  return observe::make_log_observer(config, {});
}

}  // namespace qm
