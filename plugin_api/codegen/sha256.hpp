// SHA-256 (FIPS 180-4) of texts: what checksums, lock entries and signatures are made with.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace qm::codegen {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view text);
std::string hex(const Digest& digest);                         // 64 lower case digits
std::uint64_t leading_64_bits(const Digest& digest) noexcept;  // big endian

}  // namespace qm::codegen
