// Rows of generated clients as text and as JSON: what their visit() hands out, written down by a
// ValueWriter. Not for results without a struct, which dynamic.hpp writes.
#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <quartermaster/enumeration.hpp>
#include <quartermaster/types.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qm {

namespace client {

// A generated row: visit(row, visitor) calls visitor(name, member) for each member.
template <class T>
concept Visitable = requires(const T& row) {
  T::visit(row, [](const char*, const auto&) {});
};

// Gets values one after the other, an object's after their names. Not thread-safe.
class QM_API ValueWriter {
 public:
  virtual ~ValueWriter();
  virtual void begin_object() = 0;
  virtual void name(std::string_view name) = 0;
  virtual void end_object() = 0;
  virtual void begin_array() = 0;
  virtual void end_array() = 0;
  virtual void null() = 0;
  virtual void boolean(bool value) = 0;
  virtual void integer(std::int64_t value) = 0;
  virtual void floating(double value) = 0;
  virtual void text(std::string_view value) = 0;
  virtual void timestamp(std::string_view value) = 0;  // as PostgreSQL prints it
  virtual void json(std::string_view value) = 0;

 protected:
  ValueWriter() = default;
  ValueWriter(const ValueWriter&) = default;
  ValueWriter& operator=(const ValueWriter&) = default;
};

inline void write(ValueWriter& out, bool value) {
  out.boolean(value);
}
template <std::integral T>
void write(ValueWriter& out, T value) {
  out.integer(static_cast<std::int64_t>(value));
}
template <std::floating_point T>
void write(ValueWriter& out, T value) {
  out.floating(static_cast<double>(value));
}
inline void write(ValueWriter& out, std::string_view value) {
  out.text(value);
}
inline void write(ValueWriter& out, const std::string& value) {
  out.text(value);
}
inline void write(ValueWriter& out, const Json& value) {
  out.json(value.text);
}
inline void write(ValueWriter& out, const Numeric& value) {
  out.text(value.text());
}
inline void write(ValueWriter& out, const Bytes& value) {
  out.text(to_string(value));
}
template <class Tag>
void write(ValueWriter& out, const BasicTimestamp<Tag>& value) {
  out.timestamp(value.to_string());
}
template <Enumeration T>
void write(ValueWriter& out, T value) {
  out.text(label_of(value));
}
// Uuid, Date, Interval and their like, and types of applications.
template <class T>
requires requires(const T& value) {
  std::string(value.to_string());
}
void write(ValueWriter& out, const T& value) {
  out.text(value.to_string());
}
template <Visitable T>
void write(ValueWriter& out, const T& row);
template <class T>
void write(ValueWriter& out, const std::vector<T>& values);

template <class T>
void write(ValueWriter& out, const std::optional<T>& value) {
  if (value) {
    write(out, *value);
  } else {
    out.null();
  }
}
template <class T>
void write(ValueWriter& out, const std::vector<T>& values) {
  out.begin_array();
  for (const auto& value : values)
    write(out, static_cast<const T&>(value));
  out.end_array();
}
template <Visitable T>
void write(ValueWriter& out, const T& row) {
  out.begin_object();
  T::visit(row, [&](const char* name, const auto& member) {
    out.name(name);
    write(out, member);
  });
  out.end_object();
}

// {title: "Up", year: 2009}, for people: logs and messages of tests.
class QM_API TextWriter final : public ValueWriter {
 public:
  void begin_object() override;
  void name(std::string_view name) override;
  void end_object() override;
  void begin_array() override;
  void end_array() override;
  void null() override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void floating(double value) override;
  void text(std::string_view value) override;
  void timestamp(std::string_view value) override;
  void json(std::string_view value) override;
  std::string take() { return std::move(text_); }

 private:
  void separate();

  std::string text_;
  bool first_ = true;
  bool named_ = false;
};

template <class T>
std::string to_text(const T& value) {
  TextWriter writer;
  write(writer, value);
  return writer.take();
}

QM_API std::ostream& print(std::ostream& out, const std::string& text);

// Writes one value with cereal's JSON archive, on one line.
class QM_API JsonWriter final : public ValueWriter {
 public:
  JsonWriter();
  ~JsonWriter() override;
  void begin_object() override;
  void name(std::string_view name) override;
  void end_object() override;
  void begin_array() override;
  void end_array() override;
  void null() override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void floating(double value) override;
  void text(std::string_view value) override;
  void timestamp(std::string_view value) override;
  void json(std::string_view value) override;
  std::string take();  // ends the text; nothing can follow

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace client

// A row, or a vector of rows, as JSON: members in camelCase, NULL as null, json and jsonb as they
// are, timestamps as RFC 3339 has them, numeric and everything else without a JSON type as text.
// Throws DecodeError for a Json member whose text is none.
template <client::Visitable T>
std::string to_json(const T& row) {
  client::JsonWriter writer;
  client::write(writer, row);
  return writer.take();
}
template <client::Visitable T>
std::string to_json(const std::vector<T>& rows) {
  client::JsonWriter writer;
  client::write(writer, rows);
  return writer.take();
}

}  // namespace qm
