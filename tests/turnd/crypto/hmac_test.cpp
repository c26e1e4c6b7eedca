// HMAC-SHA1 and HMAC-SHA256 against the vectors of RFC 2202 and RFC 4231.
#include "turnd/crypto/hmac.h"

#include <gtest/gtest.h>

#include <string>

#include "turnd/base/hex.h"

namespace turnd::crypto {
namespace {

using base::as_bytes;
using base::to_hex;

TEST(HmacSha1, GivesThePublishedCodes_Rfc2202_s3) {
  EXPECT_EQ(to_hex(hmac_sha1(base::Bytes(20, 0x0B), {as_bytes("Hi There")})),
            "b617318655057264e28bc0b6fb378c8ef146be00");
  EXPECT_EQ(to_hex(hmac_sha1(as_bytes("Jefe"), {as_bytes("what do ya want for nothing?")})),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(
      to_hex(hmac_sha1(base::Bytes(80, 0xAA), {as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")})),
      "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST(HmacSha256, GivesThePublishedCodes_Rfc4231_s4) {
  EXPECT_EQ(to_hex(hmac_sha256(base::Bytes(20, 0x0B), {as_bytes("Hi There")})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), {as_bytes("what do ya want for nothing?")})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      to_hex(hmac_sha256(base::Bytes(131, 0xAA), {as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")})),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, TakesItsPartsAsOneText) {
  const std::string text = "what do ya want for nothing?";
  const auto parts = {as_bytes(text).first(5), base::ByteView{}, as_bytes(text).subspan(5)};

  EXPECT_EQ(hmac_sha1(as_bytes("Jefe"), parts), hmac_sha1(as_bytes("Jefe"), {as_bytes(text)}));
  EXPECT_EQ(hmac_sha256(as_bytes("Jefe"), parts), hmac_sha256(as_bytes("Jefe"), {as_bytes(text)}));
}

TEST(Hmac, AcceptsAnEmptyKeyAndAnEmptyText) {
  EXPECT_EQ(to_hex(hmac_sha1({}, {})), "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
  EXPECT_EQ(to_hex(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hmac, ForgetsTheKeyBefore) {
  const auto with_empty_key = hmac_sha256({}, {as_bytes("text")});

  (void)hmac_sha256(as_bytes("another key"), {as_bytes("text")});

  EXPECT_EQ(hmac_sha256({}, {as_bytes("text")}), with_empty_key);
}

}  // namespace
}  // namespace turnd::crypto
