// The parameters of one call, encoded for libpq: binary where there is a codec, without
// allocation for scalars and borrowed text. Not thread-safe; lives for one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <quartermaster/types.hpp>
#include <span>
#include <string_view>

namespace qm {

// What libpq's PQsendQueryPrepared takes, as views. values[i] == nullptr is NULL.
struct ParamView {
  std::span<const char* const> values;
  std::span<const int> lengths;
  std::span<const int> formats;  // 1 binary, 0 text
  std::span<const Oid> types;    // 0 = let the server infer (ad-hoc statements)

  std::size_t size() const noexcept { return values.size(); }
};

// A value's bytes on their way into a ParamBuffer; see codec.hpp for who writes what.
class ParamSink {
 public:
  // Copies into the buffer's own storage.
  QM_API void copy(Oid type, const void* data, std::size_t size, int format = 1);
  // Borrows: the caller keeps the bytes alive until the call returns.
  QM_API void borrow(Oid type, const void* data, std::size_t size, int format = 1);
  QM_API void null(Oid type);
  // Reserves size bytes in the buffer's storage to be filled in place.
  QM_API char* allocate(Oid type, std::size_t size, int format = 1);

 protected:
  struct Slots {
    const char** values;
    int* lengths;
    int* formats;
    Oid* types;
    std::size_t capacity;
  };
  ParamSink(Slots slots, char* arena, std::size_t arena_size)
      : slots_(slots), arena_(arena), arena_left_(arena_size) {}
  ParamSink(const ParamSink&) = delete;
  ParamSink& operator=(const ParamSink&) = delete;
  QM_API ~ParamSink();

  Slots slots_;
  std::size_t count_ = 0;

 private:
  struct Overflow {
    Overflow* next;
  };
  char* arena_;
  std::size_t arena_left_;
  Overflow* overflow_ = nullptr;  // what did not fit: arrays, long numerics
};

// Storage for N parameters on the stack: 24 bytes of arena each cover every scalar.
template <std::size_t N>
class ParamBuffer : public ParamSink {
 public:
  ParamBuffer()
      : ParamSink({values_, lengths_, formats_, types_, N}, arena_bytes_, sizeof(arena_bytes_)) {}

  ParamView view() const noexcept {
    return {{values_, count_}, {lengths_, count_}, {formats_, count_}, {types_, count_}};
  }

 private:
  static constexpr std::size_t slots = N == 0 ? 1 : N;
  const char* values_[slots];
  int lengths_[slots];
  int formats_[slots];
  Oid types_[slots];
  alignas(8) char arena_bytes_[slots * 24];
};

}  // namespace qm
