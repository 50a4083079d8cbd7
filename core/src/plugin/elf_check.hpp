// Whether a file is a shared library of this machine, as far as its ELF header and program headers
// tell, before the dynamic loader sees it. The loader maps what the headers say: a truncated file
// would end the process with SIGBUS, a foreign one with a message that does not say so.
#pragma once

#include "plugin/trusted_file.hpp"

namespace qm::plugin {

// Throws PluginError saying what is not as it must be.
void check_elf(const TrustedFile& file);

}  // namespace qm::plugin
