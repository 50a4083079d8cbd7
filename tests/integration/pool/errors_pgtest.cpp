// What the server refuses, as the error tree has it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pools.hpp"

namespace qm::test {
namespace {

using testing::HasSubstr;

class ServerErrors : public testing::Test {
 protected:
  ServerErrors() : connection_(connect(database_.url())) {
    connection_->execute_script(R"(
        create schema s;
        create table s.parent (id int primary key);
        create table s.child (id int constraint child_key unique,
                              parent_id int constraint child_parent references s.parent,
                              name text not null default '',
                              age int constraint child_age check (age >= 0));
        insert into s.child (id) values (1))");
  }

  // The fields of the E that the statement raises.
  template <class E>
  ServerErrorFields raise(const std::string& sql) {
    try {
      connection_->execute(sql, {}, {}, "test");
    } catch (const E& error) {
      EXPECT_THAT(error.what(), HasSubstr("test"));
      retryable_ = error.retryable();
      return error.fields();
    } catch (const Error& error) {
      ADD_FAILURE() << sql << ": another error: " << error.what();
      return {};
    }
    ADD_FAILURE() << sql << ": no error";
    return {};
  }

  TestDatabase database_;
  std::unique_ptr<Connection> connection_;
  bool retryable_ = false;
};

TEST_F(ServerErrors, ViolationsNameTheirConstraint) {
  ServerErrorFields fields = raise<UniqueViolation>("insert into s.child (id) values (1)");
  EXPECT_EQ(fields.sqlstate, "23505");
  EXPECT_EQ(fields.schema, "s");
  EXPECT_EQ(fields.table, "child");
  EXPECT_EQ(fields.constraint, "child_key");
  EXPECT_EQ(fields.detail, "Key (id)=(1) already exists.");
  EXPECT_FALSE(retryable_);

  fields = raise<ForeignKeyViolation>("insert into s.child (parent_id) values (9)");
  EXPECT_EQ(fields.sqlstate, "23503");
  EXPECT_EQ(fields.constraint, "child_parent");

  fields = raise<NotNullViolation>("insert into s.child (name) values (null)");
  EXPECT_EQ(fields.sqlstate, "23502");
  EXPECT_EQ(fields.table, "child");
  EXPECT_EQ(fields.column, "name");
  EXPECT_FALSE(fields.routine.empty());

  fields = raise<CheckViolation>("insert into s.child (age) values (-1)");
  EXPECT_EQ(fields.sqlstate, "23514");
  EXPECT_EQ(fields.constraint, "child_age");
}

TEST_F(ServerErrors, MistakesHaveAPosition) {
  const ServerErrorFields fields = raise<SyntaxOrAccessError>("select 1 frm s.child");
  EXPECT_EQ(fields.sqlstate, "42601");
  EXPECT_EQ(fields.position, 14);
  EXPECT_EQ(fields.severity, "ERROR");
  EXPECT_EQ(raise<SyntaxOrAccessError>("select 'äöü', frm").position, 15)
      << "characters, not bytes";
  EXPECT_EQ(raise<SyntaxOrAccessError>("select * from nowhere").sqlstate, "42P01");
  EXPECT_FALSE(retryable_);
}

TEST_F(ServerErrors, OthersAreThePlainKind) {
  EXPECT_EQ(raise<ServerError>("select 1/0").sqlstate, "22012");
  const ServerErrorFields fields = raise<ServerError>(
      "do $$ begin raise exception using errcode = 'QM001', message = 'm', detail = 'd', hint = "
      "'h'; end $$");
  EXPECT_EQ(fields.sqlstate, "QM001");
  EXPECT_EQ(fields.message, "m");
  EXPECT_EQ(fields.detail, "d");
  EXPECT_EQ(fields.hint, "h");
}

TEST_F(ServerErrors, SerializationFailuresAreRetryable) {
  const auto other = connect(database_.url());
  connection_->execute("begin isolation level repeatable read");
  column(*connection_, "select count(*) from s.child");
  other->execute("update s.child set age = 5");
  EXPECT_EQ(raise<TransactionRollback>("update s.child set age = 6").sqlstate, "40001");
  EXPECT_TRUE(retryable_);
}

TEST_F(ServerErrors, ValuesAndResourcesHaveTypesOfTheirOwn) {
  EXPECT_EQ(raise<DataException>("select 1 / 0").sqlstate, "22012");
  EXPECT_FALSE(retryable_);
  EXPECT_EQ(raise<DataException>("select 'x'::int").sqlstate, "22P02");
  EXPECT_EQ(raise<InsufficientResources>("do $$ begin raise 'full' using errcode = '53100'; end $$")
                .sqlstate,
            "53100");
  EXPECT_TRUE(retryable_);
}

TEST_F(ServerErrors, LocksThatCannotBeHadAreRetryable) {
  const auto other = connect(database_.url());
  other->execute("begin");
  other->execute("lock table s.child");
  connection_->execute("begin");
  EXPECT_EQ(raise<ServerError>("lock table s.child nowait").sqlstate, "55P03");
  EXPECT_TRUE(retryable_);
}

// The server's last words are not lost with the connection.
TEST_F(ServerErrors, ATerminatedBackendSaysSo) {
  const int pid = connection_->backend_pid();
  std::thread killer([&] {
    const auto admin = connect(database_.url());
    const std::string it = "pid = " + std::to_string(pid);
    becomes(*admin, "select state from pg_stat_activity where " + it, "active");
    column(*admin, "select pg_terminate_backend(" + std::to_string(pid) + ")");
  });
  EXPECT_EQ(raise<OperatorIntervention>("select pg_sleep(60)").sqlstate, "57P01");
  killer.join();
  EXPECT_TRUE(retryable_);
  EXPECT_TRUE(connection_->is_broken());
}

TEST_F(ServerErrors, CopyIsNoPlainStatement) {
  EXPECT_THROW(connection_->execute("copy s.child to stdout"), ProtocolError);
  EXPECT_EQ(raise<ServerError>("copy s.child from stdin").sqlstate, "57014");
  EXPECT_EQ(column(*connection_, "select 1"), "1");
}

}  // namespace
}  // namespace qm::test
