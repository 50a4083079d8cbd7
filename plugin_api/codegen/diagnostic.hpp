// What is wrong with an input of the query compiler, and where. Every rejection of qmgen is one of
// these; a run collects as many as it can before it stops.
//
//   queries/movies.sql:12:1: query GetMovie: expected a kind such as :one, found nothing
#pragma once

#include <cstddef>
#include <quartermaster/error.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "codegen/source.hpp"

namespace qm::codegen {

struct Diagnostic {
  std::string file{};
  std::size_t line = 0;  // 0: the file as a whole
  std::size_t column = 0;
  Report report{};

  std::string text() const;
  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

Diagnostic at(const Source& source, std::size_t offset, Report report);

// One or more diagnostics, in the order of the input; what() has them all, a line each.
class CodegenError : public std::runtime_error {
 public:
  explicit CodegenError(Diagnostic diagnostic);
  explicit CodegenError(std::vector<Diagnostic> diagnostics);

  const std::vector<Diagnostic>& diagnostics() const noexcept { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

// Collects what independent parts of an input have to say, so that one run names every fault.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
  // Runs the step and keeps its diagnostics; false when it had any.
  template <class Step>
  bool guard(Step&& step) {
    try {
      step();
      return true;
    } catch (const CodegenError& error) {
      list_.insert(list_.end(), error.diagnostics().begin(), error.diagnostics().end());
      return false;
    }
  }
  bool empty() const noexcept { return list_.empty(); }
  const std::vector<Diagnostic>& list() const noexcept { return list_; }
  // Throws all of them; does nothing when there are none.
  void raise() const {
    if (!list_.empty()) throw CodegenError(list_);
  }

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace qm::codegen
