// What a connection's statistics are made of between two returns to its pool.
#pragma once

#include <cstdint>
#include <quartermaster/params.hpp>

namespace qm::pool {

struct SessionCounts {
  std::uint64_t statement_hits = 0;
  std::uint64_t statement_misses = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
};

// Of the values.
inline std::uint64_t bytes_of(const ParamView& params) noexcept {
  std::uint64_t bytes = 0;
  for (const int length : params.lengths)
    bytes += static_cast<std::uint64_t>(length);
  return bytes;
}

}  // namespace qm::pool
