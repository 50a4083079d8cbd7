#include "cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/table.hpp"

namespace qm::cli {
namespace {

constexpr std::size_t bar_width = 28;

std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void write_error(const std::string& text) {
  std::fputs(text.c_str(), stderr);
}

}  // namespace

Progress::Style Progress::detect() {
  return ::isatty(STDERR_FILENO) != 0 ? Style::bar : Style::lines;
}

Progress::Progress(Style style, std::string title) : style_(style), title_(std::move(title)) {}

Progress::~Progress() {
  if (style_ == Style::bar && drawn_ && !finished_) write_error("\n");
}

void Progress::update(std::size_t done, std::size_t total, std::string_view detail) {
  using namespace std::chrono_literals;
  if (style_ == Style::none) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_ && done != total) return;
  if (style_ == Style::bar) {
    next_ = now + 50ms;
    draw(done, total, detail);
  } else {
    // The first line comes after the first pause: short work needs only its summary.
    if (next_ != std::chrono::steady_clock::time_point{} && done != total) {
      write_error(fmt::format("{}: {} of {} {}\n", title_, done, total, detail));
    }
    next_ = now + 2s;
  }
}

void Progress::draw(std::size_t done, std::size_t total, std::string_view detail) {
  const std::size_t filled = total == 0 ? bar_width : bar_width * std::min(done, total) / total;
  std::string bar;
  for (std::size_t i = 0; i < bar_width; ++i)
    bar += i < filled ? "█" : "░";
  const std::string line =
      fmt::format("  {:<11} {} {:>5}/{:<5} {}", title_, bar, done, total, detail);
  write_error("\r\033[K" + fit(line, terminal_columns() - 1));
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::finish(std::string_view summary) {
  if (style_ == Style::none || finished_) return;
  finished_ = true;
  write_error(fmt::format("{}  {:<11} {}\n", style_ == Style::bar && drawn_ ? "\r\033[K" : "",
                          title_, summary));
}

}  // namespace qm::cli
