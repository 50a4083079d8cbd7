// One HTTP GET with a deadline, for reading a host's status endpoint. Not a general client: no TLS,
// no redirects.
#pragma once

#include <chrono>
#include <string>

namespace qm::cli {

// The body of a 200 answer. Throws UsageError for a url that is not http://host[:port][/path],
// ConnectError when nobody listens there or no answer comes in time, ProtocolError for an answer
// that is not HTTP or not 200.
std::string http_get(const std::string& url, std::chrono::milliseconds timeout);

}  // namespace qm::cli
