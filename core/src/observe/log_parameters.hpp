// How a statement's parameters appear in the log: numbers, booleans, UUIDs, dates and times as
// values; everything else as type, length and a keyed hash, unless the query marks it loggable;
// what the query marks sensitive not at all. The hash tells equal values from different ones within
// one process and cannot be looked up elsewhere, as its key is random and never leaves it.
#pragma once

#include <quartermaster/observer.hpp>
#include <string>
#include <string_view>

namespace qm::observe {

// "[$1 id=7, $2 title=<text 12 bytes #a1b2c3d4>]"; empty without parameters. At most 32 are shown
// and the rest counted. Printable characters on one line.
std::string render_parameters(const QueryEvent& event);

// Eight hexadecimal digits; empty when the system has no random numbers for a key.
std::string keyed_hash(std::string_view bytes);

}  // namespace qm::observe
