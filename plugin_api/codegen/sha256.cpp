// See sha256.hpp.
#include "codegen/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <iterator>
#include <stdexcept>

namespace qm::codegen {

Digest sha256(std::string_view text) {
  Digest digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1 ||
      size != digest.size()) {
    throw std::runtime_error("libcrypto: SHA-256 is not available");
  }
  return digest;
}

std::string hex(const Digest& digest) {
  std::string text;
  for (const std::uint8_t byte : digest)
    fmt::format_to(std::back_inserter(text), "{:02x}", byte);
  return text;
}

std::uint64_t leading_64_bits(const Digest& digest) noexcept {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i)
    bits = bits << 8 | digest[i];
  return bits;
}

}  // namespace qm::codegen
