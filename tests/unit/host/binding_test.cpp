// The five ways in which a typed client may not bind, and the one in which it does.
#include "host/binding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace qm::host {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Binding : public testing::Test {
 protected:
  Binding() {
    get_movie_.plugin = "movie";
    get_movie_.name = "GetMovie";
    get_movie_.full_name = "movie.GetMovie";
    get_movie_.signature = "opt (uuid) -> (text)";
    get_movie_.signature_hash = 7;
    old_get_movie_ = get_movie_;
    old_get_movie_.signature = "opt (integer) -> (text)";
    old_get_movie_.signature_hash = 8;
    recent_ = get_movie_;
    recent_.name = "Recent";
    recent_.full_name = "movie.Recent";
    recent_.since_version = 200;

    PluginInfo movie;
    movie.id = "movie";
    movie.version = "0.1.0";
    movie.state = PluginState::loaded;
    movie.queries = {&get_movie_, &old_get_movie_, &recent_};
    PluginInfo broken;
    broken.id = "broken";
    broken.state = PluginState::rejected;
    broken.reason = "start(): out of luck";
    PluginInfo off;
    off.id = "qar";
    off.state = PluginState::disabled;
    plugins_ = {movie, broken, off};
  }

  Expected<const RegisteredQuery*, BindError> bind(const char* plugin, const char* name,
                                                   std::uint64_t hash = 7,
                                                   const char* signature = "opt (uuid) -> (text)") {
    return bind_query(plugins_, plugin, name, hash, signature,
                      [this](const std::string&, std::uint32_t) { return schema_version_; });
  }

  void expect_failure(const Expected<const RegisteredQuery*, BindError>& answer,
                      BindFailure failure, const testing::Matcher<std::string>& message) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure(), failure);
    EXPECT_THAT(std::string(answer.error().what()), message);
  }

  RegisteredQuery get_movie_;
  RegisteredQuery old_get_movie_;
  RegisteredQuery recent_;
  std::vector<PluginInfo> plugins_;
  std::optional<std::uint32_t> schema_version_;
};

TEST_F(Binding, ByNameAndSignature) {
  const auto now = bind("movie", "GetMovie");
  ASSERT_TRUE(now);
  EXPECT_EQ(*now, &get_movie_);
  const auto before = bind("movie", "GetMovie", 8, "opt (integer) -> (text)");
  ASSERT_TRUE(before);
  EXPECT_EQ(*before, &old_get_movie_);
}

TEST_F(Binding, PluginAbsent) {
  expect_failure(bind("music", "GetSong"), BindFailure::plugin_absent,
                 HasSubstr("plugin music: is not installed"));
}

TEST_F(Binding, DisabledIsAbsentWithAWayOut) {
  expect_failure(bind("qar", "GetMovie"), BindFailure::plugin_absent,
                 HasSubstr("add qar to plugins.enabled"));
}

TEST_F(Binding, PluginRejectedGivesTheReason) {
  expect_failure(bind("broken", "GetMovie"), BindFailure::plugin_rejected,
                 HasSubstr("start(): out of luck"));
}

TEST_F(Binding, QueryMissingNamesSimilarOnes) {
  expect_failure(bind("movie", "GetMovies"), BindFailure::query_missing,
                 AllOf(HasSubstr("query GetMovies"), HasSubstr("similar: GetMovie)")));
  expect_failure(bind("movie", "Unrelated"), BindFailure::query_missing,
                 testing::Not(HasSubstr("similar")));
}

TEST_F(Binding, SignatureMismatchShowsBothSides) {
  expect_failure(bind("movie", "GetMovie", 9, "one () -> (text)"), BindFailure::signature_mismatch,
                 AllOf(HasSubstr("expected one () -> (text)"),
                       HasSubstr("found opt (uuid) -> (text) and opt (integer) -> (text)")));
}

TEST_F(Binding, AnEqualHashDoesNotBindAnotherSignature) {
  expect_failure(bind("movie", "GetMovie", 7, "one () -> (text)"), BindFailure::signature_mismatch,
                 HasSubstr("expected one"));
}

TEST_F(Binding, SchemaBehindOnlyWhenKnown) {
  EXPECT_TRUE(bind("movie", "Recent"));
  schema_version_ = 199;
  expect_failure(bind("movie", "Recent"), BindFailure::schema_behind,
                 HasSubstr("expected schema version 200 of plugin movie, found 199"));
  schema_version_ = 200;
  EXPECT_TRUE(bind("movie", "Recent"));
  schema_version_ = 0;
  EXPECT_TRUE(bind("movie", "GetMovie"));
}

}  // namespace
}  // namespace qm::host
