// What the compiler emits for odd names compiles (odd.hpp here, odd_plugin.c in the build) and is
// what C++ is to see of them; the C text says the same.
#include <gtest/gtest.h>
#include <quartermaster/plugin.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "odd.hpp"

extern "C" const qm_plugin* quartermaster_plugin(uint32_t host_abi_major, uint32_t host_abi_minor);

namespace {

std::string_view view(qm_string text) {
  return {text.data, text.size};
}

const qm_plugin& odd_plugin() {
  const qm_plugin* plugin = quartermaster_plugin(QM_PLUGIN_ABI_MAJOR, 0);
  EXPECT_NE(plugin, nullptr);
  return *plugin;
}

const qm_query& odd_query(std::size_t index) {
  return static_cast<const qm_query*>(odd_plugin().queries.items)[index];
}

TEST(OddNames, BecomeMembersOfTheirTypes) {
  using Row = qm::odd::Class;
  static_assert(std::is_same_v<decltype(Row::class_), std::string>);
  static_assert(std::is_same_v<decltype(Row::class_2), std::optional<std::string>>);
  static_assert(std::is_same_v<decltype(Row::read_), std::int32_t>);
  static_assert(std::is_same_v<decltype(Row::column_2nd), std::optional<qm::Uuid>>);
  static_assert(std::is_same_v<decltype(Row::Date_), std::optional<qm::Date>>);
  static_assert(std::is_same_v<decltype(Row::std_), std::optional<std::vector<std::string>>>);
  static_assert(std::is_same_v<decltype(Row::Class_), std::optional<qm::Numeric>>);
  static_assert(std::is_same_v<decltype(Row::row), std::optional<bool>>);
  static_assert(std::is_same_v<decltype(Row::grosse), qm::odd::Mood>);
  static_assert(std::is_same_v<decltype(Row::column), std::optional<qm::Json>>);
  Row row;
  row.class_ = "x";
  EXPECT_NE(row, Row{});
}

TEST(OddNames, BecomeMethods) {
  using qm::odd::Client;
  static_assert(
      std::is_invocable_r_v<std::vector<qm::odd::Class>, decltype(&Client::delete_), const Client&,
                            qm::Executor&, std::int32_t, const qm::CallOptions&>);
  static_assert(
      std::is_invocable_r_v<std::optional<qm::odd::HostRow>, decltype(&Client::hosts),
                            const Client&, qm::Executor&, std::int32_t, const qm::CallOptions&>);
  static_assert(
      std::is_invocable_r_v<std::int64_t, decltype(&Client::result), const Client&, qm::Executor&,
                            const qm::odd::ResultParams&, const qm::CallOptions&>);
  static_assert(
      std::is_invocable_r_v<qm::odd::OperatorRow, decltype(&Client::operator_), const Client&,
                            qm::Executor&, const qm::odd::OperatorParams&, const qm::CallOptions&>);
  static_assert(
      std::is_same_v<decltype(qm::odd::OperatorParams::params), std::optional<std::int32_t>>);
  static_assert(std::is_same_v<decltype(qm::odd::OperatorParams::params_), std::int32_t>);
  SUCCEED();  // what there is to say, the compiler has said
}

TEST(OddNames, BecomeRowsWithinRows) {
  using Row = qm::odd::PairsRow;
  static_assert(std::is_same_v<decltype(Row::class_), qm::odd::Class>);
  static_assert(std::is_same_v<decltype(Row::hosts), qm::odd::HostRow>);
  static_assert(std::is_same_v<decltype(Row::hosts_), std::int32_t>);
  static_assert(std::is_same_v<decltype(Row::o), std::optional<qm::odd::HostRow>>);
  SUCCEED();
}

TEST(OddNames, AreTheSameInTheTablesOfThePlugin) {
  EXPECT_EQ(view(odd_plugin().name), "Odd \"names\" ?\?/");
  EXPECT_EQ(view(odd_plugin().description), "Words on\ntwo lines \\\n");
  ASSERT_EQ(odd_plugin().queries.count, 7U);
  EXPECT_EQ(view(odd_query(0).documentation),
            "Ends in a backslash: \\\nand has a \"?\?/\" and an */ end.");
  EXPECT_EQ(
      view(odd_query(1).sql),
      "select count(*), exists (select), 1 as \"?column?\", null::text, 'a' as \"std\", $$\"\n"
      "\\\n?\?=$$ as \"qm\"\nfrom odd.hosts where id = $1 or id = $2");
  EXPECT_EQ(view(odd_query(1).signature),
            ":one (params integer?, \"params \" integer) -> (count bigint, exists boolean, "
            "\"?column?\" integer, text text?, std text, qm text)");
}

}  // namespace
