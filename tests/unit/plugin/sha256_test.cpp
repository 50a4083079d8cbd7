// SHA-256 against the examples of FIPS 180-2, and the reading of line ends.
#include "plugin/sha256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qm::plugin {
namespace {

TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, LineEndsReadAsLf) {
  const auto lf = sha256("a\nb\n\nc");
  EXPECT_EQ(sha256_of_lines("a\nb\n\nc"), lf);
  EXPECT_EQ(sha256_of_lines("a\r\nb\r\n\r\nc"), lf);
  EXPECT_EQ(sha256_of_lines("a\rb\r\rc"), lf);
  EXPECT_EQ(sha256_of_lines("a\r\nb\n\rc"), lf);
  EXPECT_EQ(sha256_of_lines("\r"), sha256("\n"));
  EXPECT_EQ(sha256_of_lines(""), sha256(""));
}

TEST(Sha256, LeadingBitsAreBigEndian) {
  EXPECT_EQ(leading_64_bits(sha256("abc")), 0xba7816bf8f01cfeaULL);
}

}  // namespace
}  // namespace qm::plugin
