// Finds out which versions of a former sequence a database has: from the table that golang-migrate
// keeps, and from the schema itself, which decides.
#pragma once

#include <cstdint>
#include <quartermaster/connection.hpp>
#include <quartermaster/migrator.hpp>
#include <string>
#include <vector>

#include "migrate/former_sequence.hpp"
#include "migrate/lock.hpp"

namespace qm::migrate {

// What the other tool remembers.
struct Bookkeeping {
  std::uint64_t number = 0;  // 0: nothing applied
  bool dirty = false;        // going up to `number`, or down to it, has not ended well
};

// golang-migrate's table: one row or none, columns version and dirty.
class BookkeepingTable {
 public:
  // Throws MigrationError when there is no such table or it is of another make.
  BookkeepingTable(Connection& connection, const std::string& name);

  // The keys under which golang-migrate 4 takes its advisory lock for this table, of the driver as
  // it is now and as it was before it had a table to name.
  std::vector<std::int64_t> lock_keys() const;
  Bookkeeping read() const;

 private:
  Connection& connection_;
  std::string schema_;
  std::string table_;
  std::string database_;
  std::string quoted_;
};

// The number in `sequence` whose schema the live database has; `recorded` says which to consider.
// Goes through the whole sequence in `scratch`, an empty database. Throws MigrationError when it is
// none, or when nothing tells two of them apart.
std::uint64_t classify(Connection& live, Connection& scratch,
                       const std::vector<FormerVersion>& sequence, const Bookkeeping& recorded);

}  // namespace qm::migrate
