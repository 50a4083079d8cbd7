// How --help looks: usage, commands, options, then the configuration flags, wrapped to a terminal.
#pragma once

#include <memory>

namespace CLI {
class FormatterBase;
}

namespace qm::cli {

std::shared_ptr<CLI::FormatterBase> make_help_formatter();

}  // namespace qm::cli
