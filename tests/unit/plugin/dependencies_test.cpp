// Load order, cycles, and what unmet dependencies read like.
#include "plugin/dependencies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace qm::plugin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

DependencyNode node(std::string id, const std::vector<std::string>& on = {}) {
  DependencyNode result{std::move(id), {1, 0, 0}, {}};
  for (const auto& other : on)
    result.dependencies.push_back({other, ""});
  return result;
}

std::vector<std::string> order(const std::vector<DependencyNode>& nodes) {
  std::vector<std::string> ids;
  for (const LoadStep& step : load_order(nodes)) {
    ids.push_back(nodes[step.node].id + (step.cycle.empty() ? "" : " (" + step.cycle + ")"));
  }
  return ids;
}

TEST(LoadOrder, ByIdWhereDependenciesLeaveAChoice) {
  EXPECT_THAT(order({node("c"), node("a"), node("b")}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(order({}), IsEmpty());
}

TEST(LoadOrder, DependenciesFirst) {
  EXPECT_THAT(order({node("movie", {"shared"}), node("qar", {"movie", "shared"}), node("shared")}),
              ElementsAre("shared", "movie", "qar"));
  EXPECT_THAT(order({node("a", {"z"}), node("b"), node("z")}), ElementsAre("b", "z", "a"));
}

TEST(LoadOrder, AnAbsentDependencyDoesNotHoldUp) {
  EXPECT_THAT(order({node("a", {"nowhere"})}), ElementsAre("a"));
}

TEST(LoadOrder, NamesTheCycle) {
  EXPECT_THAT(order({node("b", {"c"}), node("c", {"a"}), node("a", {"b"})}),
              ElementsAre("a (a -> b -> c -> a)", "b (a -> b -> c -> a)", "c (a -> b -> c -> a)"));
  EXPECT_THAT(order({node("self", {"self"})}), ElementsAre("self (self -> self)"));
}

TEST(LoadOrder, OnlyMembersOfACycleAreMarked) {
  EXPECT_THAT(order({node("aa", {"x"}), node("x", {"y"}), node("y", {"x"}), node("z")}),
              ElementsAre("z", "x (x -> y -> x)", "y (x -> y -> x)", "aa"));
}

TEST(LoadOrder, TwoCycles) {
  EXPECT_THAT(
      order({node("a", {"b"}), node("b", {"a"}), node("c", {"d"}), node("d", {"c"})}),
      ElementsAre("a (a -> b -> a)", "b (a -> b -> a)", "c (c -> d -> c)", "d (c -> d -> c)"));
}

class Unmet : public testing::Test {
 protected:
  UnmetDependency ask(std::vector<PluginDependency> dependencies) const {
    return unmet_dependency(dependencies, [this](std::string_view id) {
      const auto found = status_.find(id);
      return found == status_.end() ? DependencyStatus{} : found->second;
    });
  }
  std::map<std::string, DependencyStatus, std::less<>> status_;
};

TEST_F(Unmet, NothingToSayWhenAllAreThere) {
  status_["shared"] = {DependencyStatus::State::loaded, {0, 5, 0}, {}};
  EXPECT_EQ(ask({{"shared", ">=0.1.0 <1.0.0"}}).reason, "");
  EXPECT_EQ(ask({}).reason, "");
}

TEST_F(Unmet, Absent) {
  EXPECT_THAT(ask({{"shared", ">=0.1.0"}}).reason,
              HasSubstr("expected plugin shared >=0.1.0, found no such plugin"));
}

TEST_F(Unmet, OtherVersion) {
  status_["shared"] = {DependencyStatus::State::loaded, {1, 0, 0}, {}};
  EXPECT_THAT(ask({{"shared", ">=0.1.0 <1.0.0"}}).reason, HasSubstr("found version 1.0.0"));
}

TEST_F(Unmet, Disabled) {
  status_["qar"] = {DependencyStatus::State::disabled, {1, 0, 0}, {}};
  EXPECT_THAT(ask({{"qar", ""}}).reason,
              AllOf(HasSubstr("it disabled"), HasSubstr("add qar to plugins.enabled")));
}

TEST_F(Unmet, RejectedNamesTheCulpritAtTheEndOfTheChain) {
  status_["b"] = {DependencyStatus::State::rejected, {1, 0, 0}, "b"};
  EXPECT_THAT(ask({{"b", ""}}).reason, HasSubstr("it refused"));
  status_["b"].culprit = "c";
  const UnmetDependency unmet = ask({{"b", ""}});
  EXPECT_THAT(unmet.reason, HasSubstr("it refused because of c"));
  EXPECT_EQ(unmet.culprit, "c");
}

}  // namespace
}  // namespace qm::plugin
