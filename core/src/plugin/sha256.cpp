// See sha256.hpp.
#include "plugin/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <iterator>
#include <quartermaster/error.hpp>

namespace qm::plugin {
namespace {

void require(int ok) {
  if (ok != 1) {
    throw Error({.object = "SHA-256",
                 .problem = "OpenSSL cannot compute it",
                 .hint = "check the OpenSSL configuration of this system"});
  }
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require(context_ ? 1 : 0);
  require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::update(const void* data, std::size_t size) {
  require(EVP_DigestUpdate(context_.get(), data, size));
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(context_.get(), digest.data(), &size));
  return digest;
}

Sha256Digest sha256(std::string_view text) {
  Sha256 hash;
  hash.update(text.data(), text.size());
  return hash.finish();
}

Sha256Digest sha256_of_lines(std::string_view text) {
  Sha256 hash;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t cr = text.find('\r', at);
    const std::string_view line = text.substr(at, cr == text.npos ? cr : cr - at);
    hash.update(line.data(), line.size());
    if (cr == text.npos) break;
    hash.update("\n", 1);
    at = cr + 1;
    if (at < text.size() && text[at] == '\n') ++at;
  }
  return hash.finish();
}

std::string to_hex(const Sha256Digest& digest) {
  std::string out;
  out.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest)
    fmt::format_to(std::back_inserter(out), "{:02x}", byte);
  return out;
}

std::uint64_t leading_64_bits(const Sha256Digest& digest) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value = value << 8 | digest.at(i);
  return value;
}

}  // namespace qm::plugin
