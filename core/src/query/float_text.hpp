// Floating-point numbers as PostgreSQL prints them.
#pragma once

#include <string>

namespace qm::query {

// As float4out() and float8out() with the default extra_float_digits: the shortest text that reads
// back the same, "1e+15" from 15 digits on (6 for real), "NaN", "Infinity".
std::string float_text(float value);
std::string float_text(double value);

}  // namespace qm::query
