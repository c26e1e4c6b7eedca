// Base64 with the vectors of RFC 4648, and as strict as a credential needs it.
#include "turnd/crypto/base64.h"

#include <gtest/gtest.h>

namespace turnd::crypto {
namespace {

using base::as_bytes;

TEST(Base64, GivesThePublishedTexts_Rfc4648_s10) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    EXPECT_EQ(from_base64(encoded), base::to_owned(as_bytes(plain)));
  }
}

TEST(Base64, TakesBackEveryByte) {
  base::Bytes every;
  for (int value = 0; value < 256; ++value) every.push_back(static_cast<std::uint8_t>(value));

  EXPECT_EQ(from_base64(to_base64(every)), every);
}

TEST(Base64, HasOneTextForEachValue_Rfc4648_s3_5) {
  EXPECT_TRUE(from_base64("Zg=="));
  EXPECT_FALSE(from_base64("Zh==")) << "bits set beyond the last byte";
  EXPECT_FALSE(from_base64("Zm9=")) << "bits set beyond the last byte";
}

TEST(Base64, RefusesForeignCharactersAndWrongPadding) {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "Zm 9v", "Zm9v\n",
                                      "\nZm9v", "Zm9-", "Zm9_", "Z=g=", "\xC3\xA9g=="})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace turnd::crypto
