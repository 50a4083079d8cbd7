// Progress of long work on standard error: a bar that redraws on a terminal, a line now and then
// elsewhere. Silent with --output json and --quiet.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace qm::cli {

class Progress {
 public:
  enum class Style { none, lines, bar };
  // Bar when standard error is a terminal, else lines.
  static Style detect();

  Progress(Style style, std::string title);
  ~Progress();  // ends the bar's line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::size_t done, std::size_t total, std::string_view detail = {});
  // Ends the bar and leaves one line with what was done.
  void finish(std::string_view summary);

 private:
  void draw(std::size_t done, std::size_t total, std::string_view detail);

  Style style_;
  std::string title_;
  std::chrono::steady_clock::time_point next_{};
  bool drawn_ = false;
  bool finished_ = false;
};

}  // namespace qm::cli
