// The types whose OIDs PostgreSQL fixes (pg_type.dat), as one table: names, array types and
// families are derived from it. Not for types of extensions and users, whose OIDs differ from
// database to database.
#pragma once

#include <quartermaster/types.hpp>
#include <string>

namespace qm::oids {

// X(constant, OID, OID of the array type, name as format_type() prints it)
#define QM_BUILTIN_TYPES(X)                               \
  X(boolean, 16, 1000, "boolean")                         \
  X(bytea, 17, 1001, "bytea")                             \
  X(single_char, 18, 1002, "\"char\"")                    \
  X(name, 19, 1003, "name")                               \
  X(int8, 20, 1016, "bigint")                             \
  X(int2, 21, 1005, "smallint")                           \
  X(int4, 23, 1007, "integer")                            \
  X(text, 25, 1009, "text")                               \
  X(oid, 26, 1028, "oid")                                 \
  X(json, 114, 199, "json")                               \
  X(xml, 142, 143, "xml")                                 \
  X(cidr, 650, 651, "cidr")                               \
  X(float4, 700, 1021, "real")                            \
  X(float8, 701, 1022, "double precision")                \
  X(macaddr8, 774, 775, "macaddr8")                       \
  X(macaddr, 829, 1040, "macaddr")                        \
  X(inet, 869, 1041, "inet")                              \
  X(bpchar, 1042, 1014, "character")                      \
  X(varchar, 1043, 1015, "character varying")             \
  X(date, 1082, 1182, "date")                             \
  X(time, 1083, 1183, "time without time zone")           \
  X(timestamp, 1114, 1115, "timestamp without time zone") \
  X(timestamptz, 1184, 1185, "timestamp with time zone")  \
  X(interval, 1186, 1187, "interval")                     \
  X(timetz, 1266, 1270, "time with time zone")            \
  X(bit, 1560, 1561, "bit")                               \
  X(varbit, 1562, 1563, "bit varying")                    \
  X(numeric, 1700, 1231, "numeric")                       \
  X(record, 2249, 2287, "record")                         \
  X(uuid, 2950, 2951, "uuid")                             \
  X(pg_lsn, 3220, 3221, "pg_lsn")                         \
  X(jsonb, 3802, 3807, "jsonb")                           \
  X(int4range, 3904, 3905, "int4range")                   \
  X(numrange, 3906, 3907, "numrange")                     \
  X(tsrange, 3908, 3909, "tsrange")                       \
  X(tstzrange, 3910, 3911, "tstzrange")                   \
  X(daterange, 3912, 3913, "daterange")                   \
  X(int8range, 3926, 3927, "int8range")                   \
  X(int4multirange, 4451, 6150, "int4multirange")         \
  X(nummultirange, 4532, 6151, "nummultirange")           \
  X(tsmultirange, 4533, 6152, "tsmultirange")             \
  X(tstzmultirange, 4534, 6153, "tstzmultirange")         \
  X(datemultirange, 4535, 6155, "datemultirange")         \
  X(int8multirange, 4536, 6157, "int8multirange")         \
  X(xid8, 5069, 271, "xid8")

#define QM_OID_CONSTANT(constant, oid_, array_oid_, name_) \
  inline constexpr Oid constant = oid_;                    \
  inline constexpr Oid constant##_array = array_oid_;
QM_BUILTIN_TYPES(QM_OID_CONSTANT)
#undef QM_OID_CONSTANT

inline constexpr Oid unknown = 705;   // a literal whose type nothing decided
inline constexpr Oid cstring = 2275;  // what I/O functions take; no array type of its own here
inline constexpr Oid void_type = 2278;

// OIDs from here on are given out when a database is made or used (FirstGenbkiObjectId).
inline constexpr Oid first_unfixed = 10000;

// True for types about which the OID alone says nothing: to be inferred (0), or of an extension
// or a user.
constexpr bool is_open(Oid type) noexcept {
  return type == 0 || type >= first_unfixed;
}

// The element type of a built-in array type; 0 when it is not one.
constexpr Oid element_type(Oid array) noexcept {
#define QM_OID_CASE(constant, oid_, array_oid_, name_) \
  case array_oid_:                                     \
    return oid_;
  switch (array) {
    QM_BUILTIN_TYPES(QM_OID_CASE)
    default:
      return 0;
  }
#undef QM_OID_CASE
}

// The array type over a built-in type; 0 when there is none in the table.
constexpr Oid array_type(Oid element) noexcept {
#define QM_OID_CASE(constant, oid_, array_oid_, name_) \
  case oid_:                                           \
    return array_oid_;
  switch (element) {
    QM_BUILTIN_TYPES(QM_OID_CASE)
    default:
      return 0;
  }
#undef QM_OID_CASE
}

// Types whose binary form is their text in the client encoding.
constexpr bool is_textual(Oid type) noexcept {
  switch (type) {
    case text:
    case varchar:
    case bpchar:
    case name:
    case json:
    case xml:
    case single_char:
    case unknown:
    case cstring:
    case void_type:
      return true;
    default:
      return false;
  }
}

// "integer", "integer[]"; "type with OID 12345" for what is not in the table.
QM_API std::string type_name(Oid type);

}  // namespace qm::oids
