// See diagnostic.hpp.
#include "codegen/diagnostic.hpp"

#include <fmt/format.h>

#include <utility>

namespace qm::codegen {
namespace {

std::string join(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!text.empty()) text += '\n';
    text += diagnostic.text();
  }
  return text;
}

}  // namespace

std::string Diagnostic::text() const {
  if (line == 0) return fmt::format("{}: {}", file, report.text());
  return fmt::format("{}:{}:{}: {}", file, line, column, report.text());
}

Diagnostic at(const Source& source, std::size_t offset, Report report) {
  const Position position = source.position(offset);
  return {source.name(), position.line, position.column, std::move(report)};
}

CodegenError::CodegenError(Diagnostic diagnostic)
    : CodegenError(std::vector<Diagnostic>{std::move(diagnostic)}) {}

CodegenError::CodegenError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(join(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace qm::codegen
