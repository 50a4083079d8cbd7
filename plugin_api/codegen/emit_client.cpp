// See emit_client.hpp.
#include "codegen/emit_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "codegen/client_model.hpp"
#include "codegen/cpp_types.hpp"
#include "codegen/emit_plugin.hpp"
#include "codegen/naming.hpp"
#include "codegen/signature.hpp"

namespace qm::codegen {
namespace {

constexpr std::size_t line_width = 100;

// Text of the manifest, where YAML allows several lines, as one without white space at its end.
std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// The text as adjacent string literals, broken after blanks where it gets too long for a line.
std::string wrapped_literal(std::string_view text, std::string_view indent) {
  std::string out;
  while (out.empty() || !text.empty()) {
    const std::size_t room = line_width - indent.size() - 4;
    std::size_t size = text.size();
    if (size > room) {
      const std::size_t blank = text.rfind(' ', room - 1);
      if (blank != text.npos) size = blank + 1;
    }
    out += fmt::format("{}{}\"{}\"", out.empty() ? "" : "\n", indent,
                       c_characters(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return out;
}

class Writer {
 public:
  // `plugin`: whose queries they are; empty: the header carries them itself.
  Writer(ClientModel model, const Lock& lock, std::string name_space, std::string plugin)
      : model_(std::move(model)),
        lock_(lock),
        name_space_(std::move(name_space)),
        plugin_(std::move(plugin)),
        qm_(plugin_.empty() ? "qm::" : "") {}

  std::string run(const std::vector<std::string>& heading) {
    head(heading);
    for (const ClientEnum& each : model_.enums)
      enumeration(each);
    for (const ClientComposite& each : model_.composites)
      composite(each);
    for (const ClientRow& row : model_.rows)
      row_struct(row);
    for (const ClientAlias& alias : model_.aliases)
      line("using {} = {};", alias.name, alias.target);
    if (!model_.aliases.empty()) line("");
    for (const ClientMethod& method : model_.methods)
      params_struct(method);
    client_class();
    if (!model_.rows.empty() || !model_.composites.empty()) text_functions();
    line("");
    line("}}  // namespace {}", name_space_);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }

  void comment(std::string_view indent, std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view one = text.substr(0, end);
      // A backslash at the end would continue the comment on the next line.
      line("{}//{}{}{}", indent, one.empty() ? "" : " ", one, one.ends_with('\\') ? "." : "");
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
  }

  void head(const std::vector<std::string>& heading) {
    for (const std::string& text : heading)
      comment("", text);
    line("#pragma once");
    line("");
    for (const char* include :
         {"array", "cstdint", "memory", "optional", "quartermaster/client.hpp",
          "quartermaster/codec.hpp", "quartermaster/composite_codec.hpp", "span", "string",
          "string_view", "type_traits", "utility", "vector"}) {
      if (!model_.composites.empty() || !std::string_view(include).ends_with("composite_codec.hpp"))
        line("#include <{}>", include);
    }
    if (!model_.includes.empty()) line("");
    for (const std::string& include : model_.includes)
      line(fmt::runtime(include.starts_with('<') ? "#include {}" : "#include \"{}\""), include);
    line("");
    line("namespace {} {{", name_space_);
    line("");
  }

  void enumeration(const ClientEnum& each) {
    comment("", "PostgreSQL's type " + each.type + ", in its order.");
    line("enum class {} : std::uint16_t {{", each.name);
    for (const auto& label : each.labels)
      line("  {},", label.name);
    line("}};");
    line("constexpr std::array<std::string_view, {}> enum_labels({}) {{", each.labels.size(),
         each.name);
    line("  return {{{{");
    for (const auto& label : each.labels)
      line("      \"{}\",", c_characters(label.text));
    line("  }}}};");
    line("}}");
    line("");
  }

  void composite(const ClientComposite& each) {
    comment("", "PostgreSQL's type " + each.type + ".");
    line("struct {} {{", each.name);
    for (const ClientMember& member : each.members)
      line("  {} {}{{}};", member.type, member.name);
    line("");
    line("  static constexpr bool is_composite = true;");
    visit(each.members);
    line("  friend bool operator==(const {0}&, const {0}&) = default;", each.name);
    line("}};");
    line("");
  }

  void visit(const std::vector<ClientMember>& members) {
    const char* const unused = members.empty() ? "[[maybe_unused]] " : "";
    line("  template <class Self, class Visitor>");
    line("  static void visit({0}Self& self_, {0}Visitor&& visitor_) {{", unused);
    for (const ClientMember& member : members)
      line("    visitor_(\"{}\", self_.{});", c_characters(member.json), member.name);
    line("  }}");
  }

  void row_struct(const ClientRow& row) {
    const char* const unused = row.members.empty() ? "[[maybe_unused]] " : "";
    comment("", row.documentation);
    line("struct {} {{", row.name);
    for (const ClientMember& member : row.members)
      line("  {} {}{{}};", member.type, member.name);
    line("");
    line("  static {} read({}{}RowReader& row_) {{", row.name, unused, qm_);
    line("    return {{");
    for (const ClientMember& member : row.members)
      line("        {},", read_of(member));
    line("    }};");
    line("  }}");
    line("  // Hands each member to the visitor, with its name in JSON.");
    visit(row.members);
    line("  friend bool operator==(const {0}&, const {0}&) = default;", row.name);
    line("}};");
    line("");
    if (row.has_view) row_view(row);
  }

  std::string read_of(const ClientMember& member) const {
    if (member.embedded.empty()) return "row_.next<" + member.type + ">()";
    return member.is_optional_embed ? fmt::format("{}client::read_embedded<{}>(row_, {})", qm_,
                                                  member.embedded, member.columns)
                                    : member.embedded + "::read(row_)";
  }

  void row_view(const ClientRow& row) {
    comment("", row.name + " in its result: columns are read when asked for, text is not copied.");
    comment("", "Valid as long as its Rows.");
    line("class {} : public {}client::RowView {{", row.view, qm_);
    line(" public:");
    line("  using RowView::RowView;");
    for (const ClientMember& member : row.members) {
      const char* get = member.embedded.empty()    ? "get<{}>({})"
                        : member.is_optional_embed ? "get_optional_row<{}>({}, {})"
                                                   : "get_row<{}>({})";
      const std::string type =
          member.is_optional_embed ? member.view.substr(14, member.view.size() - 15) : member.view;
      const std::string value = fmt::format(fmt::runtime(get), type, member.column, member.columns);
      const std::string whole =
          fmt::format("  {} {}() const {{ return {}; }}", member.view, member.name, value);
      if (whole.size() <= line_width) {
        line("{}", whole);
      } else {
        line("  {} {}() const {{", member.view, member.name);
        line("    return {};", value);
        line("  }}");
      }
    }
    line("  {0} to_row() const {{ return copy<{0}>(); }}", row.name);
    line("}};");
    line("");
  }

  void params_struct(const ClientMethod& method) {
    if (method.params.name.empty()) return;
    comment("", "Parameters of " + method.name + "(). Text is borrowed for the call.");
    line("struct {} {{", method.params.name);
    for (const ClientMember& member : method.params.members)
      line("  {} {}{{}};", member.type, member.name);
    line("}};");
    line("");
  }

  static bool is_batch(const ClientMethod& method) {
    const Kind kind = *parse_kind(":" + method.entry->kind);
    return kind == Kind::copyfrom || codegen::is_batch(kind);
  }

  std::string returned_type(const ClientMethod& method) const {
    switch (*parse_kind(":" + method.entry->kind)) {
      case Kind::exec:
      case Kind::batchexec:
        return "void";
      case Kind::execrows:
      case Kind::copyfrom:
        return "std::int64_t";
      case Kind::execresult:
        return qm_ + "Result";
      case Kind::one:
        return method.row;
      case Kind::opt:
        return "std::optional<" + method.row + ">";
      case Kind::many:
      case Kind::batchone:
        return "std::vector<" + method.row + ">";
      case Kind::batchopt:
        return "std::vector<std::optional<" + method.row + ">>";
      case Kind::batchmany:
        break;
    }
    return "std::vector<std::vector<" + method.row + ">>";
  }

  // The type of one call's parameters, and how each of them is reached in it.
  std::string call_type(const ClientMethod& method) const {
    return method.params.name.empty() ? method.params.members[0].type : method.params.name;
  }

  std::vector<std::string> values_of(const ClientMethod& method, const std::string& call) const {
    std::vector<std::string> values;
    for (const ClientMember& member : method.params.members)
      values.push_back(method.params.name.empty() ? call : call + "." + member.name);
    return values;
  }

  void encode(const ClientMethod& method, const std::string& call, std::string_view indent) {
    const auto values = values_of(method, call);
    for (std::size_t i = 0; i < values.size(); ++i) {
      line("{}encode_as(encoded_, {}, {});", indent, method.params.members[i].wire, values[i]);
    }
  }

  // The blocking method, and the same with a completion token.
  enum class Style : std::uint8_t { blocking, async };

  void method(const ClientMethod& method) {
    comment("  ", method.query->source.documentation);
    if (is_batch(method)) {
      comment("  ", method.entry->kind == "copyfrom"
                        ? "All rows in one COPY; gives back their number."
                        : "All calls in one round trip and one transaction: a failure undoes "
                          "them.");
      batch_method(method, Style::blocking);
      batch_method(method, Style::async);
      return;
    }
    if (method.entry->kind == "execresult") {
      comment("  ", "What the server said is in command_tag() and affected_rows().");
    }
    single_method(method, method.name);
    if (method.range_name.empty()) return;
    comment("  ", method.name + "(), whose rows are read in place.");
    single_method(method, method.range_name);
    comment("  ", fmt::format("{}(), whose rows are handed over as they arrive.\n"
                              "each({}) may return false to end it. Gives back how many it took.",
                              method.name, method.view));
    single_method(method, method.stream_name);
    comment("  ", method.name + "(), whose rows are fetched in pieces.");
    single_method(method, method.cursor_name, Style::blocking);
  }

  void single_method(const ClientMethod& method, const std::string& name) {
    single_method(method, name, Style::blocking);
    single_method(method, name, Style::async);
  }

  void single_method(const ClientMethod& method, const std::string& name, Style style) {
    const auto& members = method.params.members;
    const bool is_stream = name == method.stream_name;
    std::string argument;
    std::string call = "params";
    if (!method.params.name.empty()) {
      argument = fmt::format("const {}& params", method.params.name);
    } else if (!members.empty()) {
      call = NameScope({"db", "each", "options", "transaction"}).unique(members[0].name);
      argument = fmt::format(fmt::runtime(members[0].by_value ? "{} {}" : "const {}& {}"),
                             members[0].type, call);
    }
    if (is_stream) argument += argument.empty() ? "Each&& each" : ", Each&& each";
    if (style == Style::async) {
      line("  template <class {}Token>", is_stream ? "Each, class " : "");
      signature_line("auto", "async_" + name, argument, style);
    } else {
      if (is_stream) line("  template <class Each>");
      signature_line(returned_type(method, name), name, argument, style,
                     name == method.cursor_name ? "Transaction& transaction" : "Executor& db");
    }
    line("    {}ParamBuffer<{}> encoded_;", qm_, members.size());
    encode(method, call, "    ");
    if (style == Style::async) {
      async_body(method, name);
    } else {
      body(method, name);
    }
    line("  }}");
    line("");
  }

  std::string returned_type(const ClientMethod& method, const std::string& name) const {
    if (name == method.name) return returned_type(method);
    if (name == method.stream_name) return "std::int64_t";
    if (name == method.cursor_name) return fmt::format("{}RowCursor<{}>", qm_, method.row);
    return fmt::format("{}Rows<{}>", qm_, method.view);
  }

  void body(const ClientMethod& method, const std::string& name) {
    const std::string& kind = method.entry->kind;
    const std::string call =
        fmt::format("db.execute(*{}, encoded_.view(), options)", method.handle);
    const std::size_t columns = method.entry->columns.size();
    if (kind == "exec") {
      line("    {};", call);
    } else if (kind == "execrows") {
      line("    return {}.affected_rows();", call);
    } else if (kind == "execresult") {
      line("    return {};", call);
    } else if (name == method.stream_name) {
      line("    {}client::EachRow<{}, Each&> sink_(each, {});", qm_, method.view, columns);
      line("    return db.stream(*{}, encoded_.view(), sink_, options);", method.handle);
    } else if (name == method.range_name) {
      line("    return {{{}, {}}};", call, columns);
    } else if (name == method.cursor_name) {
      line("    return {{transaction, *{}, encoded_.view(), {}, options}};", method.handle,
           columns);
    } else {
      line("    const {}Result result_ = {};", qm_, call);
      line("    return {};", read_result(method));
    }
  }

  // What makes the rows of `result_`.
  std::string read_result(const ClientMethod& method) const {
    const std::string& kind = method.entry->kind;
    return fmt::format("{}client::read_{}<{}>({}{}, {})", qm_, kind, method.row,
                       kind == "one" || kind == "batchone" ? "*" + method.handle + ", " : "",
                       is_batch(method) ? "results_" : "result_", method.entry->columns.size());
  }

  void async_body(const ClientMethod& method, const std::string& name) {
    const std::string& kind = method.entry->kind;
    const std::size_t columns = method.entry->columns.size();
    const bool is_stream = name == method.stream_name;
    line("    return {}client::Async<Token>::{}(", qm_, is_stream ? "stream" : "execute");
    line("        db, *{}, encoded_.view(),", method.handle);
    if (is_stream) {
      line("        {}client::EachRow<{}, Each>(std::forward<Each>(each), {}),", qm_, method.view,
           columns);
    } else if (kind == "exec") {
      line("        [](const {}Result&) {{}},", qm_);
    } else if (kind == "execrows") {
      line("        [](const {}Result& result_) {{ return result_.affected_rows(); }},", qm_);
    } else if (kind == "execresult") {
      line("        []({0}Result&& result_) {{ return std::move(result_); }},", qm_);
    } else if (name == method.range_name) {
      line("        []({0}Result&& result_) {{ return {0}Rows<{1}>(std::move(result_), {2}); }},",
           qm_, method.view, columns);
    } else {
      reader(method, fmt::format("const {}Result& result_", qm_));
    }
    line("        std::forward<Token>(token_));");
  }

  void reader(const ClientMethod& method, const std::string& argument) {
    const std::string capture =
        method.entry->kind.ends_with("one") ? method.handle + " = " + method.handle : "";
    line("        [{}]({}) {{", capture, argument);
    line("          return {};", read_result(method));
    line("        }},");
  }

  void batch_method(const ClientMethod& method, Style style) {
    const std::string& kind = method.entry->kind;
    const std::string type = call_type(method);
    const std::string argument = fmt::format("std::span<const {}> calls", type);
    const std::string rows =
        fmt::format("{}client::Calls<{}, {}>", qm_, method.params.members.size(), type);
    if (style == Style::async) {
      line("  template <class Token>");
      signature_line("auto", "async_" + method.name, argument, style);
      line("    auto calls_ = std::make_unique<{}>(", rows);
    } else {
      signature_line(returned_type(method), method.name, argument, style);
      line("    {} calls_(", rows);
    }
    line("        calls, []({}ParamSink& encoded_, const {}& call) {{", qm_, type);
    encode(method, "call", "          ");
    line("        }});");
    if (style == Style::async) {
      line("    return {}client::Async<Token>::{}(", qm_,
           kind == "copyfrom" ? "copy_from" : "execute_batch");
      line("        db, *{}, std::move(calls_),", method.handle);
      if (kind == "batchexec") line("        [](const std::vector<{}Result>&) {{}},", qm_);
      if (!method.row.empty())
        reader(method, fmt::format("const std::vector<{}Result>& results_", qm_));
      line("        std::forward<Token>(token_));");
    } else if (kind == "copyfrom") {
      line("    return db.copy_from(*{}, calls_, options);", method.handle);
    } else if (kind == "batchexec") {
      line("    db.execute_batch(*{}, calls_, options);", method.handle);
    } else {
      line("    const auto results_ = db.execute_batch(*{}, calls_, options);", method.handle);
      line("    return {};", read_result(method));
    }
    line("  }}");
    line("");
  }

  void signature_line(const std::string& type, const std::string& name, const std::string& argument,
                      Style style, const char* runs_on = "Executor& db") {
    const std::string db =
        style == Style::async ? "const " + qm_ + "AsyncExecutor& db" : qm_ + runs_on;
    const std::string required = argument.empty() ? db : db + ", " + argument;
    const std::string last =
        style == Style::async ? "Token&& token_) const {"
                              : fmt::format("const {}CallOptions& options = {{}}) const {{", qm_);
    const std::string whole = fmt::format("  {} {}({}, {}", type, name, required, last);
    if (whole.size() <= line_width) {
      line("{}", whole);
      return;
    }
    line("  {} {}(", type, name);
    const std::string arguments = fmt::format("      {}, {}", required, last);
    if (arguments.size() <= line_width) {
      line("{}", arguments);
    } else {
      line("      {},", required);
      line("      {}", last);
    }
  }

  void client_class() {
    const std::string whose =
        plugin_.empty() ? "The queries." : "The queries of plugin " + plugin_ + ".";
    comment("", whose + " Copyable; thread-safe. `db` is a Pool, a Connection or a");
    comment("",
            "Transaction; every method throws as Executor::execute() does, and DecodeError. The");
    comment("", "async_ methods take an AsyncExecutor and a completion token, and need");
    comment("", "quartermaster/asio.hpp; what is passed as a span must stay until they complete.");
    line("class Client {{");
    line(" public:");
    if (plugin_.empty()) {
      line("  // Makes them known to the process; the first time costs, copies are cheap.");
      line("  Client();");
    } else {
      line("  // Finds every query in the host's plugin, or says what does not fit.");
      line("  static Expected<Client, BindError> bind(const Host& host);");
    }
    line("");
    for (const ClientMethod& each : model_.methods)
      method(each);
    line(" private:");
    if (!plugin_.empty()) line("  Client() = default;");
    if (!plugin_.empty() && !model_.methods.empty()) line("");
    for (const ClientMethod& method : model_.methods)
      line("  const {}RegisteredQuery* {} = nullptr;", qm_, method.handle);
    line("}};");
    line("");
    if (plugin_.empty()) {
      definitions();
    } else {
      bind_function();
    }
  }

  void bind_function() {
    line("inline Expected<Client, BindError> Client::bind(const Host& host) {{");
    line("  Client client;");
    line("  client::Binder bind(host, \"{}\");", plugin_);
    for (const ClientMethod& method : model_.methods) {
      const std::string text = signature(*method.entry);
      line("  bind(client.{}, \"{}\", {:#018x},", method.handle, method.query->source.name,
           signature_hash(text));
      line("{});", wrapped_literal(text, "       "));
    }
    line("  if (bind.error()) return *bind.error();");
    line("  return client;");
    line("}}");
  }

  void definitions() {
    line("inline Client::Client() {{");
    for (const ClientMethod& method : model_.methods)
      definition(method);
    line("}}");
  }

  void definition(const ClientMethod& method) {
    const LockEntry& entry = *method.entry;
    const std::string sql = sent_sql(lock_, entry, method.query->statement);
    line("  {} = {}client::define({{", method.handle, qm_);
    line("      .kind = {}QueryKind::{},", qm_, entry.kind == "batchopt" ? "batchone" : entry.kind);
    if (needs_text_results(lock_, entry)) line("      .text_results = true,");
    if (entry.reads_only) line("      .read_only = true,");
    if (method.query->source.annotations.is_long) line("      .is_long = true,");
    line("      .plugin = \"{}\",", name_space_);
    line("      .name = \"{}\",", entry.name);
    line("      .sql ={},", c_literal(sql, "          "));
    if (!entry.parameters.empty()) {
      line("      .parameters = {{");
      for (std::size_t i = 0; i < entry.parameters.size(); ++i) {
        const Parameter& parameter = method.query->statement.parameters()[i];
        const TypedName& typed = entry.parameters[i];
        line("          {{\"{}\", \"{}\", {}, {}, {}, {}}},", c_characters(typed.name),
             c_characters(typed.type), typed.oid, typed.nullable, parameter.sensitive,
             parameter.loggable);
      }
      line("      }},");
    }
    line("  }});");
  }

  // Found by argument-dependent lookup, for logs and tests.
  void text_functions() {
    line("");
    line("// \"{{title: \\\"Up\\\", year: 2009}}\"");
    line("template <{}client::Visitable Row>", qm_);
    line("std::string to_string(const Row& row) {{");
    line("  return {}client::to_text(row);", qm_);
    line("}}");
    line("template <{}client::Visitable Row>", qm_);
    line("std::ostream& operator<<(std::ostream& out, const Row& row) {{");
    line("  return {0}client::print(out, {0}client::to_text(row));", qm_);
    line("}}");
  }

  const ClientModel model_;
  const Lock& lock_;
  const std::string name_space_;
  const std::string plugin_;
  const std::string qm_;  // before the names of namespace qm
  std::string out_;
};

}  // namespace

std::string emit_client_header(const Plugin& plugin, const Lock& lock) {
  const Manifest& manifest = plugin.manifest;
  const std::string title =
      fmt::format("{} {}{}{}", manifest.name, manifest.version,
                  manifest.description.empty() ? "" : ": ", manifest.description);
  return Writer(client_model(plugin.queries, lock, manifest.names, ""), lock, "qm::" + manifest.id,
                manifest.id)
      .run({on_one_line(title) + ".",
            fmt::format("The typed client of plugin {}, generated by qmgen from its queries; edit "
                        "those instead.",
                        manifest.id)});
}

std::string emit_standalone_header(const Standalone& source, const Lock& lock) {
  return Writer(client_model(source.queries, lock, source.names, "qm::"), lock, source.name_space,
                "")
      .run({"The typed queries of " + source.name_space +
            ", generated by qmgen from their SQL; edit that instead."});
}

}  // namespace qm::codegen
