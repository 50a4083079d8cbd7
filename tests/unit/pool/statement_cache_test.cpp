// Which statements stay prepared on a connection, and how the others are closed.
#include "pool/statement_cache.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace qm::pool {
namespace {

RegisteredQuery query(std::uint32_t index) {
  RegisteredQuery query;
  query.index = index;
  return query;
}

// Prepares the query and gives the name it got.
std::string prepare(StatementCache& cache, std::uint32_t index) {
  const std::string name = cache.new_name(query(index));
  cache.insert(query(index), name);
  return name;
}

std::string found(StatementCache& cache, std::uint32_t index) {
  const char* name = cache.find(query(index));
  return name == nullptr ? "(not prepared)" : name;
}

TEST(StatementCache, FindsWhatWasPrepared) {
  StatementCache cache(2);
  EXPECT_EQ(found(cache, 7), "(not prepared)");
  const std::string name = prepare(cache, 7);
  EXPECT_EQ(found(cache, 7), name);
  EXPECT_EQ(found(cache, 6), "(not prepared)");
  EXPECT_EQ(found(cache, 8), "(not prepared)");
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(cache.capacity(), 2U);
}

TEST(StatementCache, NamesSayTheQueryAndAreNeverUsedTwice) {
  StatementCache cache(1);
  EXPECT_EQ(cache.new_name(query(3)), "qm_3_1");
  EXPECT_EQ(cache.new_name(query(3)), "qm_3_2");
  EXPECT_EQ(cache.new_name(query(4)), "qm_4_3");
  std::set<std::string> names;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(names.insert(prepare(cache, i % 3)).second);
    cache.drop(query(i % 3), i % 2 == 0);
  }
}

TEST(StatementCache, WhenFullTheLeastRecentlyUsedGoes) {
  StatementCache cache(3);
  const std::string a = prepare(cache, 0);
  const std::string b = prepare(cache, 1);
  const std::string c = prepare(cache, 2);
  EXPECT_FALSE(cache.has_evicted());
  EXPECT_EQ(found(cache, 0), a);
  const std::string d = prepare(cache, 3);
  EXPECT_EQ(found(cache, 1), "(not prepared)");
  EXPECT_EQ(found(cache, 0), a);
  EXPECT_EQ(found(cache, 2), c);
  EXPECT_EQ(found(cache, 3), d);
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_EQ(cache.take_close_script(), "deallocate " + b + ";");
}

TEST(StatementCache, OrderIsThatOfUseAlsoForTheMostRecent) {
  StatementCache cache(3);
  prepare(cache, 0);
  prepare(cache, 1);
  prepare(cache, 2);
  for (const std::uint32_t index : {2U, 2U, 1U, 0U})  // least recently used: 2
    cache.find(query(index));
  prepare(cache, 3);
  EXPECT_EQ(found(cache, 2), "(not prepared)");
  prepare(cache, 4);
  EXPECT_EQ(found(cache, 1), "(not prepared)");
}

TEST(StatementCache, OfOneHoldsTheLast) {
  StatementCache cache(1);
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::string name = prepare(cache, i);
    EXPECT_EQ(found(cache, i), name);
    EXPECT_EQ(cache.size(), 1U);
  }
}

TEST(StatementCache, PreparingAgainReplacesTheName) {
  StatementCache cache(2);
  const std::string before = prepare(cache, 0);
  const std::string after = prepare(cache, 0);
  EXPECT_EQ(found(cache, 0), after);
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(cache.take_close_script(), "deallocate " + before + ";");
}

TEST(StatementCache, TheCloseScriptNamesEachEvictedOneOnce) {
  StatementCache cache(1);
  const std::string a = prepare(cache, 0);
  const std::string b = prepare(cache, 1);
  prepare(cache, 2);
  EXPECT_TRUE(cache.has_evicted());
  EXPECT_EQ(cache.take_close_script(), "deallocate " + a + ";deallocate " + b + ";");
  EXPECT_FALSE(cache.has_evicted());
  EXPECT_EQ(cache.take_close_script(), "");
}

TEST(StatementCache, ADroppedStatementIsClosedUnlessTheServerLostIt) {
  StatementCache cache(3);
  const std::string changed = prepare(cache, 0);
  const std::string lost = prepare(cache, 1);
  cache.drop(query(0), true);
  cache.drop(query(1), false);
  EXPECT_EQ(found(cache, 0), "(not prepared)");
  EXPECT_EQ(found(cache, 1), "(not prepared)");
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.take_close_script(), "deallocate " + changed + ";");
}

TEST(StatementCache, DroppingWhatTheServerLostKeepsTheOthersToBeClosed) {
  StatementCache cache(1);
  const std::string evicted = prepare(cache, 0);
  prepare(cache, 1);
  cache.drop(query(1), false);
  EXPECT_EQ(cache.take_close_script(), "deallocate " + evicted + ";");
}

TEST(StatementCache, DroppingWhatIsNotPreparedDoesNothing) {
  StatementCache cache(1);
  const std::string name = prepare(cache, 1);
  cache.drop(query(0), true);
  cache.drop(query(99), false);
  EXPECT_EQ(found(cache, 1), name);
  EXPECT_FALSE(cache.has_evicted());
}

TEST(StatementCache, RoomThatWasGivenBackIsUsedInOrder) {
  StatementCache cache(3);
  for (std::uint32_t i = 0; i < 3; ++i)
    prepare(cache, i);
  cache.drop(query(1), true);
  prepare(cache, 5);  // in the place of 1, and the most recently used
  prepare(cache, 6);
  EXPECT_EQ(found(cache, 0), "(not prepared)");
  prepare(cache, 7);
  EXPECT_EQ(found(cache, 2), "(not prepared)");
  EXPECT_NE(found(cache, 5), "(not prepared)");
}

}  // namespace
}  // namespace qm::pool
