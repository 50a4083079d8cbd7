// See cpp_types.hpp.
#include "codegen/cpp_types.hpp"

#include <quartermaster/oids.hpp>

namespace qm::codegen {
namespace {

std::optional<CppType> scalar(Oid type) {
  switch (type) {
    case oids::boolean:
      return CppType{"bool", "bool", true};
    case oids::int2:
      return CppType{"std::int16_t", "std::int16_t", true};
    case oids::int4:
      return CppType{"std::int32_t", "std::int32_t", true};
    case oids::int8:
      return CppType{"std::int64_t", "std::int64_t", true};
    case oids::oid:
      return CppType{"qm::Oid", "qm::Oid", true};
    case oids::float4:
      return CppType{"float", "float", true};
    case oids::float8:
      return CppType{"double", "double", true};
    case 0:
    case oids::text:
    case oids::varchar:
    case oids::bpchar:
    case oids::name:
    case oids::xml:
    case oids::single_char:
      return CppType{"std::string", "std::string_view", true};
    case oids::bytea:
      return CppType{"qm::Bytes", "qm::Bytes", false};
    case oids::numeric:
      return CppType{"qm::Numeric", "qm::Numeric", false};
    case oids::uuid:
      return CppType{"qm::Uuid", "qm::Uuid", false};
    case oids::date:
      return CppType{"qm::Date", "qm::Date", true};
    case oids::time:
      return CppType{"qm::TimeOfDay", "qm::TimeOfDay", true};
    case oids::timestamp:
      return CppType{"qm::Timestamp", "qm::Timestamp", true};
    case oids::timestamptz:
      return CppType{"qm::TimestampTz", "qm::TimestampTz", true};
    case oids::interval:
      return CppType{"qm::Interval", "qm::Interval", false};
    case oids::json:
    case oids::jsonb:
      return CppType{"qm::Json", "qm::Json", false};
    case oids::inet:
    case oids::cidr:
      return CppType{"qm::Inet", "qm::Inet", false};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<CppType> cpp_type(Oid type) {
  if (auto known = scalar(type)) return known;
  const Oid element = oids::element_type(type);
  const auto known = element == 0 ? std::nullopt : scalar(element);
  if (!known) return std::nullopt;
  const std::string vector = "std::vector<" + known->value + ">";
  return CppType{vector, vector, false};
}

}  // namespace qm::codegen
