// Whether a text is a connection string. Blanking its secrets is redact_url() in config.hpp; both
// are here as both ask libpq's parser, and connect to nothing.
#pragma once

#include <string>

namespace qm {

bool is_connection_string(const std::string& text);

}  // namespace qm
