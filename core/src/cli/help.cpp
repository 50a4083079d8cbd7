#include "cli/help.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "cli/table.hpp"

namespace qm::cli {
namespace {

constexpr std::size_t line_width = 88;
constexpr std::size_t text_column = 26;  // where descriptions begin
constexpr std::size_t hanging = 6;       // ... below a name that is too long for that

// Words of `text` on lines that begin at `column`; the cursor is at `used` already.
std::string wrapped(const std::string& text, std::size_t column, std::size_t used) {
  std::string out;
  std::size_t at = used;
  bool first = true;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    const std::size_t width = display_width(word);
    if (!first && at + 1 + width > line_width) {
      out += "\n" + std::string(column, ' ') + word;
      at = column + width;
    } else {
      out += (first ? "" : " ") + word;
      at += width + (first ? 0 : 1);
    }
    first = false;
    begin = end + 1;
  }
  return out;
}

std::string entry(const std::string& name, const std::string& description) {
  std::string line = "  " + name;
  if (description.empty()) return line + "\n";
  if (line.size() + 2 > text_column) {
    return line + "\n" + std::string(hanging, ' ') + wrapped(description, hanging, hanging) + "\n";
  }
  line.resize(text_column, ' ');
  return line + wrapped(description, text_column, text_column) + "\n";
}

std::string section(const std::string& title, const std::string& entries) {
  return entries.empty() ? "" : "\n" + title + ":\n" + entries;
}

std::string option_name(const CLI::Option& option) {
  if (!option.nonpositional()) return option.get_name(true);
  std::string name = option.get_name(false, true);
  // "-h,--help"
  if (const auto comma = name.find(','); comma != std::string::npos) name.insert(comma + 1, " ");
  return option.get_type_size() == 0 ? name : name + " " + option.get_type_name();
}

class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode /*mode*/) const override {
    const auto options_of = [&](auto&& wanted) {
      std::string entries;
      for (const CLI::Option* option : app->get_options(wanted))
        entries += entry(option_name(*option), option->get_description());
      return entries;
    };
    std::string usage = "usage: " + name;
    for (const CLI::Option* option :
         app->get_options([](const CLI::Option* o) { return o->get_positional(); })) {
      usage += option->get_required() ? " <" + option->get_name(true) + ">"
                                      : " [" + option->get_name(true) + "]";
    }
    const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
    usage += commands.empty() ? " [options]" : " <command> [options]";
    std::string list;
    for (const CLI::App* command : commands)
      list += entry(command->get_name(), command->get_description());

    std::string out = usage + "\n\n" + wrapped(app->get_description(), 0, 0) + "\n";
    out += section("commands", list);
    out += section("arguments",
                   options_of([](const CLI::Option* option) { return option->get_positional(); }));
    out += section("options", options_of([](const CLI::Option* option) {
                     return option->nonpositional() && option->get_group() == "Options";
                   }));
    out += section("configuration", options_of([](const CLI::Option* option) {
                     return option->get_group() == "Configuration";
                   }));
    if (app->get_parent() == nullptr) return out + "\n" + app->get_footer() + "\n";
    return out +
           "\nThe options of 'quartermaster --help' (--output json, --database-url, ...) are "
           "taken\nhere as well.\n";
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> make_help_formatter() {
  return std::make_shared<HelpFormatter>();
}

}  // namespace qm::cli
