// No part of a password survives redact_url(), and everything else does.
#include <gmock/gmock.h>

#include <quartermaster/config.hpp>

#include "config/url.hpp"

namespace qm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* unreadable = "(unreadable connection string)";

TEST(RedactUrl, BlanksPasswordsAndKeepsTheForm) {
  EXPECT_EQ(redact_url(""), "");
  EXPECT_EQ(redact_url("postgresql://"), "postgresql://");
  EXPECT_EQ(redact_url("postgresql://u@h/d"), "postgresql://u@h/d");
  EXPECT_EQ(redact_url("postgres://u:hunter2@h:5433/d"), "postgresql://u:***@h:5433/d");
  EXPECT_EQ(redact_url("postgresql://:hunter2@h/d"), "postgresql://:***@h/d");
  EXPECT_EQ(redact_url("postgresql://u:hunter%402%2F@h/d"), "postgresql://u:***@h/d");
  EXPECT_EQ(redact_url("postgresql://u%20v@h/d%2Fe"), "postgresql://u%20v@h/d%2Fe");
  EXPECT_EQ(redact_url("postgresql://h1:1,h2:2/d"), "postgresql://h1:1,h2:2/d");
  EXPECT_EQ(redact_url("postgresql://u:x@[::1]:5432/d"), "postgresql://u:***@[::1]:5432/d");
  EXPECT_EQ(redact_url("postgresql://%2Fvar%2Frun/d"), "postgresql://%2Fvar%2Frun/d");
  EXPECT_EQ(redact_url("postgresql://h/d?user=u&password=hunter2&sslmode=require"),
            "postgresql://u:***@h/d?sslmode=require");
  EXPECT_EQ(redact_url("host=h user=u password=hunter2"), "user=u password=*** host=h");
  EXPECT_EQ(redact_url("host=h password='hunter2 \\' x' dbname='my db'"),
            "password=*** dbname='my db' host=h");
  EXPECT_EQ(redact_url("host='' password = hunter2"), "password=*** host=''");
  EXPECT_EQ(redact_url("sslkey=/k sslpassword=hunter2"), "sslkey=*** sslpassword=***");
}

TEST(RedactUrl, NeverLeaksFromWhatCannotBeRead) {
  for (const char* text :
       {"hunter2", "password=x hunter2", "postgresql://u:hunter2@[h/d",
        "postgresql://u:%zz@h/hunter2", "pasword=hunter2", "password='hunter2",
        "postgresql://u@h/d?hunter2", "mysql://u:hunter2@h/d", "postgresql://u@h?hunter2=1",
        "postgresql://u:p@hunter2@h/d", "postgresql://u:1/hunter2@h/d",
        "postgresql://u:hunter2/x@h/d", "dbname=postgresql://u:hunter2@h/d",
        "dbname='password=hunter2'", "host=a@hunter2", "host=h,b@hunter2", "port=hunter2",
        "user='u password=hunter2'"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(redact_url(text), unreadable);
  }
  EXPECT_EQ(redact_url(std::string("host=h\0password=hunter2", 23)), unreadable);
}

TEST(RedactUrl, AbstractSocketsAreNotSuspicious) {
  EXPECT_EQ(redact_url("host=@name,@other"), "host=@name,@other");
}

TEST(RedactUrl, WhatItWritesIsAConnectionString) {
  for (const char* text :
       {"postgresql://u:hunter2@[::1]:1,h2:2/d?sslmode=require&options=-c%20a%3Db",
        "host='' user=u password='a b' options='-c a=b\\\\'"}) {
    const std::string redacted = redact_url(text);
    EXPECT_TRUE(is_connection_string(redacted)) << redacted;
    EXPECT_EQ(redact_url(redacted), redacted);
    EXPECT_THAT(redacted, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace qm
