// Where parameters go that do not fit the buffer on the stack, and the limits of all of them.
#include <cstring>
#include <new>
#include <quartermaster/error.hpp>
#include <quartermaster/params.hpp>
#include <string>

namespace qm {

OwnedParams::OwnedParams(const ParamView& params) {
  const std::size_t count = params.size();
  if (count == 0) return;
  const bool has_types = params.types.size() == count;
  std::size_t bytes = count * (sizeof(const char*) + 2 * sizeof(int) + sizeof(Oid));
  for (std::size_t i = 0; i < count; ++i)
    bytes += static_cast<std::size_t>(params.lengths[i]) + 1;
  storage_ = std::make_unique_for_overwrite<std::byte[]>(bytes);
  // The most aligned first.
  auto* values = reinterpret_cast<const char**>(storage_.get());
  auto* lengths = reinterpret_cast<int*>(values + count);
  auto* formats = lengths + count;
  auto* types = reinterpret_cast<Oid*>(formats + count);
  auto* place = reinterpret_cast<char*>(types + count);
  for (std::size_t i = 0; i < count; ++i) {
    lengths[i] = params.lengths[i];
    formats[i] = params.formats[i];
    types[i] = has_types ? params.types[i] : 0;
    values[i] = nullptr;
    if (params.values[i] == nullptr) continue;
    const auto size = static_cast<std::size_t>(lengths[i]);
    std::memcpy(place, params.values[i], size);
    place[size] = '\0';  // which text format ends in
    values[i] = place;
    place += size + 1;
  }
  view_ = {{values, count}, {lengths, count}, {formats, count}, {types, has_types ? count : 0}};
}

void ParamSink::require_room(std::size_t size) const {
  if (size > max_size) {
    throw DecodeError(Report{.object = "parameter $" + std::to_string(count_ + 1),
                             .expected = "at most 1073741823 bytes",
                             .found = std::to_string(size) + " bytes",
                             .hint = "PostgreSQL keeps no larger value"});
  }
  if (count_ >= slots_.capacity) {
    throw DecodeError(Report{.object = "parameters",
                             .expected = "at most " + std::to_string(slots_.capacity),
                             .found = "one more"});
  }
}

char* ParamSink::allocate_elsewhere(Oid type, std::size_t size, int format) {
  require_room(size);
  // Text format ends in a zero byte, which libpq looks for.
  const std::size_t bytes = format == 0 ? size + 1 : size;
  char* place = nullptr;
  if (bytes <= arena_left_) {
    place = arena_;
    arena_ += bytes;
    arena_left_ -= bytes;
  } else {
    void* memory = ::operator new(sizeof(Overflow) + bytes);
    overflow_ = new (memory) Overflow{overflow_};
    place = static_cast<char*>(memory) + sizeof(Overflow);
  }
  if (format == 0) place[size] = '\0';
  add(type, place, size, format);
  return place;
}

void ParamSink::copy(Oid type, const void* data, std::size_t size, int format) {
  char* place = allocate(type, size, format);
  if (size != 0) std::memcpy(place, data, size);
}

void ParamSink::borrow(Oid type, const void* data, std::size_t size, int format) {
  require_room(size);
  // An empty vector or view may have no address, which libpq would send as NULL.
  add(type, data == nullptr ? "" : static_cast<const char*>(data), size, format);
}

void ParamSink::null(Oid type) {
  require_room(0);
  add(type, nullptr, 0, 1);
}

void ParamSink::free_overflow() noexcept {
  while (overflow_ != nullptr) {
    Overflow* next = overflow_->next;
    ::operator delete(overflow_);
    overflow_ = next;
  }
}

}  // namespace qm
