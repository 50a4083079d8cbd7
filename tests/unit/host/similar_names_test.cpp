// What counts as a likely misspelling.
#include "host/similar_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qm::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SimilarNames, NearestFirst) {
  EXPECT_THAT(similar_names("GetMovie", {"ListMovies", "GetMovieFile", "GetMovies", "CountUsers"}),
              ElementsAre("GetMovies", "GetMovieFile"));
}

TEST(SimilarNames, CaseIsNoDistance) {
  EXPECT_THAT(similar_names("getmovie", {"GetMovie"}), ElementsAre("GetMovie"));
}

TEST(SimilarNames, AtMostThreeAndEachOnce) {
  EXPECT_THAT(similar_names("GetA", {"GetB", "GetB", "GetC", "GetD", "GetE"}),
              ElementsAre("GetB", "GetC", "GetD"));
}

TEST(SimilarNames, NothingAlike) {
  EXPECT_THAT(similar_names("GetMovie", {"TouchSession", "x"}), IsEmpty());
  EXPECT_THAT(similar_names("", {"GetMovie"}), IsEmpty());
}

}  // namespace
}  // namespace qm::host
