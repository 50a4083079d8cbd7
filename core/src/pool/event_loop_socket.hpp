// A session's socket as an Asio event loop waits for it. Registered with the loop once and kept
// over many calls, for registering costs system calls; not an owner of the socket, which is
// libpq's. A session may outlive the loop, and a loop the session.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>

#include "pool/session.hpp"

namespace qm::pool {

class EventLoopSocket final : public detail::EventLoopRegistration {
 public:
  // The session's own, registered with the executor's loop by now. Throws boost::system's error
  // when the loop cannot wait for it.
  static EventLoopSocket& of(detail::Session& session,
                             const boost::asio::any_io_executor& executor);
  ~EventLoopSocket() override;

  // As long as the loop runs.
  boost::asio::posix::stream_descriptor& descriptor() noexcept;

 private:
  struct Registration;
  class Registry;
  class Loop;

  explicit EventLoopSocket(std::shared_ptr<Registration> registration);

  std::shared_ptr<Registration> registration_;
};

}  // namespace qm::pool
