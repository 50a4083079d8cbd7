// What a call is refused with.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace qm::test {

// The message of the Problem that the call throws; a failure of the test when it throws none.
template <class Problem, class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const Problem& problem) {
    return problem.what();
  } catch (const std::exception& other) {
    ADD_FAILURE() << "another kind of error: " << other.what();
    return {};
  }
  ADD_FAILURE() << "no error";
  return {};
}

}  // namespace qm::test
