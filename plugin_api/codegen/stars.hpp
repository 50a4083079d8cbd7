// What * stands for, written out: a query that says `select *` goes on giving the same columns when
// a later migration adds one, so that a release keeps working while the next one is being rolled
// out. Only stars of the result; those further inside do not change it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/node_tree.hpp"

namespace qm::codegen {

// One star in a statement's SQL: `*` or `t.*`.
struct Star {
  std::size_t at = 0;      // bytes
  std::size_t length = 0;  // bytes
  std::string columns;     // what it stands for: "t.id, t.name"

  friend bool operator==(const Star&, const Star&) = default;
};

// The stars of the result of `sql`, whose analysed tree is `tree`, in the order of the text. A lone
// * becomes bare names of columns, or with `qualified` names with their table. `quote`: a name as
// SQL writes it.
using Quote = std::function<std::string(const std::string&)>;
std::vector<Star> find_stars(const Node& tree, std::string_view sql, bool qualified,
                             const Quote& quote);

// `stars` fit `sql`.
std::string write_stars_out(std::string_view sql, const std::vector<Star>& stars);

// Whether each star is in the text where it says, one after the other.
bool fit(const std::vector<Star>& stars, std::string_view sql);

}  // namespace qm::codegen
