// What the status endpoint refuses, without sockets.
#include "observe/http_request_rules.hpp"

#include <gtest/gtest.h>

namespace qm::observe::test {
namespace {

class Rules : public ::testing::Test {
 protected:
  unsigned status(HttpRequestHead head) const { return rules_.check(head).status; }
  unsigned with_host(std::string_view host, const HttpRequestRules& rules) const {
    return rules.check({.method = "GET", .target = "/", .host_count = 1, .host = host}).status;
  }

  HttpRequestRules rules_{"127.0.0.1", 9187, {"/", "/metrics"}};
};

TEST_F(Rules, HostsOfThisListener) {
  for (const char* host : {"127.0.0.1:9187", "localhost:9187", "LocalHost:9187", "[::1]:9187"})
    EXPECT_EQ(with_host(host, rules_), 0U) << host;
  for (const char* host :
       {"", "127.0.0.1", "localhost", "localhost:80", "localhost:91870", "evil.example:9187",
        "evil.example", "localhost:9187:9187", " localhost:9187", "127.0.0.2:9187",
        "localhost.evil.example:9187", "::1:9187"})
    EXPECT_EQ(with_host(host, rules_), 421U) << host;
}

TEST_F(Rules, OtherLoopbackAddressesAndPort80) {
  const HttpRequestRules other("127.0.0.2", 80, {"/"});
  for (const char* host : {"127.0.0.2", "127.0.0.2:80", "localhost", "localhost:80"})
    EXPECT_EQ(with_host(host, other), 0U) << host;
  const HttpRequestRules v6("::1", 9187, {"/"});
  EXPECT_EQ(with_host("[::1]:9187", v6), 0U);
  EXPECT_EQ(with_host("::1:9187", v6), 421U);
}

TEST_F(Rules, ExactlyOneHost) {
  EXPECT_EQ(status({.method = "GET", .target = "/", .host_count = 0, .host = {}}), 400U);
  EXPECT_EQ(status({.method = "GET", .target = "/", .host_count = 2, .host = "localhost:9187"}),
            400U);
}

TEST_F(Rules, AnAbsoluteTargetNamesTheHost) {
  const auto target = [&](std::string_view text) {
    return status({.method = "GET", .target = text, .host_count = 1, .host = "localhost:9187"});
  };
  EXPECT_EQ(target("http://localhost:9187/metrics"), 0U);
  EXPECT_EQ(target("http://localhost:9187"), 0U);
  EXPECT_EQ(target("http://localhost:9187?x"), 0U);
  EXPECT_EQ(target("http://evil.example/metrics"), 421U);
}

TEST_F(Rules, MethodsPathsBodies) {
  HttpRequestHead head{
      .method = "GET", .target = "/metrics?x=1", .host_count = 1, .host = "localhost:9187"};
  EXPECT_EQ(status(head), 0U);
  head.method = "HEAD";
  EXPECT_EQ(status(head), 0U);
  head.method = "POST";
  EXPECT_EQ(status(head), 405U);
  head.method = "get";
  EXPECT_EQ(status(head), 405U);
  head.method = "GET";
  head.target = "/metrics/";
  EXPECT_EQ(status(head), 404U);
  EXPECT_EQ(rules_.check(head).text,
            "request: expected path / or /metrics, found \"/metrics/\" (ask for one of these)\n");
  head.has_body = true;
  EXPECT_EQ(status(head), 413U);
}

TEST_F(Rules, LongTextsAreNotEchoedWhole) {
  const std::string target = "/" + std::string(5000, 'x');
  const auto refusal =
      rules_.check({.method = "GET", .target = target, .host_count = 1, .host = "localhost:9187"});
  EXPECT_EQ(refusal.status, 404U);
  EXPECT_LT(refusal.text.size(), 250U);
}

}  // namespace
}  // namespace qm::observe::test
