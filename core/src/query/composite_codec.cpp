// Composite values in both formats; see composite_codec.hpp.
#include <fmt/format.h>

#include <quartermaster/composite_codec.hpp>
#include <quartermaster/error.hpp>

#include "query/array_wire.hpp"
#include "query/composite_text.hpp"
#include "query/decode_error.hpp"

namespace qm {

namespace client {

void RecordTextWriter::begin(bool is_array) {
  levels_.push_back({is_array, is_array ? "{" : "("});
}

void RecordTextWriter::end(char close) {
  Level ended = std::move(levels_.back());
  levels_.pop_back();
  ended.text += close;
  if (ended.is_array && !levels_.empty() && levels_.back().is_array) {
    next(levels_.back()) += ended.text;  // part of its array, not an element in quotes
  } else {
    add(ended.text);
  }
}

std::string& RecordTextWriter::next(Level& level) {
  if (std::exchange(level.has_any, true)) level.text += ',';
  return level.text;
}

// Into the value around it, or as the whole.
void RecordTextWriter::add(std::string_view literal) {
  if (levels_.empty()) {
    done_ = literal;
    return;
  }
  Level& level = levels_.back();
  next(level) += level.is_array ? query::array_element(literal)
                                : query::quoted(literal, query::record_special, false);
}

void RecordTextWriter::begin_object() {
  begin(false);
}
void RecordTextWriter::end_object() {
  end(')');
}
void RecordTextWriter::begin_array() {
  begin(true);
}
void RecordTextWriter::end_array() {
  end('}');
}
void RecordTextWriter::null() {
  next(levels_.back()) += levels_.back().is_array ? "NULL" : "";
}
void RecordTextWriter::boolean(bool value) {
  add(value ? "t" : "f");
}
void RecordTextWriter::integer(std::int64_t value) {
  add(std::to_string(value));
}
void RecordTextWriter::floating(double value) {
  add(fmt::format("{}", value));
}
void RecordTextWriter::text(std::string_view value) {
  add(value);
}

}  // namespace client

namespace detail {
namespace {

[[noreturn]] void throw_count(const char* found) {
  throw DecodeError(Report{.object = "value",
                           .expected = "as many attributes as the struct has members",
                           .found = found,
                           .hint = "the composite type has changed; describe its queries again"});
}

}  // namespace

RecordReader::RecordReader(const Field& record)
    : record_(record), at_(record.data), end_(record.data + record.size) {
  if (record.is_null()) query::require_value(record, oids::record);
  if (record.type != oids::record && !oids::is_open(record.type)) {
    query::throw_wrong_type(record, oids::record);
  }
  if (record.format == 0) {
    if (record.size < 2 || *at_ != '(') query::throw_broken_bytes(record_, "no (");
    ++at_;
    is_over_ = *at_ == ')' && record.size == 2;
    return;
  }
  if (record.size < 4) query::throw_broken_bytes(record_, "no count");
  left_ = wire::load<std::int32_t>(at_);
  if (left_ < 0) query::throw_broken_bytes(record_, "a negative count");
  at_ += 4;
}

Field RecordReader::next(Oid expected) {
  if (record_.format == 0) return next_of_text(expected);
  if (left_-- == 0) throw_count("fewer");
  if (end_ - at_ < 4) query::throw_broken_bytes(record_, "an attribute that is cut off");
  const auto type = wire::load<Oid>(at_);
  at_ += 4;
  // A domain's own OID says nothing; the description of the query has found what it is over.
  const bool use_expected = oids::is_open(type) && expected != 0;
  return query::take_sized_value(at_, end_, use_expected ? expected : type, record_);
}

Field RecordReader::next_of_text(Oid expected) {
  if (is_over_) throw_count("fewer");
  unescaped_.clear();
  bool is_null = true;
  bool quoted = false;
  for (;; ++at_) {
    if (at_ == end_) query::throw_broken_bytes(record_, "no end");
    if (!quoted && (*at_ == ',' || *at_ == ')')) break;
    is_null = false;
    if (*at_ == '"') {
      const bool is_doubled = quoted && at_ + 1 != end_ && at_[1] == '"';
      if (!is_doubled) {
        quoted = !quoted;
        continue;
      }
      ++at_;
    } else if (*at_ == '\\') {
      if (++at_ == end_) query::throw_broken_bytes(record_, "no end");
    }
    unescaped_ += *at_;
  }
  is_over_ = *at_ == ')';
  ++at_;
  if (is_over_ && at_ != end_) query::throw_broken_bytes(record_, "text after its end");
  return {.data = is_null ? nullptr : unescaped_.data(),
          .size = static_cast<int>(unescaped_.size()),
          .format = 0,
          .type = expected};
}

void RecordReader::finish() const {
  if (record_.format == 0 ? !is_over_ : left_ > 0) throw_count("more");
}

void throw_in_attribute(const char* name, const Report& report) {
  const bool is_nested = report.object.starts_with("attribute ");
  Report outer = report;
  outer.object =
      fmt::format("attribute {}{}{}", name, is_nested ? ", " : "", is_nested ? report.object : "");
  throw DecodeError(outer);
}

void throw_null_attribute(const char* name) {
  throw DecodeError(Report{.object = fmt::format("attribute {}", name),
                           .expected = "a value",
                           .found = "NULL",
                           .hint = "read it as std::optional<T>"});
}

}  // namespace detail

}  // namespace qm
