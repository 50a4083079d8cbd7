// The server that queries are described on: one that is named, or an embedded one for the time of a
// command.
#pragma once

#include <filesystem>
#include <optional>
#include <quartermaster/embedded.hpp>
#include <string>

namespace qm::codegen {

class DescribeServer {
 public:
  // An empty url starts an embedded server, with the programs in `bin_dir` unless that is empty
  // too. Throws as embedded::Server::start() does.
  DescribeServer(const std::string& url, const std::filesystem::path& bin_dir) : url_(url) {
    if (!url.empty()) return;
    embedded::Options options;
    if (!bin_dir.empty()) options.bin_dir = bin_dir;
    server_.emplace(embedded::Server::start(options));
    url_ = server_->url();
  }

  const std::string& url() const noexcept { return url_; }
  bool is_embedded() const noexcept { return server_.has_value(); }

 private:
  std::optional<embedded::Server> server_;
  std::string url_;
};

}  // namespace qm::codegen
