// SHA-256 of files and texts, by OpenSSL. Not for secrets: nothing here is wiped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace qm::plugin {

using Sha256Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256();  // throws Error when OpenSSL has no SHA-256 (a broken provider configuration)
  void update(const void* data, std::size_t size);
  Sha256Digest finish();  // once, last

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Sha256Digest sha256(std::string_view text);

// Of the text with CRLF and lone CR read as LF: the checksum of a migration.
Sha256Digest sha256_of_lines(std::string_view text);

std::string to_hex(const Sha256Digest& digest);  // 64 digits, lower case

// The first 8 bytes, big endian: how a query's signature is looked up.
std::uint64_t leading_64_bits(const Sha256Digest& digest) noexcept;

}  // namespace qm::plugin
