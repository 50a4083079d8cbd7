// See assignments.hpp.
#include "codegen/assignments.hpp"

#include <algorithm>

namespace qm::codegen {
namespace {

// nodes.h: CmdType; parsenodes.h: RTEKind.
constexpr long insert_command = 3;
constexpr long update_command = 2;
constexpr long values_table = 5;

const Node& nothing() {
  static const Node none;
  return none;
}

// Without the conversions that PostgreSQL put around it.
const Node& bare(const Node& node) {
  if (node.is("RELABELTYPE") || node.is("COERCETODOMAIN") || node.is("COERCEVIAIO"))
    return bare(node["arg"]);
  if (node.is("ARRAYCOERCEEXPR")) return bare(node["arg"]);
  // primnodes.h: COERCE_IMPLICIT_CAST; a varchar's length is such a function.
  if (node.is("FUNCEXPR") && node["funcformat"].number() == 2 && !node["args"].items().empty())
    return bare(node["args"].items()[0]);
  return node;
}

long parameter(const Node& node) {
  const Node& inner = bare(node);
  return inner.is("PARAM") ? inner["paramid"].number() : 0;
}

const Node& entry_of(const Node& query, long index) {
  const auto& tables = query["rtable"].items();
  return index >= 1 && index <= static_cast<long>(tables.size())
             ? tables[static_cast<std::size_t>(index) - 1]
             : nothing();
}

class Finder {
 public:
  std::map<long, ParameterUse> run(const Node& query) {
    visit_query(query);
    return std::move(uses_);
  }

 private:
  void use(const Node& node, std::string name, int attribute = 0) {
    const long number = parameter(node);
    if (number > 0 && !name.empty())
      uses_.emplace(number, ParameterUse{std::move(name), attribute});
  }

  // A column's name, in the query that it belongs to.
  std::string column(const Node& node) const {
    const Node& var = bare(node);
    if (!var.is("VAR")) return "";
    const auto levels = static_cast<std::size_t>(var["varlevelsup"].number());
    if (levels >= queries_.size()) return "";
    const Node& query = *queries_[queries_.size() - 1 - levels];
    const auto& names = entry_of(query, var["varno"].number())["eref"]["colnames"].items();
    const long place = var["varattno"].number();
    if (place < 1 || place > static_cast<long>(names.size())) return "";
    return names[static_cast<std::size_t>(place) - 1].text();
  }

  void visit_query(const Node& query) {
    queries_.push_back(&query);
    const long command = query["commandType"].number();
    if (command == insert_command || command == update_command) {
      for (const Node& target : query["targetList"].items())
        written(query, target);
    }
    for (const Node& target : query["onConflict"]["onConflictSet"].items())
      written(query, target);
    use(query["limitCount"], "limit");
    use(query["limitOffset"], "offset");
    for (const auto& [name, field] : query.fields())
      visit(field);
    queries_.pop_back();
  }

  void written(const Node& query, const Node& target) {
    if (target["resjunk"].is_true()) return;
    const int attribute = static_cast<int>(target["resno"].number());
    const std::string name = target["resname"].text();
    use(target["expr"], name, attribute);
    // Several rows of values are a table of their own.
    const Node& var = bare(target["expr"]);
    if (!var.is("VAR")) return;
    const Node& table = entry_of(query, var["varno"].number());
    if (table["rtekind"].number() != values_table) return;
    for (const Node& row : table["values_lists"].items()) {
      const long place = var["varattno"].number();
      if (place >= 1 && place <= static_cast<long>(row.items().size()))
        use(row.items()[static_cast<std::size_t>(place) - 1], name, attribute);
    }
  }

  void visit(const Node& node) {
    if (node.is("QUERY")) return visit_query(node);
    const auto& args = node["args"].items();
    if ((node.is("OPEXPR") || node.is("DISTINCTEXPR")) && args.size() == 2) {
      use(args[0], column(args[1]));
      use(args[1], column(args[0]));
    } else if (node.is("SCALARARRAYOPEXPR") && args.size() == 2) {
      const std::string name = column(args[0]);
      use(args[1], name.empty() ? name : name + "s");
      use(args[0], column(args[1]));
    }
    for (const Node& item : node.items())
      visit(item);
    for (const auto& [name, field] : node.fields())
      visit(field);
  }

  std::vector<const Node*> queries_;  // from the outermost to the one that is visited
  std::map<long, ParameterUse> uses_;
};

}  // namespace

std::map<long, ParameterUse> parameter_uses(const Node& query) {
  return Finder().run(query);
}

unsigned target_table(const Node& query) {
  return static_cast<unsigned>(entry_of(query, query["resultRelation"].number())["relid"].number());
}

std::optional<std::vector<std::string>> copied_columns(const Node& query, std::size_t count) {
  if (query["commandType"].number() != insert_command || !query["onConflict"].is_none() ||
      !query["returningList"].is_none() || !query["cteList"].is_none() ||
      !query["jointree"]["fromlist"].items().empty()) {
    return std::nullopt;
  }
  std::vector<std::string> columns(count);
  for (const Node& target : query["targetList"].items()) {
    const long number = parameter(target["expr"]);
    if (number < 1 || number > static_cast<long>(count)) return std::nullopt;
    std::string& column = columns[static_cast<std::size_t>(number) - 1];
    if (!column.empty()) return std::nullopt;
    column = target["resname"].text();
  }
  if (columns.empty() || std::find(columns.begin(), columns.end(), "") != columns.end())
    return std::nullopt;
  return columns;
}

}  // namespace qm::codegen
