// What a warm call allocates: nothing of ours but the row's own strings. Counted where all C++
// allocations of the process come by; libpq's are C's and not counted.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "pools.hpp"
#include "registered.hpp"

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

// NOLINTBEGIN(cppcoreguidelines-no-malloc): this is the allocator
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace qm::test {
namespace {

struct Film {
  std::int64_t id;
  std::string title;
  std::optional<double> rating;
  TimestampTz added;
};

std::optional<Film> film(Executor& db, const RegisteredQuery& query, std::string_view title) {
  ParamBuffer<2> params;
  encode_as(params, 20, std::int64_t{7});
  encode_as(params, 25, title);
  const Result result = db.execute(query, params.view());
  if (result.empty()) return std::nullopt;
  RowReader row(result, 0);
  return Film{row.next<std::int64_t>(), row.next<std::string>(), row.next<std::optional<double>>(),
              row.next<TimestampTz>()};
}

class Allocations : public testing::Test {
 protected:
  std::size_t of_a_warm_call(Executor& db, std::string_view title) {
    for (int i = 0; i < 3; ++i)
      film(db, *query_, title);
    const std::size_t before = allocations;
    const std::optional<Film> found = film(db, *query_, title);
    const std::size_t after = allocations;
    EXPECT_EQ(found.value().title, title);
    return after - before;
  }

  const TestDatabase database_;
  const std::unique_ptr<RegisteredQuery> query_ =
      registered("Film", "select $1::int8, $2::text, 8.5::float8, now()");
  const std::string long_title_ = std::string(100, 'x');
};

TEST_F(Allocations, OfAConnectionAreTheRowsOwn) {
  const auto connection = connect(database_.url());
  EXPECT_EQ(of_a_warm_call(*connection, "Ran"), 0U);
  EXPECT_EQ(of_a_warm_call(*connection, long_title_), 1U);
}

TEST_F(Allocations, OfAPoolAreTheRowsOwn) {
  Pool pool(pool_config(settings(database_.url(), 1)));
  EXPECT_EQ(of_a_warm_call(pool, "Ran"), 0U);
  EXPECT_EQ(of_a_warm_call(pool, long_title_), 1U);
}

}  // namespace
}  // namespace qm::test
