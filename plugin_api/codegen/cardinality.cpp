// See cardinality.hpp.
#include "codegen/cardinality.hpp"

#include <algorithm>

namespace qm::codegen {
namespace {

// nodes.h: CmdType.
constexpr long select_command = 1;
constexpr long insert_command = 3;
// nodes.h: OnConflictAction.
constexpr long on_conflict_update = 2;

}  // namespace

bool gives_exactly_one_row(const Node& query) {
  const Node& from = query["jointree"];
  // A list of several rows, or a query, stands in FROM; a single row of values does not.
  const bool no_source = from["fromlist"].items().empty() && from["quals"].is_none();
  if (query["hasTargetSRFs"].is_true()) return false;
  if (query["commandType"].number() == insert_command) {
    const Node& conflict = query["onConflict"];
    return no_source && (conflict.is_none() || (conflict["action"].number() == on_conflict_update &&
                                                conflict["onConflictWhere"].is_none()));
  }
  for (const char* field : {"setOperations", "havingQual", "limitCount", "limitOffset",
                            "groupingSets", "groupClause"}) {
    if (!query[field].is_none()) return false;
  }
  return query["commandType"].number() == select_command &&
         (query["hasAggs"].is_true() || no_source);
}

bool is_select(const Node& query) {
  return query["commandType"].number() == select_command;
}

bool reads_only(const Node& query, const std::function<bool(unsigned function)>& writes) {
  if (query.is("QUERY") &&
      (query["commandType"].number() != select_command || !query["rowMarks"].is_none())) {
    return false;
  }
  if (query.is("NEXTVALUEEXPR")) return false;
  if (query.is("FUNCEXPR") && writes(static_cast<unsigned>(query["funcid"].number()))) return false;
  const auto part_reads_only = [&](const Node& part) { return reads_only(part, writes); };
  const auto& items = query.items();
  const auto& fields = query.fields();
  return std::all_of(items.begin(), items.end(), part_reads_only) &&
         std::all_of(fields.begin(), fields.end(),
                     [&](const auto& field) { return part_reads_only(field.second); });
}

}  // namespace qm::codegen
