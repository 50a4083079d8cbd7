// The two searches for series: what matches, as plain text, and what comes first.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SeriesSearch : public TvshowClient {
 protected:
  SeriesSearch() {
    run(R"(insert into tvshow.series (id, title, original_title, popularity, titles_i18n)
      select ('00000000-0000-0000-0000-0000000000' || lpad(to_hex(n), 2, '0'))::uuid,
        title, original, popularity, i18n::jsonb
      from (values
        (12, 'plain', null, null, '"star"'),
        (11, 'array', null, null, '["star"]'),
        (10, 'Oh! \o/', null, null, '{"star": null, "en": "Oh", "fr": "50_50"}'),
        (9, '100% a_b', null, null, '{"star": "sun"}'),
        (8, 'Nova', 'Nova', 50, '{"de": "Ein Star", "en": "Nova"}'),
        (7, 'Sun', 'Star', 0.5, '{}'),
        (6, 'Sol', 'El STAR', 1, '{"en": "Star"}'),
        (5, 'A Star Is Born', null, 99, '{}'),
        (4, 'Starman', null, 9, '{}'),
        (3, 'Star Trek', 'Star Trek', 9, '{}'),
        (2, 'star', null, 5, '{}'),
        (1, 'Star', null, null, '{}')) as v (n, title, original, popularity, i18n))");
  }
  std::vector<int> by_title(std::string_view query, std::int64_t limit = 20,
                            std::int64_t offset = 0) {
    return numbers(
        client.search_series_by_title(db, {.query = query, .limit = limit, .offset = offset}));
  }
  std::vector<int> any_language(std::string_view query, std::int64_t limit = 20,
                                std::int64_t offset = 0) {
    return numbers(client.search_series_by_title_any_language(
        db, {.query = query, .limit = limit, .offset = offset}));
  }
};

TEST_F(SeriesSearch, PutsWholeTitlesFirstThenBeginningsThenTheRest) {
  EXPECT_THAT(by_title("star"), ElementsAre(2, 1, 3, 4, 5, 6, 7))
      << "within a rank by popularity, unknown last, equals by id";
  EXPECT_THAT(by_title("STAR"), ElementsAre(2, 1, 3, 4, 5, 6, 7));
  EXPECT_THAT(by_title("star t"), ElementsAre(3));
  EXPECT_THAT(by_title("star", 3, 1), ElementsAre(1, 3, 4));
  EXPECT_THAT(by_title("star", 3, 7), IsEmpty());
  EXPECT_THAT(by_title("tar"), ElementsAre(5, 3, 4, 2, 6, 7, 1));
}

TEST_F(SeriesSearch, LooksInTitlesOfAnyLanguage) {
  EXPECT_THAT(any_language("star"), ElementsAre(2, 1, 3, 4, 5, 8, 6, 7))
      << "once each, and ranked by the title alone";
  EXPECT_THAT(any_language("EIN"), ElementsAre(8));
  EXPECT_THAT(by_title("ein"), IsEmpty());
  EXPECT_THAT(any_language("sun"), ElementsAre(7, 9));
  EXPECT_THAT(any_language("star", 2, 4), ElementsAre(5, 8));
  EXPECT_THAT(any_language("star", 2, 8), IsEmpty());
}

TEST_F(SeriesSearch, SeesNoKeysAndNoPunctuationOfTranslations) {
  EXPECT_THAT(any_language("en"), IsEmpty());
  EXPECT_THAT(any_language("de"), IsEmpty());
  EXPECT_THAT(any_language("\""), IsEmpty());
  EXPECT_THAT(any_language("{"), IsEmpty());
  EXPECT_THAT(any_language("plain"), ElementsAre(12)) << "translations that are no object";
  EXPECT_THAT(any_language("array"), ElementsAre(11));
}

TEST_F(SeriesSearch, TakesTheQueryLiterally) {
  EXPECT_THAT(by_title("%"), ElementsAre(9));
  EXPECT_THAT(by_title("100%"), ElementsAre(9));
  EXPECT_THAT(by_title("1%b"), IsEmpty());
  EXPECT_THAT(by_title("_"), ElementsAre(9));
  EXPECT_THAT(by_title("st_r"), IsEmpty());
  EXPECT_THAT(by_title("!"), ElementsAre(10));
  EXPECT_THAT(by_title("\\"), ElementsAre(10));
  EXPECT_THAT(any_language("%"), ElementsAre(9));
  EXPECT_THAT(any_language("_"), ElementsAre(9, 10));
  EXPECT_THAT(any_language("0_5"), ElementsAre(10));
  EXPECT_THAT(any_language("!"), ElementsAre(10));
  EXPECT_THAT(any_language("\\o"), ElementsAre(10));
}

TEST_F(SeriesSearch, FindsAllForAnEmptyQuery) {
  EXPECT_THAT(by_title(""), ElementsAre(5, 8, 3, 4, 2, 6, 7, 1, 9, 10, 11, 12));
  EXPECT_THAT(any_language(""), ElementsAre(5, 8, 3, 4, 2, 6, 7, 1, 9, 10, 11, 12));
}

}  // namespace
}  // namespace qm::test
