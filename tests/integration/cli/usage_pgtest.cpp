// The command line itself: help, what is said of mistakes, exit codes, output that cannot be
// written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "program.hpp"

namespace qm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Help : public testing::TestWithParam<const char*> {};

std::vector<std::string> words(const std::string& line) {
  std::vector<std::string> list;
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    list.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

TEST_P(Help, IsThereForEveryCommand) {
  const std::string command = GetParam();
  std::vector<std::string> arguments = words(command);
  arguments.emplace_back("--help");
  const Outcome help = run(arguments);
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out,
              StartsWith("usage: quartermaster" + (command.empty() ? "" : " " + command)));
  EXPECT_THAT(help.out, HasSubstr("--help"));
  EXPECT_THAT(help.err, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Commands, Help,
                         testing::Values("", "demo", "migrate", "migrate up", "migrate down",
                                         "migrate to", "migrate version", "migrate status",
                                         "migrate plan", "migrate adopt", "migrate repair",
                                         "migrate verify", "migrate lint", "migrate new", "query",
                                         "query list", "query describe", "query run", "verify",
                                         "plugin", "plugin list", "plugin inspect", "serve",
                                         "stats", "health", "config", "embedded", "embedded start",
                                         "embedded stop", "embedded status", "embedded url",
                                         "embedded psql"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name.empty() ? "program" : name;
                         });

TEST(Usage, ProgramHelpHasFlagsOfAllKeysAndExitCodes) {
  EXPECT_THAT(run({"--help"}).out,
              AllOf(HasSubstr("--database-max-conns"), HasSubstr("--embedded-bin-dir"),
                    HasSubstr("QUARTERMASTER_CONFIG"), HasSubstr("exit codes:")));
}

TEST(Usage, VersionIsPrinted) {
  const Outcome version = run({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, testing::MatchesRegex("quartermaster [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

struct Mistake {
  std::vector<std::string> arguments;
  std::string message;
};

// In the name that CTest gives the test, instead of the bytes of the struct.
void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << "quartermaster";
  for (const std::string& argument : mistake.arguments)
    *out << ' ' << argument;
}

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, ExitWith2AndSayWhat) {
  const Outcome outcome = run(GetParam().arguments);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(StartsWith("quartermaster: "), HasSubstr(GetParam().message)));
  EXPECT_THAT(outcome.out, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, Mistakes,
    testing::Values(
        Mistake{{}, "expected a command: demo, migrate"},
        Mistake{{"migrat"}, "there is no command 'migrat' (did you mean migrate?)"},
        Mistake{{"migrate"}, "migrate: expected a command: up, down"},
        Mistake{{"migrate", "upp"}, "migrate: there is no command 'upp' (did you mean up?)"},
        Mistake{{"xyzzy"}, "there is no command 'xyzzy' (see 'quartermaster --help')"},
        Mistake{{"health", "--databse-url", "x"},
                "there is no option --databse-url (did you mean --database-url?)"},
        Mistake{{"--databse-url=x", "health"}, "did you mean --database-url?"},
        Mistake{{"demo", "--onse"}, "demo: there is no option --onse (did you mean --once?)"},
        Mistake{{"health", "now"}, "health: there is no place for the argument 'now'"},
        Mistake{{"health", "--output", "xml"}, "expected table or json, found 'xml'"},
        Mistake{{"query", "run"}, "name is required"},
        Mistake{{"query", "run", "movie.GetMovi"}, "did you mean movie.GetMovie"},
        Mistake{{"query", "run", "movie.GetMovie"}, "expected --arg id=<uuid>, found no value"},
        Mistake{{"query", "run", "movie.GetMovie", "--arg", "id"}, "expected name=value"},
        Mistake{{"query", "run", "movie.GetMovie", "--arg", "id=1", "--arg", "x=1"},
                "found an argument 'x'"},
        Mistake{{"stats", "--url", "ftp://example.org"}, "expected http://host:port"},
        Mistake{{"migrate", "up", "--wait", "soon"}, "--wait"}));

TEST(Usage, MistakesAreJsonOnRequest) {
  const Outcome outcome = run({"--output", "json", "migrat"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(StartsWith("{"), HasSubstr(R"("exit_code": 2)"),
                                 HasSubstr(R"("hint": "did you mean migrate?")")));
}

TEST(Output, AFullDiskIsAnError) {
  const Outcome outcome = run({"config"}, {.output = Program::Output::full_disk});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("standard output: cannot be written: No space left"));
  EXPECT_EQ(run({"--help"}, {.output = Program::Output::full_disk}).exit_code, 1);
}

TEST(Output, AClosedStreamIsAnError) {
  const Outcome outcome = run({"config"}, {.output = Program::Output::closed});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("standard output: cannot be written"));
}

TEST(Config, ShowsValuesWithTheirOrigin) {
  const ScratchDirectory directory;
  const std::string file =
      directory.write("settings.yaml", "database:\n  max_conns: 7\n  min_conns: 3\n");
  const Outcome outcome = run({"config", "--output", "json", "--database-min-conns", "5"},
                              {.environment = {{"QUARTERMASTER_CONFIG", file}}});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("settings.yaml:2"),
                                 HasSubstr("flag --database-min-conns"), HasSubstr("default")));
}

TEST(Config, ABrokenFileIsNamedWithItsLine) {
  const ScratchDirectory directory;
  const std::string file =
      directory.write("broken.yaml", "database:\n  max_conns: 7\n  max_cons: 8\n");
  const Outcome outcome = run({"config", "--config", file});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("broken.yaml:3"));
  EXPECT_EQ(run({"config", "--config", file + ".missing"}).exit_code, 3);
  EXPECT_EQ(run({"config"}, {.environment = {{"QUARTERMASTER_DATABSE_URL", "x"}}}).exit_code, 3);
}

TEST(Config, NeverShowsAPassword) {
  const Outcome outcome = run({"config", "--database-url", "postgresql://u:sesame@h/d"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("sesame")));
}

TEST(Plugins, AreListed) {
  const Outcome outcome = run({"plugin", "list"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("shared"), HasSubstr("movie"), HasSubstr("tvshow"),
                                 HasSubstr("disabled"), Not(HasSubstr("rejected"))));
  EXPECT_THAT(run({"plugin", "inspect", "movie", "--output", "json"}).out, HasSubstr("sha256"));
  EXPECT_EQ(run({"plugin", "inspect", "music"}).exit_code, 3);
}

TEST(Plugins, DirectoriesThatCannotBeReadAreErrors) {
  const ScratchDirectory directory;
  const std::string file = directory.write("file", "");
  for (const std::string& path : {file, directory.path().string() + "/missing"}) {
    const Outcome outcome = run({"plugin", "list", "--plugins-directories", path});
    EXPECT_EQ(outcome.exit_code, 3) << path;
    EXPECT_THAT(outcome.err, HasSubstr(path));
  }
}

TEST(Plugins, AnEmptyDirectoryIsAMistake) {
  const ScratchDirectory directory;
  const Outcome outcome = run({"migrate", "status", "--plugins-directories", directory.path()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("plugins.directories: expected a directory with plugin "
                                     "manifests (*.json), found none in " +
                                     directory.path().string()));
}

TEST(Plugins, NoneAtAllIsAMistake) {
  const Outcome outcome = run({"plugin", "list", "--plugins-use-default-directory", "false"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("plugins: expected at least one, found none installed"));
}

TEST(Plugins, ARefusedOneIsSaidByEveryCommand) {
  const ScratchDirectory directory;
  directory.write("odd.json", R"({"id": "odd", "name": "Odd", "version": "1.0.0", "abi_major": 1,
    "abi_minor": 0, "library": "odd.so", "dependencies": [], "optional": false})");
  const std::vector<std::string> where{"--plugins-directories", directory.path()};
  Outcome outcome = run({"plugin", "list", where[0], where[1]});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("rejected"), HasSubstr("odd.so")));
  EXPECT_THAT(outcome.err, IsEmpty());
  outcome = run({"query", "list", where[0], where[1]});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("plugin odd is left out: "));
}

}  // namespace
}  // namespace qm::test
