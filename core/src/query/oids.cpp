// Names for messages.
#include <quartermaster/oids.hpp>
#include <string_view>

namespace qm::oids {

namespace {

constexpr std::string_view builtin_name(Oid type) noexcept {
#define QM_NAME_CASE(constant, oid_, array_oid_, name_) \
  case oid_:                                            \
    return name_;
  switch (type) {
    QM_BUILTIN_TYPES(QM_NAME_CASE)
    case unknown:
      return "unknown";
    case cstring:
      return "cstring";
    case void_type:
      return "void";
    default:
      return {};
  }
#undef QM_NAME_CASE
}

}  // namespace

std::string type_name(Oid type) {
  if (type == 0) return "an unspecified type";
  if (const auto known = builtin_name(type); !known.empty()) return std::string(known);
  if (const Oid element = element_type(type); element != 0) {
    return std::string(builtin_name(element)) + "[]";
  }
  return "type with OID " + std::to_string(type);
}

}  // namespace qm::oids
