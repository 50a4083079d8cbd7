// A database of its own for a test, on a real server: the one that CTest started for the whole run,
// or else one for this process.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace qm::test {

// Any database of the server tests run on; for creating others and for looking at activity.
std::string server_url();

// A connection string for another database of that server.
std::string database_url(const std::string& database);

class TestDatabase {
 public:
  // Empty database.
  TestDatabase();
  // A copy of a template that is built once per server and key by `build`, which gets its url.
  TestDatabase(const std::string& key, const std::function<void(const std::string& url)>& build);
  ~TestDatabase();  // drops it
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  std::string url() const { return database_url(name_); }

 private:
  std::string name_;
};

}  // namespace qm::test
