#include "cli/exposition.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <quartermaster/error.hpp>

namespace qm::cli {
namespace {

class LineReader {
 public:
  LineReader(std::string_view line, std::size_t number) : line_(line), number_(number) {}

  Sample read() {
    Sample sample;
    sample.name = until("{ \t");
    if (sample.name.empty()) fail("a metric's name");
    if (at() == '{') read_labels(sample);
    skip_blanks();
    sample.value = read_number(until(" \t"));
    return sample;
  }

 private:
  char at() const { return position_ < line_.size() ? line_[position_] : '\0'; }

  void skip_blanks() {
    while (at() == ' ' || at() == '\t')
      ++position_;
  }

  std::string until(std::string_view stops) {
    const std::size_t end = std::min(line_.find_first_of(stops, position_), line_.size());
    std::string text(line_.substr(position_, end - position_));
    position_ = end;
    return text;
  }

  void read_labels(Sample& sample) {
    ++position_;
    while (at() != '}') {
      const std::string name = until("=}");
      if (at() != '=') fail("= after a label's name");
      ++position_;
      sample.labels[name] = read_quoted();
      if (at() == ',') ++position_;
    }
    ++position_;
  }

  std::string read_quoted() {
    if (at() != '"') fail("a quoted label value");
    std::string value;
    for (++position_; at() != '"'; ++position_) {
      if (position_ >= line_.size()) fail("a closing quote");
      if (at() != '\\') {
        value += at();
        continue;
      }
      ++position_;
      value += at() == 'n' ? '\n' : at();
    }
    ++position_;
    return value;
  }

  double read_number(const std::string& text) const {
    if (text == "+Inf") return std::numeric_limits<double>::infinity();
    if (text == "-Inf") return -std::numeric_limits<double>::infinity();
    if (text == "NaN" || text == "Nan") return std::numeric_limits<double>::quiet_NaN();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) fail("a number");
    return value;
  }

  [[noreturn]] void fail(const char* expected) const {
    throw ProtocolError({.object = fmt::format("metrics, line {}", number_),
                         .expected = expected,
                         .found = fmt::format("'{}'", line_.substr(0, 80))});
  }

  std::string_view line_;
  std::size_t number_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<Sample> parse_exposition(std::string_view text) {
  std::vector<Sample> samples;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    begin = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    samples.push_back(LineReader(line, number).read());
  }
  return samples;
}

double estimate_quantile(const std::vector<Bucket>& buckets, double q) {
  if (buckets.empty() || buckets.back().count == 0) return 0;
  const double rank = q * buckets.back().count;
  Bucket below;
  for (const Bucket& bucket : buckets) {
    if (bucket.count >= rank && bucket.count > below.count) {
      if (std::isinf(bucket.bound)) return below.bound;
      return below.bound +
             (bucket.bound - below.bound) * (rank - below.count) / (bucket.count - below.count);
    }
    below = bucket;
  }
  return below.bound;
}

}  // namespace qm::cli
