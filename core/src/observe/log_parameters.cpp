// See log_parameters.hpp.
#include "observe/log_parameters.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <optional>
#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>

#include "config/utf8.hpp"
#include "observe/log_format.hpp"

namespace qm::observe {
namespace {

constexpr std::size_t max_shown = 32;
constexpr std::size_t max_text = 64;

struct HashKey {
  std::array<unsigned char, 32> bytes{};
  bool usable = false;
  HashKey() { usable = RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1; }
};

template <class T>
std::string shown(const Field& field) {
  const T value = Codec<T>::decode(field);
  if constexpr (requires { value.to_string(); }) {
    return value.to_string();
  } else if constexpr (requires { value.text(); }) {
    return value.text();
  } else {
    return fmt::format("{}", value);
  }
}

// The value of a type that is shown. By decoding also what is sent as text: bytes that only claim
// to be a number must not appear.
std::optional<std::string> plain_value(const Field& field) {
  try {
    switch (field.type) {
      case oids::boolean:
        return shown<bool>(field);
      case oids::int2:
        return shown<std::int16_t>(field);
      case oids::int4:
        return shown<std::int32_t>(field);
      case oids::int8:
        return shown<std::int64_t>(field);
      case oids::oid:
        return shown<Oid>(field);
      case oids::float4:
        return shown<float>(field);
      case oids::float8:
        return shown<double>(field);
      case oids::numeric:
        return shown<Numeric>(field);
      case oids::uuid:
        return shown<Uuid>(field);
      case oids::date:
        return shown<Date>(field);
      case oids::time:
        return shown<TimeOfDay>(field);
      case oids::timestamp:
        return shown<Timestamp>(field);
      case oids::timestamptz:
        return shown<TimestampTz>(field);
      case oids::interval:
        return shown<Interval>(field);
      default:
        return std::nullopt;
    }
  } catch (const DecodeError&) {
    return std::nullopt;  // not the form the type has: shown as bytes of unknown meaning
  }
}

// At most max_text bytes, not ending within a character.
std::string_view cut(std::string_view text) {
  if (text.size() <= max_text) return text;
  std::size_t end = 0;
  while (end < max_text) {
    const std::size_t size = std::max<std::size_t>(utf8_character(text.substr(end)), 1);
    if (end + size > max_text) break;
    end += size;
  }
  return text.substr(0, end);
}

// The name of a parameter or type comes from a plugin: kept only when it cannot be taken for the
// syntax around it.
std::string name_text(std::string_view name) {
  for (const char each : name) {
    const bool is_plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                          (each >= '0' && each <= '9') || each == '_' || each == ' ' ||
                          each == '.' || each == '[' || each == ']';
    if (!is_plain) return quote(cut(name));
  }
  return std::string(cut(name));
}

std::string type_text(const QueryValue* declared, Oid type) {
  if (declared != nullptr && !declared->type.empty()) return name_text(declared->type);
  if (oids::is_open(type)) return "value";
  return oids::type_name(type);
}

std::string value_text(const QueryValue* declared, const Field& field) {
  if (declared != nullptr && declared->sensitive) return "<sensitive>";
  if (field.is_null()) return "NULL";
  if (auto plain = plain_value(field)) return *plain;
  std::string_view bytes(field.data, static_cast<std::size_t>(field.size));
  // jsonb is its text after a version number.
  if (field.type == oids::jsonb && field.format == 1 && !bytes.empty()) bytes.remove_prefix(1);
  if (declared != nullptr && declared->loggable) {
    const std::string_view start = cut(bytes);
    if (start.size() == bytes.size()) return quote(bytes);
    return fmt::format("{}...({} bytes)", quote(start), bytes.size());
  }
  const std::string hash = keyed_hash(bytes);
  return fmt::format("<{} {} bytes{}{}>", type_text(declared, field.type), bytes.size(),
                     hash.empty() ? "" : " #", hash);
}

// libpq measures text parameters itself, so their length may be left 0 in a view.
Field field_of(const ParamView& params, std::size_t i) {
  Field field;
  field.data = params.values[i];
  field.format = i < params.formats.size() ? params.formats[i] : 0;
  field.type = i < params.types.size() ? params.types[i] : 0;
  if (field.data == nullptr) return field;
  field.size =
      field.format == 0 ? static_cast<int>(std::string_view(field.data).size()) : params.lengths[i];
  return field;
}

}  // namespace

std::string keyed_hash(std::string_view bytes) {
  static const HashKey key;
  if (!key.usable) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (HMAC(EVP_sha256(), key.bytes.data(), static_cast<int>(key.bytes.size()), data, bytes.size(),
           digest.data(), &size) == nullptr) {
    return {};
  }
  return fmt::format("{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]);
}

std::string render_parameters(const QueryEvent& event) {
  if (event.params == nullptr || event.params->size() == 0) return {};
  std::string out = "[";
  const std::size_t count = event.params->size();
  for (std::size_t i = 0; i < count && i < max_shown; ++i) {
    const QueryValue* declared = event.query != nullptr && i < event.query->parameters.size()
                                     ? &event.query->parameters[i]
                                     : nullptr;
    if (i != 0) out += ", ";
    out += fmt::format("${}", i + 1);
    if (declared != nullptr && !declared->name.empty()) out += ' ' + name_text(declared->name);
    out += '=' + value_text(declared, field_of(*event.params, i));
  }
  if (count > max_shown) out += fmt::format(", {} more", count - max_shown);
  return out + ']';
}

}  // namespace qm::observe
