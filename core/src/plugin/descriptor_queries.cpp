// See descriptor.hpp. The queries of a plugin.
#include <algorithm>
#include <set>
#include <utility>

#include "plugin/descriptor.hpp"
#include "plugin/sha256.hpp"

namespace qm::plugin {
namespace {

// OIDs below are fixed by PostgreSQL (FirstGenbkiObjectId); others differ between databases.
constexpr std::uint32_t first_oid_not_fixed = 10'000;

QueryValue read_value(const AbiReader& reader, const std::string& what, const qm_value& entry,
                      std::uint32_t known_flags) {
  reader.flags(what + " flags", entry.flags, known_flags);
  constexpr std::uint32_t contradiction = QM_VALUE_SENSITIVE | QM_VALUE_LOGGABLE;
  if ((entry.flags & contradiction) == contradiction) {
    reader.refuse(what + " flags", "sensitive or loggable", "both");
  }
  QueryValue value;
  value.name = reader.text(what + " name", entry.name, max_name_bytes);
  value.type = reader.text_not_empty(what + " type", entry.type_name, max_name_bytes);
  value.type_oid = entry.type_oid;
  if (entry.type_oid >= first_oid_not_fixed) {
    reader.refuse(what + " type", "an OID that PostgreSQL fixes, below 10000",
                  fmt::format("{} ({})", entry.type_oid, printable(value.type)),
                  "leave the OID 0 and give the qualified name");
  }
  if (entry.type_oid == 0 && value.type.find('.') == value.type.npos) {
    reader.refuse(what + " type", "a schema-qualified name where there is no OID",
                  printable(value.type));
  }
  value.nullable = (entry.flags & QM_VALUE_NULLABLE) != 0;
  value.sensitive = (entry.flags & QM_VALUE_SENSITIVE) != 0;
  value.loggable = (entry.flags & QM_VALUE_LOGGABLE) != 0;
  return value;
}

std::vector<QueryValue> read_values(const AbiReader& reader, const char* what,
                                    const qm_array& array, std::size_t limit,
                                    std::uint32_t known_flags) {
  std::vector<QueryValue> values;
  for (const auto& entry : reader.structures<qm_value>(fmt::format("{}s", what), array, limit)) {
    values.push_back(
        read_value(reader, fmt::format("{} {}", what, values.size() + 1), entry, known_flags));
  }
  return values;
}

void read_signature(const AbiReader& reader, const qm_query& entry, RegisteredQuery& query) {
  query.signature = reader.text_not_empty("signature", entry.signature, max_query_bytes);
  query.signature_hash = entry.signature_hash;
  const std::uint64_t expected = leading_64_bits(sha256(query.signature));
  if (entry.signature_hash != expected) {
    reader.refuse("signature hash", fmt::format("{:016x}", expected),
                  fmt::format("{:016x}", entry.signature_hash),
                  "the plugin is damaged; rebuild it");
  }
}

RegisteredQuery read_query(const AbiReader& plugin_reader, const PluginInfo& info,
                           const qm_query& entry) {
  RegisteredQuery query;
  query.plugin = info.id;
  query.name = plugin_reader.text("query name", entry.name, max_name_bytes);
  if (!is_query_name(query.name)) {
    plugin_reader.refuse("query name", "[A-Za-z_][A-Za-z0-9_]{0,62}", printable(query.name));
  }
  query.full_name = fmt::format("{}.{}", info.id, query.name);

  const AbiReader reader(fmt::format("query {}", query.full_name));
  if (entry.kind < QM_QUERY_EXEC || entry.kind > QM_QUERY_BATCHMANY) {
    reader.refuse("kind", fmt::format("{} to {}", QM_QUERY_EXEC, QM_QUERY_BATCHMANY),
                  fmt::format("{}", entry.kind), "the plugin needs a newer host");
  }
  query.kind = static_cast<QueryKind>(entry.kind);
  reader.flags("flags", entry.flags,
               QM_QUERY_REPLICA | QM_QUERY_TEXT_RESULTS | QM_QUERY_READ_ONLY | QM_QUERY_LONG);
  query.text_results = (entry.flags & QM_QUERY_TEXT_RESULTS) != 0;
  query.replica = (entry.flags & QM_QUERY_REPLICA) != 0;
  query.read_only = query.replica || (entry.flags & QM_QUERY_READ_ONLY) != 0;
  query.is_long = (entry.flags & QM_QUERY_LONG) != 0;
  query.since_version = entry.since_version;
  if (entry.since_version != 0 && !owns_version(info.ranges, entry.since_version)) {
    reader.refuse("since version", "0 or a version in the plugin's ranges",
                  fmt::format("{}", entry.since_version));
  }
  query.sql = reader.text_not_empty("SQL", entry.sql, max_query_bytes);
  read_signature(reader, entry, query);
  query.documentation = reader.text("documentation", entry.documentation, max_description_bytes);
  query.source_file = reader.text("source file", entry.source_file, max_name_bytes);
  query.source_line = entry.source_line;
  query.parameters = read_values(reader, "parameter", entry.parameters, max_parameters,
                                 QM_VALUE_NULLABLE | QM_VALUE_SENSITIVE | QM_VALUE_LOGGABLE);
  query.columns = read_values(reader, "column", entry.columns, max_columns, QM_VALUE_NULLABLE);
  for (const auto& each :
       reader.structures<qm_requirement>("requirements", entry.requirements, max_requirements)) {
    QueryRequirement requirement{reader.text("requirement", each.plugin, max_name_bytes),
                                 each.since_version};
    if (!is_plugin_id(requirement.plugin) || requirement.plugin == info.id) {
      reader.refuse("requirement", "the id of another plugin", printable(requirement.plugin));
    }
    query.requirements.push_back(std::move(requirement));
  }
  return query;
}

}  // namespace

std::vector<RegisteredQuery> read_queries(const qm_plugin& plugin, const PluginInfo& info) {
  const AbiReader reader(fmt::format("plugin {}", info.id));
  std::vector<RegisteredQuery> queries;
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& entry : reader.structures<qm_query>("queries", plugin.queries, max_queries)) {
    RegisteredQuery query = read_query(reader, info, entry);
    if (!seen.emplace(query.name, query.signature).second) {
      reader.refuse("queries", "each name and signature once", query.name + " more than once");
    }
    queries.push_back(std::move(query));
  }
  return queries;
}

}  // namespace qm::plugin
