// A pool whose server is a pgbouncer in transaction mode: each transaction may be on another server
// process, so that nothing of a session can be relied on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/codec.hpp>
#include <quartermaster/transaction.hpp>
#include <set>

#include "pgbouncer.hpp"
#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

class Pooler : public testing::Test {
 protected:
  // Two callers at a time, so that their statements meet on the same server processes.
  DatabaseConfig behind_pooler() const { return settings(bouncer_.url(database_), 2); }
  std::string prepared_statements() const {
    return column(bouncer_.url(database_), "select count(*) from pg_prepared_statements");
  }

  const TestDatabase database_;
  const PgBouncer bouncer_{"transaction", 1};
};

TEST_F(Pooler, IsNoticedAndKeepsNoStatements) {
  Pool pool(pool_config(behind_pooler()));
  const auto query = registered("AddOne", "select $1::int + 1");
  const auto a = pool.acquire();
  const auto b = pool.acquire();
  for (int i = 0; i < 3; ++i) {
    for (const PooledConnection* connection : {&a, &b}) {
      ParamBuffer<1> params;
      encode_as(params, 23, std::int32_t{i});
      EXPECT_EQ(decode_field<std::int32_t>((*connection)->execute(*query, params.view()), 0, 0),
                i + 1);
    }
  }
  EXPECT_EQ(prepared_statements(), "0");
}

TEST_F(Pooler, IsNotNoticedWhereThereIsNone) {
  DatabaseConfig direct = settings(database_.url(), 1);
  Pool pool(pool_config(direct));
  const auto query = registered("One", "select 1");
  pool.execute(*query, {});
  const auto connection = pool.acquire();
  EXPECT_EQ(column(*connection, "select count(*) from pg_prepared_statements"), "1");
}

TEST_F(Pooler, KeepsATransactionOnOneServerProcess) {
  Pool pool(pool_config(behind_pooler()));
  const auto connection = pool.acquire();
  Transaction transaction(*connection);
  std::set<std::int32_t> pids;
  for (int i = 0; i < 3; ++i)
    pids.insert(decode_field<std::int32_t>(transaction.execute("select pg_backend_pid()"), 0, 0));
  transaction.commit();
  EXPECT_EQ(pids.size(), 1U);
}

}  // namespace
}  // namespace qm::test
