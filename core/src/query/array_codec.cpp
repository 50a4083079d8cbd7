// Arrays in both formats; see array_codec.hpp.
#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>

#include "query/array_wire.hpp"
#include "query/decode_error.hpp"
#include "query/text_scanner.hpp"

namespace qm {

query::ArrayHeader query::read_array_header(const Field& field) {
  constexpr int fixed_size = 12;
  if (field.size < fixed_size) throw_size(field, fixed_size);
  ArrayHeader header;
  header.dimensions = wire::load<std::int32_t>(field.data);
  header.element = wire::load<Oid>(field.data + 8);
  if (header.dimensions < 0 || header.dimensions > max_dimensions) {
    throw_broken_bytes(field, std::to_string(header.dimensions) + " dimensions");
  }
  const int size = fixed_size + 8 * header.dimensions;
  if (field.size < size) throw_size(field, static_cast<std::size_t>(size));
  header.elements = field.data + size;
  // Every element has four bytes of size at least.
  const auto most = static_cast<std::size_t>(field.size - size) / 4;
  header.count = header.dimensions == 0 ? 0 : 1;
  for (int i = 0; i < header.dimensions; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const char* dimension = field.data + fixed_size + std::ptrdiff_t{8} * i;
    header.sizes[index] = wire::load<std::int32_t>(dimension);
    header.lower_bounds[index] = wire::load<std::int32_t>(dimension + 4);
    if (header.sizes[index] < 0) throw_broken_bytes(field, "a negative number of elements");
    header.count *= static_cast<std::size_t>(header.sizes[index]);
    if (header.count > most) throw_broken_bytes(field, "fewer bytes than its elements need");
  }
  return header;
}

Field query::take_sized_value(const char*& at, const char* end, Oid type, const Field& whole) {
  if (end - at < 4) throw_broken_bytes(whole, "an end in the middle");
  const auto size = wire::load<std::int32_t>(at);
  at += 4;
  Field value{.data = nullptr, .size = 0, .format = 1, .type = type};
  if (size == -1) return value;
  if (size < 0 || size > end - at) throw_broken_bytes(whole, "an end in the middle");
  value.data = at;
  value.size = size;
  at += size;
  return value;
}

namespace detail {

namespace {

void require_one_dimension(bool is_one, const Field& array, std::string found) {
  if (is_one) return;
  throw DecodeError(Report{.object = "value",
                           .expected = "an array of one dimension",
                           .found = std::move(found),
                           .hint = "unnest it in the query, or read " +
                                   oids::type_name(array.type) + " with field_to_json()"});
}

}  // namespace

ArrayReader::ArrayReader(const Field& array, Oid expected_element)
    : at_(array.data), end_(array.data + array.size), format_(array.format) {
  const Oid expected = oids::array_type(expected_element);
  if (array.is_null()) query::require_value(array, expected);
  element_ = oids::element_type(array.type);
  if (element_ == 0 && !oids::is_open(array.type)) query::throw_wrong_type(array, expected);
  if (format_ == 0) {
    // The dimensions' bounds, when they do not begin at 1: [0:2]={...}
    query::TextScanner scanner(query::text_of(array));
    if (scanner.peek() == '[') {
      const std::size_t equals = scanner.rest().find("={");
      if (equals == std::string_view::npos) query::throw_broken_bytes(array, "bounds without =");
      require_one_dimension(scanner.rest().substr(0, equals).find("][") == std::string_view::npos,
                            array, "several");
      scanner.skip(equals + 1);
    }
    if (!scanner.eat('{')) query::throw_broken_bytes(array, "no {");
    if (!scanner.rest().ends_with('}')) query::throw_broken_bytes(array, "no }");
    require_one_dimension(scanner.peek() != '{', array, "several");
    at_ = scanner.rest().data();
    return;
  }
  const query::ArrayHeader header = query::read_array_header(array);
  require_one_dimension(header.dimensions <= 1, array, std::to_string(header.dimensions));
  element_ = header.element;
  at_ = header.elements;
  left_ = header.count;
}

bool ArrayReader::next(Field& element) {
  if (format_ == 0) return next_of_text(element);
  const Field whole{.data = at_, .size = 0, .format = 1, .type = oids::array_type(element_)};
  if (left_ == 0) {
    if (at_ != end_) query::throw_broken_bytes(whole, "bytes after its end");
    return false;
  }
  --left_;
  element = query::take_sized_value(at_, end_, element_, whole);
  return true;
}

bool ArrayReader::next_of_text(Field& element) {
  const Field whole{.data = at_, .size = 0, .format = 0, .type = oids::array_type(element_)};
  const auto broken = [&whole] { query::throw_broken_bytes(whole, "no array literal"); };
  // The last byte is the closing brace: the constructor has seen it.
  const char* close = end_ - 1;
  if (at_ == end_) return false;
  if (at_ == close) {
    if (started_) broken();  // "{a,}"
    at_ = end_;
    return false;
  }
  started_ = true;
  unescaped_.clear();
  bool quoted = false;
  if (*at_ == '"') {
    quoted = true;
    for (++at_; at_ != close && *at_ != '"'; ++at_) {
      if (*at_ == '\\' && ++at_ == close) broken();
      unescaped_ += *at_;
    }
    if (at_ == close) broken();
    ++at_;
  } else {
    for (; at_ != close && *at_ != ','; ++at_) {
      if (*at_ == '{' || *at_ == '}' || *at_ == '"') broken();
      if (*at_ == '\\' && ++at_ == close) broken();
      unescaped_ += *at_;
    }
    if (unescaped_.empty()) broken();
  }
  if (at_ == close) {
    at_ = end_;
  } else if (*at_ != ',') {
    broken();
  } else {
    ++at_;  // an element follows: a brace here is an error at the next call
  }
  const bool is_null = !quoted && query::equals_ignoring_case(unescaped_, "null");
  element = Field{.data = is_null ? nullptr : unescaped_.data(),
                  .size = is_null ? 0 : static_cast<int>(unescaped_.size()),
                  .format = 0,
                  .type = element_};
  return true;
}

void throw_null_element() {
  throw DecodeError(Report{.object = "value",
                           .expected = "an array without nulls",
                           .found = "a null element",
                           .hint = "read it as std::vector<std::optional<T>>"});
}

void TextArrayWriter::add(std::string_view element) {
  (void)text_wire_size(oids::text, element);  // refuses what PostgreSQL cannot store
  if (text_.size() > 1) text_ += ',';
  text_ += '"';
  for (const char character : element) {
    if (character == '"' || character == '\\') text_ += '\\';
    text_ += character;
  }
  text_ += '"';
}

void TextArrayWriter::add_null() {
  text_ += text_.size() > 1 ? ",NULL" : "NULL";
}

void TextArrayWriter::finish(ParamSink& sink, Oid target) {
  text_ += '}';
  sink.copy(target, text_.data(), text_.size(), 0);
}

}  // namespace detail

}  // namespace qm
