// Ctrl-C and SIGTERM as a flag that long work asks for, and as something to wait for. A second
// Ctrl-C ends the process at once.
#pragma once

namespace qm::cli {

// Installs the handlers, once. For commands that ask interrupted(): the others end as the signal
// would have it.
void install_interrupt_handlers();

bool interrupted() noexcept;

// Blocks until interrupted.
void wait_for_interrupt();

}  // namespace qm::cli
