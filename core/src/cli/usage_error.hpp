// A command line that cannot be carried out as it is written: exit code 2, as for one that cannot
// be read at all.
#pragma once

#include <quartermaster/error.hpp>

namespace qm::cli {

class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace qm::cli
