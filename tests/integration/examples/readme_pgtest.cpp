// What the README shows to application authors is what is built here, and does what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <quartermaster/connection.hpp>
#include <quartermaster/row.hpp>
#include <string>

#include "test_database.hpp"

namespace {

std::string read_file(const std::string& name) {
  std::ifstream file(std::string(SOURCE_ROOT) + "/" + name);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Readme, ShowsTheExampleThatIsBuilt) {
  EXPECT_THAT(read_file("README.md"),
              testing::HasSubstr("```cpp\n" + read_file("docs/examples/host.cpp") + "```\n"));
}

TEST(Readme, ShowsThePluginFilesAsTheyAre) {
  const std::string readme = read_file("README.md");
  EXPECT_THAT(readme, testing::HasSubstr(read_file("plugins/movie/plugin.yaml")));
  EXPECT_THAT(readme, testing::HasSubstr(read_file("plugins/movie/CMakeLists.txt")));
}

std::string run_example(const std::string& url) {
  setenv("QUARTERMASTER_DATABASE_URL", url.c_str(), 1);
  setenv("QUARTERMASTER_PLUGIN_PATH", PLUGIN_DIRECTORY, 1);
  FILE* pipe = popen(EXAMPLE_HOST, "r");
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    out.append(buffer.data(), n);
  EXPECT_EQ(pclose(pipe), 0);
  return out;
}

TEST(Example, MigratesAndQueries) {
  const qm::test::TestDatabase database;
  EXPECT_EQ(run_example(database.url()), "") << "no films yet";
  const auto deadline = qm::Clock::now() + std::chrono::seconds(30);
  auto connection = qm::Connection::open({.url = database.url()}, deadline);
  connection->execute_script(
      "insert into movie.movies (title, vote_average, vote_count) "
      "values ('Heat', 8.3, 10), ('Ran', 8.2, 10), ('Unseen', 9.9, 0)");
  EXPECT_EQ(run_example(database.url()), "Heat\nRan\n");
}

}  // namespace
