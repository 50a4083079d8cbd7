// See quartermaster/client.hpp.
#include <quartermaster/client.hpp>

#include <utility>

#include "plugin/query_registry.hpp"

namespace qm::client {

void Binder::operator()(const RegisteredQuery*& query, std::string_view name,
                        std::uint64_t signature_hash, std::string_view signature) {
  if (error_) return;
  auto found = host_.bind_query(plugin_, name, signature_hash, signature);
  if (found) {
    query = *found;
  } else if (found.error().failure() == BindFailure::query_unavailable) {
    // One of many: the client works without it, and says why when it is called all the same.
    RegisteredQuery missing;
    missing.plugin = plugin_;
    missing.name = name;
    missing.full_name = missing.plugin + "." + missing.name;
    missing.unavailable = found.error().what();
    query = plugin::register_query(std::move(missing));
  } else {
    error_ = found.error();
  }
}

const RegisteredQuery* define(const QueryDefinition& definition) {
  RegisteredQuery query;
  query.kind = definition.kind;
  query.text_results = definition.text_results;
  query.read_only = definition.read_only;
  query.is_long = definition.is_long;
  query.plugin = definition.plugin;
  query.name = definition.name;
  query.full_name = query.plugin + "." + query.name;
  query.sql = definition.sql;
  for (const auto& each : definition.parameters) {
    query.parameters.push_back({std::string(each.name), std::string(each.type), each.type_oid,
                                each.nullable, each.sensitive, each.loggable});
  }
  return plugin::register_query(std::move(query));
}

void throw_no_row(const RegisteredQuery& query) {
  throw ProtocolError({.object = "query " + query.full_name,
                       .expected = "exactly one row",
                       .found = "none",
                       .hint = "a rule or trigger of the database may have taken it away"});
}

}  // namespace qm::client
