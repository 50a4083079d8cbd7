// Reads the Prometheus text exposition format 0.0.4, as far as `stats` needs it: samples with their
// labels. Comments and timestamps are passed over.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qm::cli {

struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

// In the order of the text. Throws ProtocolError naming the first line that cannot be read.
std::vector<Sample> parse_exposition(std::string_view text);

// A cumulative bucket of a histogram: how many observations were at most `bound` seconds.
struct Bucket {
  double bound = 0;
  double count = 0;
};

// The value below which the share `q` of the observations lies, by linear interpolation within its
// bucket, as PromQL's histogram_quantile(); beyond the last finite bound, that bound. `buckets`
// ascend and end with the infinite one. 0 without observations.
double estimate_quantile(const std::vector<Bucket>& buckets, double q);

}  // namespace qm::cli
