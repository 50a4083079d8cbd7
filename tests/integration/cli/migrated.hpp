// A database that `quartermaster migrate up` has brought to the newest version.
#pragma once

#include <gtest/gtest.h>

#include "program.hpp"
#include "test_database.hpp"

namespace qm::test {

class MigratedDatabase : public TestDatabase {
 public:
  MigratedDatabase()
      : TestDatabase("cli_migrated", [](const std::string& url) {
          const Outcome outcome = run({"migrate", "up", "--database-url", url});
          EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
        }) {}
};

}  // namespace qm::test
