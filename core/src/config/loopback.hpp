// Which addresses of the status endpoint never leave this machine. Not for name resolution: a name
// other than localhost could resolve to anything.
#pragma once

#include <string>
#include <string_view>

namespace qm {

// The literal itself for 127.0.0.0/8 and ::1, "127.0.0.1" for "localhost"; empty for
// anything else. Literals are those inet_pton takes, without brackets.
std::string loopback_address(std::string_view text);

}  // namespace qm
