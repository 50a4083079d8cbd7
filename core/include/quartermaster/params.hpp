// The parameters of one call, encoded for libpq: binary where there is a codec, without
// allocation for scalars and borrowed text. Not thread-safe; lives for one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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

// A copy of a call's parameters, for calls that outlive their caller's frame. One allocation.
class OwnedParams {
 public:
  OwnedParams() noexcept = default;
  QM_API explicit OwnedParams(const ParamView& params);

  // Valid as long as this object, wherever it is moved to.
  ParamView view() const noexcept { return view_; }

 private:
  std::unique_ptr<std::byte[]> storage_;
  ParamView view_;
};

// A value's bytes on their way into a ParamBuffer; see codec.hpp for who writes what. Text format
// (format 0) must end in a zero byte, which is not part of `size`, because libpq measures it with
// strlen(): copy() and allocate() add it, borrow() requires it.
//
// All throw DecodeError for a value of more than max_size bytes, which PostgreSQL cannot hold, and
// for more parameters than the buffer was made for.
class ParamSink {
 public:
  static constexpr std::size_t max_size = (std::size_t{1} << 30) - 1;

  // Copies into the buffer's own storage.
  QM_API void copy(Oid type, const void* data, std::size_t size, int format = 1);
  // Borrows: the caller keeps the bytes alive until the call returns.
  QM_API void borrow(Oid type, const void* data, std::size_t size, int format = 1);
  QM_API void null(Oid type);
  // Reserves size bytes in the buffer's storage to be filled in place.
  char* allocate(Oid type, std::size_t size, int format = 1) {
    if (format == 1 && size <= arena_left_ && count_ < slots_.capacity) [[likely]] {
      char* place = arena_;
      arena_ += size;
      arena_left_ -= size;
      add(type, place, size, format);
      return place;
    }
    return allocate_elsewhere(type, size, format);
  }

  std::size_t size() const noexcept { return count_; }

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
  ~ParamSink() {
    if (overflow_ != nullptr) free_overflow();
  }

  ParamView view_of_slots() const noexcept {
    return {{slots_.values, count_},
            {slots_.lengths, count_},
            {slots_.formats, count_},
            {slots_.types, count_}};
  }

 private:
  struct Overflow {
    Overflow* next;
  };

  void add(Oid type, const char* value, std::size_t size, int format) noexcept {
    slots_.values[count_] = value;
    slots_.lengths[count_] = static_cast<int>(size);
    slots_.formats[count_] = format;
    slots_.types[count_] = type;
    ++count_;
  }
  QM_API char* allocate_elsewhere(Oid type, std::size_t size, int format);
  QM_API void free_overflow() noexcept;
  void require_room(std::size_t size) const;

  Slots slots_;
  std::size_t count_ = 0;
  char* arena_;
  std::size_t arena_left_;
  Overflow* overflow_ = nullptr;  // what did not fit: arrays, long numerics
};

// Storage for N parameters on the stack: 24 bytes of arena each cover every scalar.
template <std::size_t N>
class ParamBuffer : public ParamSink {
 public:
  // The arrays are written before they are read: left uninitialised on purpose.
  ParamBuffer()
      : ParamSink({values_, lengths_, formats_, types_, N}, arena_bytes_, sizeof(arena_bytes_)) {}

  // Valid as long as this buffer.
  ParamView view() const noexcept { return view_of_slots(); }

 private:
  static constexpr std::size_t slots = N == 0 ? 1 : N;
  const char* values_[slots];
  int lengths_[slots];
  int formats_[slots];
  Oid types_[slots];
  char arena_bytes_[slots * 24];
};

}  // namespace qm
