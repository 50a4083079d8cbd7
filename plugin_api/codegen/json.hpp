// JSON text for the files that the query compiler writes. Reading is lock.cpp's own.
#pragma once

#include <string>
#include <string_view>

namespace qm::codegen {

std::string json_string(std::string_view text);  // with its quotes

}  // namespace qm::codegen
