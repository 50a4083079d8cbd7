// How C++ values become PostgreSQL's wire formats and back. Binary in both directions (the format
// of each type's send/receive function in PostgreSQL's sources); text is accepted when a result
// arrives as text. A type takes part by specialising Codec<T>:
//
//   template <> struct qm::Codec<T> {
//     static constexpr Oid oid = ...;                       // 0: not fixed by PostgreSQL
//     static constexpr Oid array_oid = ...;
//     static void encode(ParamSink&, const T&);             // one parameter
//     static T decode(const Field&);                        // never called for NULL
//   };
//
// decode() throws DecodeError naming the found type when the column cannot be read as T.
#pragma once

#include <cstdint>
#include <optional>
#include <quartermaster/params.hpp>
#include <quartermaster/result.hpp>
#include <quartermaster/types.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace qm {

template <class T>
struct Codec;

#define QM_DECLARE_CODEC(Type, oid_, array_oid_)        \
  template <>                                           \
  struct Codec<Type> {                                  \
    static constexpr Oid oid = oid_;                    \
    static constexpr Oid array_oid = array_oid_;        \
    QM_API static void encode(ParamSink&, const Type&); \
    QM_API static Type decode(const Field&);            \
  }

QM_DECLARE_CODEC(bool, 16, 1000);
QM_DECLARE_CODEC(std::int16_t, 21, 1005);
QM_DECLARE_CODEC(std::int32_t, 23, 1007);
QM_DECLARE_CODEC(std::int64_t, 20, 1016);
QM_DECLARE_CODEC(float, 700, 1021);
QM_DECLARE_CODEC(double, 701, 1022);
QM_DECLARE_CODEC(std::string, 25, 1009);
QM_DECLARE_CODEC(Bytes, 17, 1001);
QM_DECLARE_CODEC(Numeric, 1700, 1231);
QM_DECLARE_CODEC(Uuid, 2950, 2951);
QM_DECLARE_CODEC(Date, 1082, 1182);
QM_DECLARE_CODEC(TimeOfDay, 1083, 1183);
QM_DECLARE_CODEC(Timestamp, 1114, 1115);
QM_DECLARE_CODEC(TimestampTz, 1184, 1185);
QM_DECLARE_CODEC(Interval, 1186, 1187);
QM_DECLARE_CODEC(Json, 3802, 3807);
QM_DECLARE_CODEC(Inet, 869, 1041);

#undef QM_DECLARE_CODEC

}  // namespace qm
