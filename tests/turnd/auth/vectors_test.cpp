// The message of RFC 8489 appendix B.1 with erratum 6268, against the sources of credentials.
#include <gtest/gtest.h>

#include "turnd/auth/credential_source.h"
#include "turnd/auth/opaque_string.h"
#include "turnd/base/hex.h"
#include "turnd/stun/integrity.h"
#include "turnd/stun/stun_attributes.h"

namespace turnd::auth {
namespace {

constexpr std::string_view kSample =
    "000100902112a44278ad3433c6ad72c029da412e"
    "001e00204a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704"
    "001500296f624d61744a6f73324141414366 2f2f3439396b39353464364f4c33346f4c3946535476793634734100 0000"
    "0014000b6578616d706c652e6f726700"
    "001d000400020000"
    "001c0020b5c7bf005b6c52a21c51c5e892f819241362 96cb927c43149309278cc6518e65";

base::Bytes sample() {
  std::string digits(kSample);
  std::erase(digits, ' ');
  return base::from_hex(digits).value();
}

class VectorsTest : public ::testing::Test {
 protected:
  static Settings settings() {
    Settings settings;
    settings.realm = "example.org";
    settings.users["\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9"] = {.password = base::Secret("TheMatrIX")};
    return settings;
  }
  std::shared_ptr<const CredentialSource> source_ = CredentialSource::make(settings(), {});
};

TEST_F(VectorsTest, TheUserIsFoundByHashAndTheSha256KeyFits_Rfc8489_b_1) {
  const base::Bytes bytes = sample();
  const auto message = *stun::MessageView::parse(bytes);

  const auto name = source_->find_by_userhash(message.get<stun::UserHash>().value.value().hash);
  EXPECT_EQ(name, "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9");
  ASSERT_EQ(message.get<stun::PasswordAlgorithm>().value.value().id, stun::PasswordAlgorithmId::sha256);
  const auto candidates = source_->find(name);
  ASSERT_EQ(candidates.size(), 1U);
  EXPECT_TRUE(stun::verify_integrity(message, {stun::IntegrityAlgorithm::sha256, *candidates[0].keys.sha256}));
  EXPECT_FALSE(stun::verify_integrity(message, {stun::IntegrityAlgorithm::sha256, candidates[0].keys.md5}));
}

TEST(LongTermKey, IsTheMd5OfTheThreeParts_Rfc8489_s9_2_2) {
  EXPECT_EQ(base::to_hex(derive_keys("user", "realm", "pass").md5), "8493fbc53ba582fb4c044c456bdc40eb");
}

TEST_F(VectorsTest, OffersAnonymityOnlyWhenThereAreUsersToHide_Rfc8489_s9_2_1) {
  EXPECT_TRUE(source_->offers_userhash());
  Settings without = settings();
  without.users.clear();
  EXPECT_FALSE(CredentialSource::make(without, {})->offers_userhash());
}

}  // namespace
}  // namespace turnd::auth
