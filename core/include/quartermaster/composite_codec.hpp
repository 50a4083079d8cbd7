// PostgreSQL's composite types as structs of generated clients, or of yours: one takes part by
// saying that it is one, and by handing its members to a visitor in the order of the type's
// attributes, each an std::optional unless it is never NULL:
//
//   struct Address {
//     std::optional<std::string> street;
//     std::optional<std::int32_t> zip;
//     static constexpr bool is_composite = true;
//     template <class Self, class Visitor>
//     static void visit(Self& self, Visitor&& visitor) {
//       visitor("street", self.street);
//       visitor("zip", self.zip);
//     }
//   };
//
// Read in either format; sent as text, for only the server knows the attributes' types.
#pragma once

#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/visit.hpp>
#include <string>
#include <vector>

namespace qm {

namespace client {

template <class T>
concept Composite = Visitable<T> && T::is_composite;

// Writes a composite value as PostgreSQL reads it: ("Main St",12), arrays within as {1,2}.
class QM_API RecordTextWriter final : public ValueWriter {
 public:
  void begin_object() override;
  void name(std::string_view) override {}
  void end_object() override;
  void begin_array() override;
  void end_array() override;
  void null() override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void floating(double value) override;
  void text(std::string_view value) override;
  void timestamp(std::string_view value) override { text(value); }
  void json(std::string_view value) override { text(value); }
  std::string take() { return std::move(done_); }

 private:
  struct Level {
    bool is_array;
    std::string text;
    bool has_any = false;
  };
  void begin(bool is_array);
  void end(char close);
  static std::string& next(Level& level);
  void add(std::string_view literal);

  std::vector<Level> levels_;
  std::string done_;
};

}  // namespace client

namespace detail {

// The attributes of a composite value, one after the other, whatever its format.
class RecordReader {
 public:
  // Throws DecodeError when the field is no composite value.
  QM_API explicit RecordReader(const Field& record);
  // The next attribute, valid until the next call; taken for `expected` where the record does not
  // say more. Throws DecodeError when there is none left or the bytes break the format.
  QM_API Field next(Oid expected);
  // Throws DecodeError when attributes are left.
  QM_API void finish() const;

 private:
  Field next_of_text(Oid expected);

  const Field record_;
  const char* at_;
  const char* end_;
  int left_ = 0;           // binary
  bool is_over_ = false;   // text: the closing parenthesis is behind us
  std::string unescaped_;  // text: the attribute
};

[[noreturn]] QM_API void throw_in_attribute(const char* name, const Report& report);
[[noreturn]] QM_API void throw_null_attribute(const char* name);

template <class T>
void read_attribute(RecordReader& reader, const char* name, T& member) {
  using Value = typename OptionalTraits<T>::Value;
  const Field field = reader.next(Codec<Value>::oid);
  if (field.is_null()) {
    if constexpr (OptionalTraits<T>::is_optional) {
      member = std::nullopt;
      return;
    } else {
      throw_null_attribute(name);
    }
  }
  try {
    member = Codec<Value>::decode(field);
  } catch (const DecodeError& error) {
    throw_in_attribute(name, error.report());
  }
}

}  // namespace detail

template <client::Composite T>
struct Codec<T> {
  static constexpr Oid oid = 0;
  static constexpr Oid array_oid = 0;

  static std::string text_of(const T& value) {
    client::RecordTextWriter writer;
    client::write(writer, value);
    return writer.take();
  }
  static void encode(ParamSink& sink, const T& value) { encode_as(sink, oid, value); }
  static void encode_as(ParamSink& sink, Oid target, const T& value) {
    const std::string text = text_of(value);
    (void)detail::text_wire_size(oids::text, text);  // refuses what PostgreSQL cannot store
    sink.copy(target, text.data(), text.size(), 0);
  }
  static T decode(const Field& field) {
    detail::RecordReader reader(field);
    T value{};
    T::visit(value,
             [&](const char* name, auto& member) { detail::read_attribute(reader, name, member); });
    reader.finish();
    return value;
  }
};

}  // namespace qm
