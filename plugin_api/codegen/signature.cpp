// See signature.hpp.
#include "codegen/signature.hpp"

#include <algorithm>

#include "codegen/sha256.hpp"

namespace qm::codegen {
namespace {

// Plain names as they are, others quoted as SQL does, so that no two lists read the same.
std::string name(const std::string& text) {
  const bool plain = !text.empty() && (text[0] < '0' || text[0] > '9') &&
                     std::all_of(text.begin(), text.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                              (c >= '0' && c <= '9');
                     });
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string list(const std::vector<TypedName>& values) {
  std::string text = "(";
  for (const TypedName& value : values) {
    if (text.size() > 1) text += ", ";
    text += name(value.name) + " " + value.type + (may_be_null(value) ? "?" : "");
  }
  return text + ")";
}

}  // namespace

std::string signature(const LockEntry& entry) {
  std::string text = ":" + entry.kind + " " + list(entry.parameters);
  if (!entry.columns.empty()) text += " -> " + list(entry.columns);
  return text;
}

std::uint64_t signature_hash(const std::string& signature) {
  return leading_64_bits(sha256(signature));
}

}  // namespace qm::codegen
