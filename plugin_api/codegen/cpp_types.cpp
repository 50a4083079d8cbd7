// See cpp_types.hpp.
#include "codegen/cpp_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <quartermaster/oids.hpp>
#include <stdexcept>

namespace qm::codegen {
namespace {

const CppType as_text{"std::string", "std::string_view", true, 0, false};

CppType range_of(const std::string& bound, Oid wire) {
  const std::string range = "qm::Range<" + bound + ">";
  return {range, range, false, wire};
}

std::optional<CppType> scalar(Oid type) {
  switch (type) {
    case oids::boolean:
      return CppType{"bool", "bool", true, type};
    case oids::int2:
      return CppType{"std::int16_t", "std::int16_t", true, type};
    case oids::int4:
      return CppType{"std::int32_t", "std::int32_t", true, type};
    case oids::int8:
      return CppType{"std::int64_t", "std::int64_t", true, type};
    case oids::oid:
      return CppType{"qm::Oid", "qm::Oid", true, type};
    case oids::float4:
      return CppType{"float", "float", true, type};
    case oids::float8:
      return CppType{"double", "double", true, type};
    case oids::text:
    case oids::varchar:
    case oids::bpchar:
    case oids::name:
    case oids::xml:
    case oids::single_char:
    case oids::unknown:
    case oids::cstring:
    case oids::void_type:
      return CppType{"std::string", "std::string_view", true, type};
    case oids::bytea:
      return CppType{"qm::Bytes", "qm::Bytes", false, type};
    case oids::numeric:
      return CppType{"qm::Numeric", "qm::Numeric", false, type};
    case oids::uuid:
      return CppType{"qm::Uuid", "qm::Uuid", false, type};
    case oids::date:
      return CppType{"qm::Date", "qm::Date", true, type};
    case oids::time:
      return CppType{"qm::TimeOfDay", "qm::TimeOfDay", true, type};
    case oids::timestamp:
      return CppType{"qm::Timestamp", "qm::Timestamp", true, type};
    case oids::timestamptz:
      return CppType{"qm::TimestampTz", "qm::TimestampTz", true, type};
    case oids::interval:
      return CppType{"qm::Interval", "qm::Interval", false, type};
    case oids::json:
    case oids::jsonb:
      return CppType{"qm::Json", "qm::Json", false, type};
    case oids::inet:
    case oids::cidr:
      return CppType{"qm::Inet", "qm::Inet", false, type};
    case oids::int4range:
      return range_of("std::int32_t", type);
    case oids::int8range:
      return range_of("std::int64_t", type);
    case oids::numrange:
      return range_of("qm::Numeric", type);
    case oids::tsrange:
      return range_of("qm::Timestamp", type);
    case oids::tstzrange:
      return range_of("qm::TimestampTz", type);
    case oids::daterange:
      return range_of("qm::Date", type);
    default:
      return std::nullopt;
  }
}

CppType vector_of(const CppType& element, Oid wire) {
  const std::string vector = "std::vector<" + element.value + ">";
  return {vector, vector, false, wire, true, wire == 0};
}

}  // namespace

CppType CppTypes::of(const std::string& name, Oid oid) const {
  if (oid != 0) {
    if (const auto known = scalar(oid)) return *known;
    const Oid element = oids::element_type(oid);
    const auto known = element == 0 ? std::nullopt : scalar(element);
    return known ? vector_of(*known, oid) : as_text;
  }
  const TypeEntry* entry = lock_.find_type(name);
  // describe() writes down every type that it meets, so this is a lock file edited by hand.
  if (entry == nullptr) throw std::runtime_error("the lock file does not describe type " + name);
  switch (entry->form) {
    case TypeEntry::Form::enumeration: {
      const std::string& type = named_.at(name);
      return {type, type, true};
    }
    case TypeEntry::Form::composite: {
      const std::string& type = named_.at(name);
      const bool is_binary =
          std::all_of(entry->attributes.begin(), entry->attributes.end(),
                      [&](const TypedName& attribute) { return of(attribute).is_binary; });
      return {type, type, false, 0, is_binary, true};
    }
    case TypeEntry::Form::domain:
      return of(entry->base, entry->base_oid);
    case TypeEntry::Form::array:
      return of_array(entry->base, entry->base_oid);
    case TypeEntry::Form::text:
      return {"std::string", "std::string_view", true};
    case TypeEntry::Form::opaque:
      break;
  }
  return as_text;
}

// An array's binary form names its element type, which only the server knows here: elements that
// are text, or can go as text, go in the text format instead, others cannot.
CppType CppTypes::of_array(const std::string& element, Oid oid) const {
  if (oid != 0) return as_text;
  const CppType type = of(element, oid);
  const TypeEntry::Form form = lock_.find_type(element)->form;
  const bool is_text = form == TypeEntry::Form::enumeration || form == TypeEntry::Form::text ||
                       form == TypeEntry::Form::composite ||
                       (form == TypeEntry::Form::domain && type.value == as_text.value);
  return is_text && type.is_binary ? vector_of(type, 0) : as_text;
}

namespace {

// For questions that have nothing to do with names.
std::map<std::string, std::string> placeholders(const Lock& lock) {
  std::map<std::string, std::string> named;
  for (const TypeEntry& type : lock.types)
    named.emplace(type.name, "Type");
  return named;
}

}  // namespace

std::string sent_sql(const Lock& lock, const LockEntry& entry, const Statement& statement) {
  if (entry.copy.empty()) return write_stars_out(statement.sql(), entry.stars);
  const auto named = placeholders(lock);
  const CppTypes types(lock, named);
  const bool all_binary =
      std::all_of(entry.parameters.begin(), entry.parameters.end(), [&](const TypedName& value) {
        const CppType type = types.of(value);
        return type.is_binary && !type.is_sent_as_text;
      });
  return all_binary ? entry.copy : statement.sql();
}

bool needs_text_results(const Lock& lock, const LockEntry& entry) {
  const auto named = placeholders(lock);
  const CppTypes types(lock, named);
  return std::any_of(entry.columns.begin(), entry.columns.end(),
                     [&](const TypedName& column) { return !types.of(column).is_binary; });
}

}  // namespace qm::codegen
