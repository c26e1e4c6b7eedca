#include "signaling/service/sealed_text.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "signaling/service/meeting_code.h"
#include "turnd/crypto/random.h"

namespace signaling::service {
namespace {

const SealingKey& key() {
  static const SealingKey made{turnd::base::Secret(std::string(32, 'k'))};
  return made;
}

TEST(SealedText, OpensWhatItSealed_M8) {
  for (const char* text : {"", "x", "correct horse"}) {
    EXPECT_EQ(key().open(key().seal(text, "row 1", turnd::crypto::system_random), "row 1"), text);
  }
}

TEST(SealedText, DoesNotOpenWhatWasChangedAnywhere) {
  const auto sealed = key().seal("secret", "row 1", turnd::crypto::system_random);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] ^= 1;
    EXPECT_EQ(key().open(changed, "row 1"), std::nullopt) << i;
  }
  EXPECT_EQ(key().open(turnd::base::ByteView(sealed).first(20), "row 1"), std::nullopt);
}

TEST(SealedText, DoesNotOpenInAnotherRowOrUnderAnotherKey) {
  const auto sealed = key().seal("secret", "row 1", turnd::crypto::system_random);
  EXPECT_EQ(key().open(sealed, "row 2"), std::nullopt);
  EXPECT_EQ(SealingKey(turnd::base::Secret(std::string(32, 'j'))).open(sealed, "row 1"), std::nullopt);
}

TEST(SealedText, HidesTheTextAndDiffersEachTime) {
  const auto one = key().seal("secret", "row 1", turnd::crypto::system_random);
  EXPECT_EQ(std::string(one.begin(), one.end()).find("secret"), std::string::npos);
  EXPECT_NE(one, key().seal("secret", "row 1", turnd::crypto::system_random));
}

TEST(SealedText, MakesTokensThatFitInALink) {
  const std::string token = key().token_for("invite 1");
  EXPECT_EQ(token.size(), 32u);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  EXPECT_EQ(token, key().token_for("invite 1"));
  EXPECT_NE(token, key().token_for("invite 2"));
}

TEST(MeetingCode, HasTenCharactersOfItsAlphabet_M12) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string code = new_meeting_code(turnd::crypto::system_random);
    EXPECT_EQ(code.size(), 10u);
    EXPECT_EQ(code.find_first_not_of("BCDFGHJKLMNPQRSTVWXZ23456789"), std::string::npos) << code;
    seen.insert(code);
  }
  EXPECT_EQ(seen.size(), 200u);
}

TEST(MeetingCode, IsReadWithoutRegardToCaseAndHyphens_M12) {
  const MeetingName expected{MeetingName::Kind::code, "BCDF2345GH"};
  EXPECT_EQ(parse_meeting_name("bcdf-2345-gh"), expected);
  EXPECT_EQ(parse_meeting_name("BCDF2345GH"), expected);
}

TEST(MeetingCode, MayBeAUuid) {
  EXPECT_EQ(parse_meeting_name("5F3C0000-0000-4000-8000-00000000000A"),
            (MeetingName{MeetingName::Kind::uuid, "5f3c0000-0000-4000-8000-00000000000a"}));
  const std::string made = new_uuid(turnd::crypto::system_random);
  EXPECT_EQ(parse_meeting_name(made), (MeetingName{MeetingName::Kind::uuid, made}));
  EXPECT_EQ(made[14], '4');
}

TEST(MeetingCode, IsNoReservedWordAndNothingElse) {
  for (const char* text : {"", "join", "Create", "join-request", "participants", "detail", "invite", "leave", "end",
                           "a/b", "a b", "12345678901234567", "gr\xC3\xBC"}) {
    EXPECT_EQ(parse_meeting_name(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace signaling::service
