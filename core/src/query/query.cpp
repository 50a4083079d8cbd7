// Names of query kinds, and the anchor of Executor's type information.
#include <quartermaster/executor.hpp>
#include <quartermaster/query.hpp>

namespace qm {

Executor::~Executor() = default;
ParamRows::~ParamRows() = default;
RowSink::~RowSink() = default;

const char* to_string(QueryKind kind) noexcept {
  switch (kind) {
    case QueryKind::exec:
      return ":exec";
    case QueryKind::execrows:
      return ":execrows";
    case QueryKind::one:
      return ":one";
    case QueryKind::opt:
      return ":opt";
    case QueryKind::many:
      return ":many";
    case QueryKind::execresult:
      return ":execresult";
    case QueryKind::copyfrom:
      return ":copyfrom";
    case QueryKind::batchexec:
      return ":batchexec";
    case QueryKind::batchone:
      return ":batchone";
    case QueryKind::batchmany:
      return ":batchmany";
  }
  return ":unknown";
}

}  // namespace qm
