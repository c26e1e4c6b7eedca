// MD5, SHA-1 and SHA-256 against published digests.
#include "turnd/crypto/hash.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "turnd/base/hex.h"

namespace turnd::crypto {
namespace {

using base::as_bytes;
using base::to_hex;

TEST(Md5, GivesTheDigestsOfItsTestSuite_Rfc1321_a_5) {
  EXPECT_EQ(to_hex(md5({})), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(to_hex(md5({as_bytes("abc")})), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(to_hex(md5({as_bytes("message digest")})), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(Sha1, GivesTheDigestsOfTheStandard_Fips180_4) {
  EXPECT_EQ(to_hex(sha1({})), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(to_hex(sha1({as_bytes("ab"), as_bytes("c")})), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Sha256, GivesTheDigestsOfTheStandard_Fips180_4) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256({as_bytes("abc")})), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256({as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")})),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Hash, TakesItsPartsAsOneText) {
  EXPECT_EQ(md5({as_bytes("mess"), {}, as_bytes("age digest")}), md5({as_bytes("message digest")}));
  EXPECT_EQ(sha256({as_bytes("a"), as_bytes("b"), as_bytes("c")}), sha256({as_bytes("abc")}));
}

TEST(Hash, GivesTheSameOnEveryThread) {
  const auto expected = sha256({as_bytes("abc")});
  std::vector<std::thread> threads;
  std::array<bool, 4> same{};
  for (bool& result : same)
    threads.emplace_back([&result, &expected] {
      result = true;
      for (int i = 0; i < 500; ++i)
        result = result && sha256({as_bytes("abc")}) == expected && md5({as_bytes("abc")})[0] == 0x90;
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(same, (std::array<bool, 4>{true, true, true, true}));
}

}  // namespace
}  // namespace turnd::crypto
