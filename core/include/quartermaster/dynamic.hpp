// Values whose types are known at run time only: what the command line and the status endpoint
// show, and parameters given as text. Not for typed clients: see codec.hpp and row.hpp.
//
// Types without a rendering here (geometric types, tsvector, types of extensions whose binary form
// is not text) are shown as their bytes in hexadecimal, "\x...": cast them to text in the
// statement to see more.
#pragma once

#include <cstddef>
#include <quartermaster/params.hpp>
#include <quartermaster/result.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace qm {

// What psql shows with DateStyle ISO, IntervalStyle postgres and TimeZone UTC; "" for NULL. Throws
// DecodeError when the bytes do not have the type's format.
QM_API std::string field_to_text(const Field& field);

// One JSON value: numbers and booleans as such (NaN and infinities as strings), NULL as null, json
// and jsonb verbatim, arrays as arrays, everything else as the text above in a string. Numbers
// keep all their digits, more than a double may hold. Throws as field_to_text() does.
QM_API std::string field_to_json(const Field& field);

// Sends text that the server reads with the type's input function. Throws DecodeError for text
// with a zero byte or of 1 GiB and more.
QM_API void encode_text(ParamSink& sink, Oid type, std::string_view text);

namespace detail {
struct DynamicSlots {
  explicit DynamicSlots(std::size_t count)
      : values(count), lengths(count), formats(count), types(count) {}
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  std::vector<Oid> types;
  char no_arena[1] = {};
};
}  // namespace detail

// Parameters whose number is known at run time only.
class DynamicParams : private detail::DynamicSlots, public ParamSink {
 public:
  explicit DynamicParams(std::size_t count)
      : DynamicSlots(count),
        ParamSink({values.data(), lengths.data(), formats.data(), types.data(), count}, no_arena,
                  0) {}

  // Valid as long as this object.
  ParamView view() const noexcept { return view_of_slots(); }
};

}  // namespace qm
