// What driving a call takes, whatever the call is made of: a statement, a batch, a COPY. Operations
// never wait and do not throw; whoever drives one decides when to give up, and then drains
// (DrainOperation).
#pragma once

#include <string>
#include <string_view>

#include "pool/failure.hpp"
#include "pool/wait.hpp"

namespace qm::pool {

class CallOperation {
 public:
  virtual Wait resume() = 0;
  virtual int fd() const noexcept = 0;
  // Go no further than the request that is under way.
  virtual void abandon() noexcept = 0;

  // After Wait::done.
  virtual const StatementFailure& failure() const noexcept = 0;
  // Whether what was asked for was under way, not only something before it.
  virtual bool executed() const noexcept = 0;
  // When a Prepare ended on the way; the epoch when there was none.
  virtual Deadline prepared_at() const noexcept = 0;
  // The call for messages, with the part of it that failed.
  virtual std::string label(std::string_view name) const { return std::string(name); }

 protected:
  CallOperation() = default;
  CallOperation(const CallOperation&) = default;
  CallOperation& operator=(const CallOperation&) = default;
  ~CallOperation() = default;
};

}  // namespace qm::pool
