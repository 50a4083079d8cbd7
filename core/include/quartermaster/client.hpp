// What the generated typed clients (quartermaster/<plugin>.hpp) are written with: finding their
// queries in a host, and reading results into rows. Not for hand-written code, which reads results
// with row.hpp.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <quartermaster/cursor.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/executor.hpp>
#include <quartermaster/expected.hpp>
#include <quartermaster/host.hpp>
#include <quartermaster/row.hpp>
#include <quartermaster/visit.hpp>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace qm {
class AsyncExecutor;
}

namespace qm::client {

// Looks up one query after the other; keeps the first failure. A query that is not available gets a
// stand-in that throws QueryUnavailable when it is run.
class QM_API Binder {
 public:
  // Both must outlive the binder.
  Binder(const Host& host, std::string_view plugin) : host_(host), plugin_(plugin) {}

  void operator()(const RegisteredQuery*& query, std::string_view name,
                  std::uint64_t signature_hash, std::string_view signature);

  const std::optional<BindError>& error() const noexcept { return error_; }

 private:
  const Host& host_;
  std::string_view plugin_;
  std::optional<BindError> error_;
};

// A query that its client carries itself, without a plugin. Views of what lives for the call.
struct QueryDefinition {
  QueryKind kind = QueryKind::exec;
  bool text_results = false;
  bool read_only = false;
  bool is_long = false;
  std::string_view plugin;  // what stands before the name in logs and metrics
  std::string_view name;
  std::string_view sql;
  struct Parameter {
    std::string_view name;
    std::string_view type;
    Oid type_oid = 0;
    bool nullable = false;
    bool sensitive = false;
    bool loggable = false;
  };
  std::initializer_list<Parameter> parameters{};
};

// The process's own copy of the query, the same for equal ones. Thread-safe.
QM_API const RegisteredQuery* define(const QueryDefinition& definition);

// The parameters of several calls, encoded when their turn comes.
template <std::size_t N, class Call>
class Calls final : public ParamRows {
 public:
  Calls(std::span<const Call> calls, void (*encode)(ParamSink&, const Call&))
      : calls_(calls), encode_(encode) {}

  std::size_t size() const noexcept override { return calls_.size(); }
  ParamView at(std::size_t index) override {
    buffer_.emplace();
    encode_(*buffer_, calls_[index]);
    return buffer_->view();
  }

 private:
  std::span<const Call> calls_;
  void (*encode_)(ParamSink&, const Call&);
  std::optional<ParamBuffer<N>> buffer_;
};

[[noreturn]] QM_API void throw_no_row(const RegisteredQuery& query);

template <class T>
concept Row = requires(RowReader& reader) {
  { T::read(reader) } -> std::same_as<T>;
};

// A row of a table within a row, of `columns` columns; none where an outer join found none.
template <Row T>
std::optional<T> read_embedded(RowReader& reader, int columns) {
  if (reader.skip_nulls(columns)) return std::nullopt;
  return T::read(reader);
}

template <class T>
T read_row(const Result& result, int row) {
  RowReader reader(result, row);
  if constexpr (Row<T>) {
    return T::read(reader);
  } else {
    return reader.next<T>();
  }
}

// All three: T is a generated struct, or the type of the only column. They throw DecodeError when
// the result does not have `columns` columns of these types.

// The first row; ProtocolError when there is none.
template <class T>
T read_one(const RegisteredQuery& query, const Result& result, int columns) {
  require_columns(result, columns);
  if (result.empty()) throw_no_row(query);
  return read_row<T>(result, 0);
}

template <class T>
std::optional<T> read_opt(const Result& result, int columns) {
  require_columns(result, columns);
  if (result.empty()) return std::nullopt;
  return read_row<T>(result, 0);
}

template <class T>
std::vector<T> read_many(const Result& result, int columns) {
  require_columns(result, columns);
  std::vector<T> rows;
  const int count = result.rows();
  rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row)
    rows.push_back(read_row<T>(result, row));
  return rows;
}

// The same for each result of a batch.

template <class T>
std::vector<T> read_batchone(const RegisteredQuery& query, const std::vector<Result>& results,
                             int columns) {
  std::vector<T> rows;
  rows.reserve(results.size());
  for (const Result& result : results)
    rows.push_back(read_one<T>(query, result, columns));
  return rows;
}

template <class T>
std::vector<std::optional<T>> read_batchopt(const std::vector<Result>& results, int columns) {
  std::vector<std::optional<T>> rows;
  rows.reserve(results.size());
  for (const Result& result : results)
    rows.push_back(read_opt<T>(result, columns));
  return rows;
}

template <class T>
std::vector<std::vector<T>> read_batchmany(const std::vector<Result>& results, int columns) {
  std::vector<std::vector<T>> rows;
  rows.reserve(results.size());
  for (const Result& result : results)
    rows.push_back(read_many<T>(result, columns));
  return rows;
}

// One row where it stands in its result. What generated views are made of; cheap to copy.
class RowView {
 public:
  RowView(const Result& result, int row, int first_column = 0) noexcept
      : result_(&result), row_(row), first_(first_column) {}

 protected:
  template <class T>
  T get(int column) const {
    return decode_field<T>(*result_, row_, first_ + column);
  }
  // An embedded row that begins at this column.
  template <class View>
  View get_row(int column) const {
    return View(*result_, row_, first_ + column);
  }
  template <class View>
  std::optional<View> get_optional_row(int column, int columns) const {
    for (int i = 0; i < columns; ++i) {
      if (!result_->field(row_, first_ + column + i).is_null()) return get_row<View>(column);
    }
    return std::nullopt;
  }
  template <class T>
  T copy() const {
    RowReader reader(*result_, row_, first_);
    return T::read(reader);
  }

 private:
  const Result* result_;
  int row_;
  int first_;
};

// Row `row` as a generated view, or as the value of its only column.
template <class T>
T view_row(const Result& result, int row) {
  if constexpr (std::derived_from<T, RowView>) {
    return T(result, row);
  } else {
    return decode_field<T>(result, row, 0);
  }
}

// Hands rows to `each`, which may return nothing, or whether it wants more. Each may be a
// reference.
template <class T, class Each>
class EachRow final : public RowSink {
 public:
  EachRow(Each&& each, int columns) : each_(std::forward<Each>(each)), columns_(columns) {}

  bool take(const Result& row) override {
    require_columns(row, columns_);
    if constexpr (std::is_void_v<std::invoke_result_t<Each&, T>>) {
      each_(view_row<T>(row, 0));
      return true;
    } else {
      return each_(view_row<T>(row, 0));
    }
  }

 private:
  Each each_;
  int columns_;
};

// The asynchronous calls, for a completion token of this type: what the async_ methods are made of.
// Defined in quartermaster/asio.hpp, which whoever calls them includes.
template <class Token>
struct Async;

}  // namespace qm::client

namespace qm {

// The rows of a result, each read when it is reached: T is a generated view, or the type of the
// only column. Owns the result: what it hands out is valid as long as it is there and not moved.
// A random access range; reading throws DecodeError.
template <class T>
class Rows {
 public:
  Rows() = default;  // none
  // Throws DecodeError unless the result has this many columns.
  Rows(Result result, int columns) : result_(std::move(result)) {
    require_columns(result_, columns);
  }

  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using reference = T;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;  // for C++17: * gives no reference
    using iterator_concept = std::random_access_iterator_tag;

    Iterator() = default;
    Iterator(const Result& result, int row) noexcept : result_(&result), row_(row) {}

    T operator*() const { return client::view_row<T>(*result_, row_); }
    T operator[](difference_type n) const { return *(*this + n); }
    Iterator& operator++() noexcept { return *this += 1; }
    Iterator operator++(int) noexcept { return std::exchange(*this, *this + 1); }
    Iterator& operator--() noexcept { return *this += -1; }
    Iterator operator--(int) noexcept { return std::exchange(*this, *this + -1); }
    Iterator& operator+=(difference_type n) noexcept {
      row_ += static_cast<int>(n);
      return *this;
    }
    Iterator& operator-=(difference_type n) noexcept { return *this += -n; }
    friend Iterator operator+(Iterator at, difference_type n) noexcept { return at += n; }
    friend Iterator operator+(difference_type n, Iterator at) noexcept { return at += n; }
    friend Iterator operator-(Iterator at, difference_type n) noexcept { return at -= n; }
    friend difference_type operator-(const Iterator& a, const Iterator& b) noexcept {
      return a.row_ - b.row_;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) noexcept {
      return a.row_ == b.row_;
    }
    friend auto operator<=>(const Iterator& a, const Iterator& b) noexcept {
      return a.row_ <=> b.row_;
    }

   private:
    const Result* result_ = nullptr;
    int row_ = 0;
  };

  Iterator begin() const noexcept { return {result_, 0}; }
  Iterator end() const noexcept { return {result_, result_.rows()}; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(result_.rows()); }
  bool empty() const noexcept { return size() == 0; }
  T operator[](std::size_t row) const {
    return client::view_row<T>(result_, static_cast<int>(row));
  }

 private:
  Result result_;
};

// A cursor whose rows are read: T is a generated row, or the type of the only column. As Cursor.
template <class T>
class RowCursor {
 public:
  RowCursor(Transaction& transaction, const RegisteredQuery& query, const ParamView& params,
            int columns, const CallOptions& options = {})
      : cursor_(transaction, query, params, options), columns_(columns) {}

  // Fewer than `count` at the end. Throws DecodeError as well.
  std::vector<T> fetch(std::int64_t count, const CallOptions& options = {}) {
    return client::read_many<T>(cursor_.fetch(count, options), columns_);
  }
  std::int64_t skip(std::int64_t count, const CallOptions& options = {}) {
    return cursor_.skip(count, options);
  }
  void close(const CallOptions& options = {}) { cursor_.close(options); }

 private:
  Cursor cursor_;
  int columns_;
};

}  // namespace qm
