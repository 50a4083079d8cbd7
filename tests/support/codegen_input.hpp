// Inputs of the query compiler made from text, and what it has to say about bad ones. For its unit
// tests and those on a server alike.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/diagnostic.hpp"
#include "codegen/query_file.hpp"
#include "codegen/source.hpp"

namespace qm::test {

inline std::shared_ptr<const codegen::Source> sql_source(std::string_view text) {
  return std::make_shared<const codegen::Source>("q.sql", text);
}

inline std::vector<codegen::SourceQuery> parse_queries(std::string_view text) {
  return codegen::parse_query_file(sql_source(text));
}

// A query of this statement, which begins on line 2.
inline codegen::SourceQuery query_of(const std::string& statement,
                                     const std::string& kind = ":many") {
  return parse_queries("-- name: Q " + kind + "\n" + statement).at(0);
}

// Every fault the call is refused with, as qmgen prints it; a failure of the test when there is
// none or another kind of error.
template <class Call>
std::vector<std::string> faults(const Call& call) {
  std::vector<std::string> lines;
  try {
    call();
    ADD_FAILURE() << "nothing was refused";
  } catch (const codegen::CodegenError& error) {
    for (const codegen::Diagnostic& diagnostic : error.diagnostics())
      lines.push_back(diagnostic.text());
  }
  return lines;
}

// The only fault.
template <class Call>
std::string fault(const Call& call) {
  const std::vector<std::string> lines = faults(call);
  if (lines.size() != 1) {
    ADD_FAILURE() << lines.size() << " faults";
    return {};
  }
  return lines[0];
}

}  // namespace qm::test
