// See quartermaster/client.hpp.
#include <quartermaster/client.hpp>

namespace qm::client {

void Binder::operator()(const RegisteredQuery*& query, std::string_view name,
                        std::uint64_t signature_hash, std::string_view signature) {
  if (error_) return;
  auto found = host_.bind_query(plugin_, name, signature_hash, signature);
  if (found) {
    query = *found;
  } else {
    error_ = found.error();
  }
}

void throw_no_row(const RegisteredQuery& query) {
  throw ProtocolError({.object = "query " + query.full_name,
                       .expected = "exactly one row",
                       .found = "none",
                       .hint = "a rule or trigger of the database may have taken it away"});
}

}  // namespace qm::client
