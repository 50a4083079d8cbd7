// plugin.h alone in C++20, and its layout: frozen for revision 1.0 (layout_1_0.h).
#include <quartermaster/plugin.h>

#include "layout_1_0.h"

// The header above must come first and alone; what the test itself needs comes after.
#include <gtest/gtest.h>

#include <type_traits>

extern "C" size_t qm_test_size_of_plugin_in_c(void);

namespace {

TEST(AbiHeader, CAndCppAgree) {
  EXPECT_EQ(qm_test_size_of_plugin_in_c(), sizeof(qm_plugin));
}

TEST(AbiHeader, ConstantsHaveTheirTypes) {
  EXPECT_TRUE((std::is_same_v<decltype(QM_FAILED), qm_status>));
  EXPECT_TRUE((std::is_same_v<decltype(QM_QUERY_ONE), qm_query_kind>));
  EXPECT_TRUE((std::is_same_v<decltype(QM_LOG_ERROR), qm_log_level>));
}

TEST(AbiHeader, EveryStructIsPlainData) {
  EXPECT_TRUE(std::is_trivial_v<qm_plugin> && std::is_standard_layout_v<qm_plugin>);
  EXPECT_TRUE(std::is_trivial_v<qm_query> && std::is_standard_layout_v<qm_query>);
  EXPECT_TRUE(std::is_trivial_v<qm_migration> && std::is_standard_layout_v<qm_migration>);
}

}  // namespace
