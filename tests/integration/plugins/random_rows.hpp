// Random values for tables and parameters of any type that the shipped plugins use, as SQL: few
// different ones, so that joins meet, and NULL wherever it can be.
#pragma once

#include <cstdint>
#include <quartermaster/connection.hpp>
#include <random>
#include <string>

namespace qm::test {

class RandomRows {
 public:
  // The same values in every run. Does away with whatever but NOT NULL and uniqueness would refuse
  // random rows, for this database.
  RandomRows(Connection& connection, std::uint_fast32_t seed);

  // Adds rows to every table that is not PostgreSQL's or Quartermaster's own.
  void fill(int rows_per_table);

  // A literal with its cast. `type` as PostgreSQL writes it: "character varying(20)", "uuid[]".
  // Fails the running test for a type that it has no values for.
  std::string value(const std::string& type);
  std::string value_or_null(const std::string& type);

 private:
  std::string pick(const std::string& type);

  Connection& connection_;
  std::mt19937 random_;
};

}  // namespace qm::test
