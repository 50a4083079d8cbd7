// See nullability.hpp. Numbers are those of PostgreSQL's headers, which have not changed since
// before version 12: nodes.h (CmdType, JoinType), parsenodes.h (RTEKind), primnodes.h.
#include "codegen/nullability.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "codegen/cardinality.hpp"

namespace qm::codegen {
namespace {

constexpr long select_command = 1;
enum JoinKind : long { inner_join, left_join, full_join, right_join };
enum RelationKind : long { table, subquery, join, function, table_function, values, with_query };
enum SetOperation : long { none, union_operation, intersect_operation, except_operation };
enum SublinkKind : long {
  exists_sublink = 0,
  any_sublink = 2,
  scalar_sublink = 4,
  array_sublink = 6
};

bool is_any(const Node& node, std::initializer_list<std::string_view> tags) {
  return std::any_of(tags.begin(), tags.end(), [&](std::string_view tag) { return node.is(tag); });
}

// Column `attribute` of range table entry `relation`.
using Place = std::pair<long, long>;

// A query and what its range table entries can be in its result.
struct Scope {
  const Node* query = nullptr;
  Scope* outer = nullptr;
  std::map<long, int> null_extended;  // entries that outer joins may fill with NULLs: how many may
  // The entries of both sides of a FULL JOIN that no other outer join extends: a row of one is
  // there.
  std::vector<std::pair<std::set<long>, std::set<long>>> full_joins;
  std::set<Place> proven;  // columns that conditions keep from being NULL
  // WITH queries, once looked at: their columns.
  std::map<std::string, std::vector<bool>> with_columns;
  std::map<long, std::vector<bool>> subqueries;  // by entry, once looked at
};

class Analysis {
 public:
  Analysis(const CatalogFacts& catalog, bool uses_conditions)
      : catalog_(catalog), uses_conditions_(uses_conditions) {}

  // Column by column: whether it can be NULL.
  std::vector<bool> columns(const Node& query, Scope* outer) {
    Scope scope;
    scope.query = &query;
    scope.outer = outer;
    look_at_joins(scope, query["jointree"], 0);
    if (uses_conditions_ && query["commandType"].number() == select_command) {
      collect_conditions(scope, query["jointree"], true);
    }
    if (!query["setOperations"].is_none()) return set_operation(scope, query["setOperations"]);
    const bool is_select = query["commandType"].number() == select_command;
    std::vector<bool> found;
    for (const Node& target : query[is_select ? "targetList" : "returningList"].items()) {
      if (target["resjunk"].is_true()) continue;
      // Grouping sets put NULLs in the place of any expression, constants too, that is grouped by.
      const Node& expression = target["expr"];
      const bool may_be_grouped = !query["groupingSets"].is_none() &&
                                  !is_any(expression, {"AGGREF", "GROUPINGFUNC", "WINDOWFUNC"});
      found.push_back(may_be_grouped || is_nullable(scope, expression));
    }
    return found;
  }

 private:
  static const Node* entry(const Scope& scope, long index) {
    const auto& entries = (*scope.query)["rtable"].items();
    if (index < 1 || index > static_cast<long>(entries.size())) return nullptr;
    return &entries[static_cast<std::size_t>(index - 1)];
  }

  // Joins ---------------------------------------------------------------------------------------

  // The entries below `node`. `extenders`: the outer joins above that may fill them with NULLs.
  std::set<long> look_at_joins(Scope& scope, const Node& node, int extenders) {
    std::set<long> entries;
    if (node.is("RANGETBLREF")) {
      const long index = node["rtindex"].number();
      if (extenders > 0) scope.null_extended[index] = extenders;
      entries.insert(index);
    } else if (node.is("FROMEXPR")) {
      for (const Node& item : node["fromlist"].items())
        entries.merge(look_at_joins(scope, item, extenders));
    } else if (node.is("JOINEXPR")) {
      const long kind = node["jointype"].number();
      const bool is_known = kind >= inner_join && kind <= right_join;
      const bool extends_left = !is_known || kind == right_join || kind == full_join;
      const bool extends_right = !is_known || kind == left_join || kind == full_join;
      entries = look_at_joins(scope, node["larg"], extenders + (extends_left ? 1 : 0));
      std::set<long> right =
          look_at_joins(scope, node["rarg"], extenders + (extends_right ? 1 : 0));
      if (kind == full_join && extenders == 0) scope.full_joins.emplace_back(entries, right);
      entries.merge(right);
    }
    return entries;
  }

  // Conditions that every row of the result has passed: of WHERE, and of inner joins on the way
  // that no outer join extends.
  void collect_conditions(Scope& scope, const Node& node, bool every_row) {
    if (node.is("FROMEXPR")) {
      for (const Node& item : node["fromlist"].items())
        collect_conditions(scope, item, every_row);
      if (every_row) prove(scope, node["quals"]);
    } else if (node.is("JOINEXPR")) {
      const long kind = node["jointype"].number();
      const bool inner = kind == inner_join;
      collect_conditions(scope, node["larg"], every_row && (inner || kind == left_join));
      collect_conditions(scope, node["rarg"], every_row && (inner || kind == right_join));
      if (every_row && inner) prove(scope, node["quals"]);
    }
  }

  // The condition is true: which columns does that keep from being NULL?
  void prove(Scope& scope, const Node& condition) {
    if (condition.is("BOOLEXPR") && condition["boolop"].text() == "and") {
      for (const Node& part : condition["args"].items())
        prove(scope, part);
    } else if (condition.is("BOOLEXPR") && condition["boolop"].text() == "not") {
      for (const Node& part : condition["args"].items())
        prove_value(scope, part);
    } else if (condition.is("NULLTEST")) {
      if (condition["nulltesttype"].number() == 1 && !condition["argisrow"].is_true()) {
        prove_value(scope, condition["arg"]);
      }
    } else if (condition.is("BOOLEANTEST")) {
      // IS TRUE and IS FALSE.
      const long test = condition["booltesttype"].number();
      if (test == 0 || test == 2) prove_value(scope, condition["arg"]);
    } else if (condition.is("SCALARARRAYOPEXPR")) {
      // x = any (...): true for none of a NULL's comparisons. x = all ('{}') is true for NULL.
      if (condition["useOr"].is_true() && is_strict(condition)) {
        const auto& arguments = condition["args"].items();
        if (!arguments.empty()) prove_value(scope, arguments[0]);
      }
    } else {
      prove_value(scope, condition);
    }
  }

  bool is_strict(const Node& call) const { return gives(call) == Gives::value_for_values; }

  Gives gives(const Node& call) const {
    return catalog_.gives(
        static_cast<unsigned>(call[call.is("FUNCEXPR") ? "funcid" : "opfuncid"].number()));
  }

  // The expression is not NULL: nor is what it is strict in.
  void prove_value(Scope& scope, const Node& expression) {
    if (expression.is("VAR")) {
      if (expression["varlevelsup"].number() == 0) prove_column(scope, expression);
    } else if (is_any(expression,
                      {"RELABELTYPE", "COLLATEEXPR", "COERCEVIAIO", "COERCETODOMAIN"})) {
      prove_value(scope, expression["arg"]);
    } else if (is_any(expression, {"OPEXPR", "FUNCEXPR"}) && is_strict(expression) &&
               !expression["funcretset"].is_true()) {
      for (const Node& argument : expression["args"].items())
        prove_value(scope, argument);
    }
  }

  void prove_column(Scope& scope, const Node& var) {
    const Node* relation = entry(scope, var["varno"].number());
    if (relation == nullptr) return;
    if ((*relation)["rtekind"].number() == join) {
      if (const Node* alias = join_column(*relation, var)) prove_value(scope, *alias);
      return;
    }
    // The row is there: an outer join has not put NULLs in its place.
    scope.null_extended.erase(var["varno"].number());
    scope.proven.insert({var["varno"].number(), var["varattno"].number()});
  }

  static const Node* join_column(const Node& relation, const Node& var) {
    const auto& aliases = relation["joinaliasvars"].items();
    const long attribute = var["varattno"].number();
    if (attribute < 1 || attribute > static_cast<long>(aliases.size())) return nullptr;
    return &aliases[static_cast<std::size_t>(attribute - 1)];
  }

  // Queries below -------------------------------------------------------------------------------

  std::vector<bool> set_operation(Scope& scope, const Node& operation) {
    if (operation.is("RANGETBLREF")) {
      const Node* relation = entry(scope, operation["rtindex"].number());
      return relation == nullptr ? std::vector<bool>{} : columns((*relation)["subquery"], &scope);
    }
    std::vector<bool> left = set_operation(scope, operation["larg"]);
    const std::vector<bool> right = set_operation(scope, operation["rarg"]);
    const long kind = operation["op"].number();
    for (std::size_t i = 0; i < left.size(); ++i) {
      const bool other = i >= right.size() || right[i];
      if (kind == union_operation) left[i] = left[i] || other;
      if (kind == intersect_operation) left[i] = left[i] && other;
      if (kind != union_operation && kind != intersect_operation && kind != except_operation) {
        left[i] = true;
      }
    }
    return left;
  }

  // A recursive query refers to itself: its columns are taken for values until one round over
  // shows otherwise. What is left then holds by induction over its rows.
  const std::vector<bool>* with_columns(Scope& scope, const std::string& name) {
    const auto known = scope.with_columns.find(name);
    if (known != scope.with_columns.end()) return &known->second;
    for (const Node& with : (*scope.query)["cteList"].items()) {
      if (with["ctename"].text() != name) continue;
      const Node& query = with["ctequery"];
      if (!with["cterecursive"].is_true()) {
        return &(scope.with_columns[name] = columns(query, &scope));
      }
      std::vector<bool> assumed(with["ctecolnames"].items().size(), false);
      for (;;) {
        scope.with_columns[name] = assumed;
        std::vector<bool> found = columns(query, &scope);
        found.resize(assumed.size(), true);
        for (std::size_t i = 0; i < found.size(); ++i)
          found[i] = found[i] || assumed[i];
        if (found == assumed) break;
        assumed = std::move(found);
      }
      return &scope.with_columns[name];
    }
    return nullptr;
  }

  // Expressions ---------------------------------------------------------------------------------

  bool is_nullable_var(Scope& from, const Node& var) {
    Scope* scope = &from;
    for (long up = var["varlevelsup"].number(); up > 0 && scope != nullptr; --up)
      scope = scope->outer;
    if (scope == nullptr) return true;
    // RETURNING old.x, new.x (PostgreSQL 18): one of the rows is not there for INSERT and DELETE.
    if (var["varreturningtype"].number() != 0) return true;
    // Grouping sets put NULLs in the place of what they do not group by.
    if (!(*scope->query)["groupingSets"].is_none()) return true;
    const long index = var["varno"].number();
    const Node* relation = entry(*scope, index);
    if (relation == nullptr) return true;
    const long kind = (*relation)["rtekind"].number();
    if (kind == join) {
      const Node* alias = join_column(*relation, var);
      return alias == nullptr || is_nullable(*scope, *alias);
    }
    if (scope->null_extended.contains(index)) return true;
    const long attribute = var["varattno"].number();
    if (scope->proven.contains({index, attribute})) return false;
    if (attribute <= 0) return kind != table;  // system columns, and the row itself
    return is_nullable_column(*scope, index, attribute);
  }

  bool is_nullable_column(Scope& scope, long index, long attribute) {
    const Node& relation = *entry(scope, index);
    const auto at = static_cast<std::size_t>(attribute - 1);
    const auto in = [&](const std::vector<bool>& nullable) {
      return at >= nullable.size() || nullable[at];
    };
    switch (relation["rtekind"].number()) {
      case table:
        return is_nullable_in_table(scope, relation, at);
      case subquery: {
        auto known = scope.subqueries.find(index);
        if (known == scope.subqueries.end()) {
          known = scope.subqueries.emplace(index, columns(relation["subquery"], &scope)).first;
        }
        return in(known->second);
      }
      case values:
        for (const Node& row : relation["values_lists"].items()) {
          if (at >= row.items().size() || is_nullable(scope, row.items()[at])) return true;
        }
        return false;
      case with_query: {
        Scope* owner = &scope;
        for (long up = relation["ctelevelsup"].number(); up > 0 && owner != nullptr; --up)
          owner = owner->outer;
        if (owner == nullptr) return true;
        const auto* nullable = with_columns(*owner, relation["ctename"].text());
        return nullable == nullptr || in(*nullable);
      }
      case function:
        return is_nullable_function_column(scope, relation, attribute);
      default:
        return true;
    }
  }

  bool is_nullable_in_table(const Scope& scope, const Node& relation, std::size_t at) {
    const auto oid = static_cast<unsigned>(relation["relid"].number());
    const std::string view = catalog_.view_query(oid);
    if (view.empty()) {
      const std::vector<bool> never_null = catalog_.never_null_columns(oid);
      return at >= never_null.size() || !never_null[at];
    }
    // What a change of a view returns is for its trigger to say, or not bound to its conditions.
    if (entry(scope, (*scope.query)["resultRelation"].number()) == &relation) return true;
    auto known = views_.find(oid);
    if (known == views_.end()) {
      const Node action = read_node(view);
      // Views do not refer to themselves; other rules of the name do not exist.
      std::vector<bool> nullable;
      if (action.items().size() == 1) nullable = columns(action.items()[0], nullptr);
      known = views_.emplace(oid, std::move(nullable)).first;
    }
    return at >= known->second.size() || known->second[at];
  }

  // A set of single values of a builtin function that gives values for values, alone in FROM.
  bool is_nullable_function_column(Scope& scope, const Node& relation, long attribute) {
    const auto& functions = relation["functions"].items();
    if (functions.size() != 1) return true;
    const long columns = functions[0]["funccolcount"].number();
    if (relation["funcordinality"].is_true() && attribute == columns + 1) return false;
    const Node& call = functions[0]["funcexpr"];
    return columns != 1 || attribute != 1 || !call.is("FUNCEXPR") || !is_value_call(scope, call);
  }

  bool all_values(Scope& scope, const std::vector<Node>& expressions) {
    return std::none_of(expressions.begin(), expressions.end(),
                        [&](const Node& each) { return is_nullable(scope, each); });
  }

  bool is_value_call(Scope& scope, const Node& call) {
    const Gives when = gives(call);
    const auto& arguments = call["args"].items();
    if (when == Gives::unknown) return false;
    if (when == Gives::value_for_values || call["funcvariadic"].is_true()) {
      return all_values(scope, arguments);
    }
    if (when == Gives::value_for_any_value) {
      return std::any_of(arguments.begin(), arguments.end(),
                         [&](const Node& each) { return !is_nullable(scope, each); });
    }
    return when == Gives::value || (!arguments.empty() && !is_nullable(scope, arguments[0]));
  }

  bool is_nullable(Scope& scope, const Node& node) {
    if (node.is("VAR")) return is_nullable_var(scope, node);
    // An argument of an aggregate; one that is only ordered by does not count.
    if (node.is("TARGETENTRY"))
      return !node["resjunk"].is_true() && is_nullable(scope, node["expr"]);
    if (node.is("CONST")) return node["constisnull"].is_true();
    if (node.is("PARAM")) return is_nullable_parameter(node);
    if (is_any(node, {"OPEXPR", "FUNCEXPR"})) {
      return (is_set(node) && is_filled_up(*scope.query)) || !is_value_call(scope, node);
    }
    if (is_any(node, {"RELABELTYPE", "COLLATEEXPR", "ARRAYCOERCEEXPR", "COERCETODOMAIN"})) {
      return is_nullable(scope, node["arg"]);
    }
    if (node.is("COERCEVIAIO")) {
      // Through the text form of a type of PostgreSQL's own.
      return node["resulttype"].number() >= first_user_oid || is_nullable(scope, node["arg"]);
    }
    if (is_any(node, {"NULLTEST", "BOOLEANTEST", "DISTINCTEXPR", "ARRAY", "ARRAYEXPR", "ROW",
                      "ROWEXPR", "GROUPINGFUNC", "NEXTVALUEEXPR"})) {
      return node.is("DISTINCTEXPR") && node["opretset"].is_true();
    }
    if (node.is("BOOLEXPR")) return !all_values(scope, node["args"].items());
    if (is_any(node, {"COALESCE", "COALESCEEXPR", "MINMAX", "MINMAXEXPR"})) {
      const auto& arguments = node["args"].items();
      return std::all_of(arguments.begin(), arguments.end(),
                         [&](const Node& each) { return is_nullable(scope, each); }) &&
             !has_either_side(scope, arguments);
    }
    if (is_any(node, {"CASE", "CASEEXPR"})) return is_nullable_case(scope, node);
    if (node.is("SCALARARRAYOPEXPR")) return is_nullable_array_comparison(scope, node);
    if (node.is("SUBLINK")) return is_nullable_sublink(scope, node);
    if (node.is("AGGREF")) return is_nullable_aggregate(scope, node);
    if (node.is("WINDOWFUNC")) return is_nullable_window(scope, node);
    if (node.is("SQLVALUEFUNCTION")) return node["op"].number() >= current_schema;
    return true;
  }

  static bool is_set(const Node& call) {
    return call["funcretset"].is_true() || call["opretset"].is_true();
  }

  // In a select list, a set that is shorter than another is filled up with NULLs.
  static bool is_filled_up(const Node& query) {
    long sets = 0;
    for (const Node& target : query["targetList"].items())
      sets += count_sets(target);
    return sets != 1;
  }

  static long count_sets(const Node& node) {
    long sets = is_set(node) ? 1 : 0;
    for (const Node& item : node.items())
      sets += count_sets(item);
    for (const auto& [name, field] : node.fields())
      sets += count_sets(field);
    return sets;
  }

  bool is_nullable_parameter(const Node& node) const {
    const long number = node["paramid"].number();
    return node["paramkind"].number() != 0 || number < 1 ||
           number > static_cast<long>(catalog_.nullable_parameters.size()) ||
           catalog_.nullable_parameters[static_cast<std::size_t>(number - 1)];
  }

  // coalesce(a.x, b.x) of a full join b: one of them is there.
  bool has_either_side(Scope& scope, const std::vector<Node>& arguments) {
    const auto has = [&](const std::set<long>& side) {
      return std::any_of(arguments.begin(), arguments.end(), [&](const Node& each) {
        if (!each.is("VAR") || each["varlevelsup"].number() != 0) return false;
        const long index = each["varno"].number();
        const long attribute = each["varattno"].number();
        return side.contains(index) && scope.null_extended[index] == 1 && attribute > 0 &&
               !is_nullable_column(scope, index, attribute);
      });
    };
    return std::any_of(scope.full_joins.begin(), scope.full_joins.end(),
                       [&](const auto& sides) { return has(sides.first) && has(sides.second); });
  }

  bool is_nullable_case(Scope& scope, const Node& node) {
    for (const Node& when : node["args"].items()) {
      if (is_nullable(scope, when["result"])) return true;
    }
    return node["defresult"].is_none() || is_nullable(scope, node["defresult"]);
  }

  // x = any (array[1, 2]): the elements have to be seen, for one NULL makes "no" a NULL.
  bool is_nullable_array_comparison(Scope& scope, const Node& node) {
    const auto& arguments = node["args"].items();
    return arguments.size() != 2 || !is_strict(node) || is_nullable(scope, arguments[0]) ||
           !is_any(arguments[1], {"ARRAY", "ARRAYEXPR"}) || arguments[1]["multidims"].is_true() ||
           !all_values(scope, arguments[1]["elements"].items());
  }

  bool is_nullable_sublink(Scope& scope, const Node& node) {
    const long kind = node["subLinkType"].number();
    if (kind == exists_sublink || kind == array_sublink) return false;
    const Node& query = node["subselect"];
    if (kind == any_sublink) return is_nullable_membership(scope, node);
    if (kind != scalar_sublink || !gives_exactly_one_row(query)) return true;
    const std::vector<bool> found = columns(query, &scope);
    return found.size() != 1 || found[0];
  }

  // x in (select y ...): NULL for a NULL on either side.
  bool is_nullable_membership(Scope& scope, const Node& node) {
    const Node& test = node["testexpr"];
    const auto& arguments = test["args"].items();
    if (!test.is("OPEXPR") || !is_strict(test) || arguments.size() != 2) return true;
    if (is_nullable(scope, arguments[0]) || !arguments[1].is("PARAM")) return true;
    const std::vector<bool> found = columns(node["subselect"], &scope);
    return found.size() != 1 || found[0];
  }

  bool is_nullable_aggregate(Scope& scope, const Node& node) {
    const std::string name =
        catalog_.builtin_name(static_cast<unsigned>(node["aggfnoid"].number()));
    if (name == "count" || name == "regr_count") return false;
    // A group has a row; all rows together may be none.
    if (node["agglevelsup"].number() != 0) return true;
    const Node& query = *scope.query;
    if (query["groupClause"].is_none() || !query["groupingSets"].is_none() ||
        !node["aggfilter"].is_none()) {
      return true;
    }
    return is_nullable_for_rows(scope, name, node["args"].items());
  }

  // An aggregate over at least one row.
  bool is_nullable_for_rows(Scope& scope, const std::string& name,
                            const std::vector<Node>& arguments) {
    static const std::set<std::string, std::less<>> of_any_rows{
        "array_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg"};
    if (of_any_rows.contains(name)) return false;
    static const std::set<std::string, std::less<>> of_values{
        "sum",     "avg",   "min",        "max",     "bool_and",
        "bool_or", "every", "string_agg", "bit_and", "bit_or"};
    return !of_values.contains(name) || !all_values(scope, arguments);
  }

  bool is_nullable_window(Scope& scope, const Node& node) {
    const std::string name =
        catalog_.builtin_name(static_cast<unsigned>(node["winfnoid"].number()));
    static const std::set<std::string, std::less<>> never{
        "count", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist"};
    if (never.contains(name)) return false;
    const auto& arguments = node["args"].items();
    if (name == "ntile") return !all_values(scope, arguments);
    // What stands in for a row beyond the partition's is given.
    if (name == "lag" || name == "lead") {
      return arguments.size() != 3 || !all_values(scope, arguments);
    }
    if (!node["aggfilter"].is_none() || !frame_has_its_row(scope, node)) return true;
    if (name == "first_value" || name == "last_value") return !all_values(scope, arguments);
    return is_nullable_for_rows(scope, name, arguments);
  }

  // Whether every row is in its own window frame, which the FRAMEOPTION_ bits of parsenodes.h tell.
  static bool frame_has_its_row(const Scope& scope, const Node& call) {
    constexpr long starts_at_or_before = 0x20 | 0x200 | 0x800;
    constexpr long ends_at_or_after = 0x100 | 0x400 | 0x4000;
    constexpr long without_its_row = 0x8000 | 0x10000;
    for (const Node& window : (*scope.query)["windowClause"].items()) {
      if (window["winref"].number() != call["winref"].number()) continue;
      const long options = window["frameOptions"].number();
      return (options & starts_at_or_before) != 0 && (options & ends_at_or_after) != 0 &&
             (options & without_its_row) == 0;
    }
    return false;
  }

  static constexpr long first_user_oid = 16384;
  static constexpr long current_schema = 14;  // SVFOP_CURRENT_SCHEMA: NULL with an empty path

  const CatalogFacts& catalog_;
  const bool uses_conditions_;
  std::map<unsigned, std::vector<bool>> views_;
};

}  // namespace

std::vector<ColumnNullability> column_nullability(const Node& query, const CatalogFacts& catalog) {
  const std::vector<bool> plain = Analysis(catalog, false).columns(query, nullptr);
  const std::vector<bool> with_conditions = Analysis(catalog, true).columns(query, nullptr);
  std::vector<ColumnNullability> found;
  for (std::size_t i = 0; i < plain.size(); ++i)
    found.push_back({plain[i], with_conditions[i]});
  return found;
}

}  // namespace qm::codegen
