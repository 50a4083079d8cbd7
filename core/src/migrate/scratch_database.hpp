// An empty database beside another one, for as long as it takes to build a schema and look at it.
#pragma once

#include <string>

namespace qm::migrate {

class ScratchDatabase {
 public:
  // On the server of `url`, or in the database of `given`, which must be empty and is left as it is
  // made. Throws MigrationError when the role may not make one, or the given one is not empty.
  explicit ScratchDatabase(std::string url, const std::string& given = {});
  ~ScratchDatabase();  // drops what it made
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const std::string& url() const noexcept { return scratch_url_; }

 private:
  const std::string url_;
  std::string name_;  // empty: given
  std::string scratch_url_;
};

}  // namespace qm::migrate
