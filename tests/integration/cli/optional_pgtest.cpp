// A plugin that is off unless named, as the program shows it: on a database that has its versions
// and on one that has not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Outcome migrate(const TestDatabase& database, std::vector<std::string> arguments,
                const std::string& enabled = {}) {
  arguments.insert(arguments.begin(), "migrate");
  arguments.insert(arguments.end(), {"--database-url", database.url()});
  if (!enabled.empty()) arguments.insert(arguments.end(), {"--plugins-enabled", enabled});
  return run(std::move(arguments));
}

TEST(Optional, IsNoPartOfADatabaseUnlessNamed) {
  const TestDatabase database;
  EXPECT_EQ(migrate(database, {"up"}).exit_code, 0);
  EXPECT_THAT(migrate(database, {"status"}).out, Not(HasSubstr("qar_base")));
}

TEST(Optional, ItsVersionsAreShownAsOfAnAbsentOwnerWhenItIsLeftOut) {
  const TestDatabase database;
  const std::string all = "movie,tvshow,qar";
  EXPECT_EQ(migrate(database, {"up"}, all).exit_code, 0);
  EXPECT_EQ(migrate(database, {"version"}, all).out, "914\n");
  EXPECT_THAT(migrate(database, {"status"}, all).out,
              AllOf(HasSubstr("qar_base"), Not(HasSubstr("owner absent"))));

  const Outcome without = migrate(database, {"status"});
  EXPECT_EQ(without.exit_code, 0);
  EXPECT_THAT(without.out, AllOf(HasSubstr("qar_base"), HasSubstr("15 owner absent")));
  EXPECT_THAT(migrate(database, {"up"}).err, HasSubstr("nothing to do"));
}

}  // namespace
}  // namespace qm::test
