// The two integrity attributes: what they cover, and how short SHA-256 may be.
#include "turnd/stun/integrity.h"

#include <gtest/gtest.h>

#include "tests/turnd/stun/raw_message.h"
#include "turnd/crypto/hmac.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/stun/turn_attributes.h"

namespace turnd::stun {
namespace {

const base::Bytes kKey(16, 0x5A);

IntegrityKey key_for(IntegrityAlgorithm algorithm, const base::Bytes& key = kKey) { return {algorithm, key}; }

class Integrity : public ::testing::TestWithParam<IntegrityAlgorithm> {
 protected:
  [[nodiscard]] IntegrityKey key() const { return key_for(GetParam()); }
  MessageBuilder message_{{Method::refresh, MessageClass::request}, TransactionId{1, 2, 3}};
};
INSTANTIATE_TEST_SUITE_P(BothAlgorithms, Integrity,
                         ::testing::Values(IntegrityAlgorithm::sha1, IntegrityAlgorithm::sha256),
                         [](const auto& shown) { return shown.param == IntegrityAlgorithm::sha1 ? "Sha1" : "Sha256"; });

TEST_P(Integrity, FitsWhatWasSigned_Rfc8489_s14_5) {
  const base::Bytes bytes = message_.add(Username{"alice"}).sign(key()).take();

  EXPECT_TRUE(verify_integrity(*MessageView::parse(bytes), key()));
}

TEST_P(Integrity, FitsWithAFingerprintBehindIt_Rfc8489_s14_5) {
  const base::Bytes bytes = message_.add(Username{"alice"}).sign(key()).fingerprint().take();

  EXPECT_TRUE(verify_integrity(*MessageView::parse(bytes), key()));
}

TEST_P(Integrity, FitsWhateverWasAppendedAndNoneOfThatIsSeen_Rfc8489_s14_5) {
  message_.add(Username{"alice"}).sign(key());
  const base::Bytes bytes =
      message_.add(Lifetime{std::chrono::seconds(0)}).add(Username{"mallory"}).fingerprint().take();
  const auto message = MessageView::parse(bytes);

  EXPECT_TRUE(verify_integrity(*message, key()));
  EXPECT_EQ(message->get<Username>().value->text, "alice");
  EXPECT_FALSE(message->has(AttributeType::lifetime));
}

TEST_P(Integrity, DoesNotFitAnotherKeyOrAnEmptyOne) {
  const base::Bytes bytes = message_.sign(key()).take();
  const base::Bytes other(16, 0x5B);

  EXPECT_FALSE(verify_integrity(*MessageView::parse(bytes), key_for(GetParam(), other)));
  EXPECT_FALSE(verify_integrity(*MessageView::parse(bytes), key_for(GetParam(), {})));
}

TEST_P(Integrity, IsNotThereWhenTheMessageIsUnsigned) {
  const base::Bytes bytes = message_.add(Username{"alice"}).take();

  EXPECT_FALSE(verify_integrity(*MessageView::parse(bytes), key()));
}

TEST_P(Integrity, IsNotTakenForTheOtherAlgorithms) {
  const base::Bytes bytes = message_.sign(key()).take();
  const bool is_sha1 = GetParam() == IntegrityAlgorithm::sha1;

  EXPECT_FALSE(verify_integrity(*MessageView::parse(bytes),
                                key_for(is_sha1 ? IntegrityAlgorithm::sha256 : IntegrityAlgorithm::sha1)));
}

TEST(IntegrityOfBoth, FitsEachByItself_Rfc8489_s9_1_3_1) {
  MessageBuilder message({Method::refresh, MessageClass::request}, TransactionId{});
  message.add(Username{"alice"}).sign(key_for(IntegrityAlgorithm::sha1)).sign(key_for(IntegrityAlgorithm::sha256));
  const base::Bytes bytes = message.fingerprint().take();
  const auto view = MessageView::parse(bytes);

  EXPECT_TRUE(verify_integrity(*view, key_for(IntegrityAlgorithm::sha1)));
  EXPECT_TRUE(verify_integrity(*view, key_for(IntegrityAlgorithm::sha256)));
}

TEST(IntegrityOfSha1, IgnoresALaterOneThatWouldFit_Rfc8489_s14) {
  RawMessage raw;
  raw.add(AttributeType::message_integrity, "0000000000000000000000000000000000000000");
  raw.set_length(raw.bytes().size() - kHeaderSize + 24);
  const auto fitting = crypto::hmac_sha1(kKey, {raw.bytes()});
  raw.add_bytes(AttributeType::message_integrity, fitting);

  EXPECT_FALSE(verify_integrity(*MessageView::parse(raw.bytes()), key_for(IntegrityAlgorithm::sha1)));
}

// Signed with a length field that counts `counted` bytes of HMAC, of which `size` are sent.
bool is_accepted(std::size_t size, std::size_t counted) {
  RawMessage raw;
  raw.add(AttributeType::username, "616c696365");
  raw.set_length(raw.bytes().size() - kHeaderSize + 4 + counted);
  const auto whole = crypto::hmac_sha256(kKey, {raw.bytes()});
  raw.add_bytes(AttributeType::message_integrity_sha256, base::ByteView(whole).first(size));
  return verify_integrity(*MessageView::parse(raw.bytes()), key_for(IntegrityAlgorithm::sha256));
}

TEST(IntegrityOfSha256, MayBeTruncatedToAMultipleOfFourFrom16On_Rfc8489_s14_6) {
  for (std::size_t size = 0; size <= 32; ++size) {
    const bool allowed = size >= 16 && size % 4 == 0;
    EXPECT_EQ(is_accepted(size, size), allowed) << size;
    EXPECT_EQ(is_accepted(size, (size + 3) / 4 * 4), allowed) << size << ", its padding counted";
  }
}

TEST(IntegrityOfSha256, CoversALengthThatCountsItAsItIsSent_Rfc8489_s14_6) {
  EXPECT_TRUE(is_accepted(20, 20));
  EXPECT_FALSE(is_accepted(20, 32));
}

}  // namespace
}  // namespace turnd::stun
