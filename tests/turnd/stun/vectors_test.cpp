// The sample messages of the RFCs: what they contain is found, and their signatures fit.
#include <gtest/gtest.h>

#include "tests/vectors/stun_messages.h"
#include "turnd/crypto/hash.h"
#include "turnd/stun/integrity.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/stun_attributes.h"

namespace turnd::stun {
namespace {

using base::as_bytes;
using base::as_text;

constexpr AttributeType kPriority{0x0024};
constexpr AttributeType kIceControlled{0x8029};

IntegrityKey short_term() { return {IntegrityAlgorithm::sha1, as_bytes(vectors::kShortTermPassword)}; }

base::Bytes long_term_text() {
  std::string text;
  for (const std::string_view part :
       {vectors::kUsername, std::string_view(":"), vectors::kRealm, std::string_view(":"), vectors::kPreparedPassword})
    text += part;
  return base::to_owned(as_bytes(text));
}

void expect_response(std::string_view sample, std::string_view mapped) {
  const base::Bytes bytes = vectors::bytes_of(sample);
  const auto message = MessageView::parse(bytes);
  ASSERT_TRUE(message);

  EXPECT_EQ(message->type(), (MessageType{Method::binding, MessageClass::success}));
  EXPECT_EQ(message->get<Software>().value->text, "test vector");
  EXPECT_EQ(to_string(message->get<XorMappedAddress>().value->endpoint), mapped);
  EXPECT_TRUE(message->has_fingerprint());
  EXPECT_TRUE(verify_integrity(*message, short_term()));
}

TEST(Vectors, SampleRequest_Rfc5769_s2_1) {
  const base::Bytes bytes = vectors::bytes_of(vectors::kSampleRequest);
  const auto message = MessageView::parse(bytes);
  ASSERT_TRUE(message);

  EXPECT_EQ(message->type(), (MessageType{Method::binding, MessageClass::request}));
  EXPECT_EQ(base::to_hex(message->transaction_id()), "b7e7a701bc34d686fa87dfae");
  EXPECT_EQ(message->get<Software>().value->text, "STUN test client");
  EXPECT_EQ(base::to_hex(*message->find(kPriority)), "6e0001ff");
  EXPECT_EQ(base::to_hex(*message->find(kIceControlled)), "932ff9b151263b36");
  EXPECT_EQ(message->get<Username>().value->text, "evtj:h6vY") << "without its padding of spaces";
  EXPECT_TRUE(message->has_fingerprint());
  EXPECT_TRUE(verify_integrity(*message, short_term()));
}

TEST(Vectors, SampleIpv4Response_Rfc5769_s2_2) { expect_response(vectors::kSampleIpv4Response, "192.0.2.1:32853"); }

TEST(Vectors, SampleIpv6Response_Rfc5769_s2_3) {
  expect_response(vectors::kSampleIpv6Response, "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
}

TEST(Vectors, SampleRequestWithLongTermAuthentication_Rfc5769_s2_4) {
  const base::Bytes bytes = vectors::bytes_of(vectors::kSampleLongTermRequest);
  const auto message = MessageView::parse(bytes);
  ASSERT_TRUE(message);

  EXPECT_EQ(message->get<Username>().value->text, vectors::kUsername);
  EXPECT_EQ(message->get<Nonce>().value->text, "f//499k954d6OL34oL9FSTvy64sA");
  EXPECT_EQ(message->get<Realm>().value->text, vectors::kRealm);
  EXPECT_FALSE(message->has_fingerprint());
  EXPECT_TRUE(verify_integrity(*message, {IntegrityAlgorithm::sha1, crypto::md5({long_term_text()})}));
}

TEST(Vectors, SampleRequestWithSha256AndUserHash_Rfc8489_b_1) {
  const base::Bytes bytes = vectors::bytes_of(vectors::kSampleSha256Request);
  const auto message = MessageView::parse(bytes);
  ASSERT_TRUE(message);

  const auto hash = crypto::sha256({as_bytes(vectors::kUsername), as_bytes(":"), as_bytes(vectors::kRealm)});
  EXPECT_EQ(as_text(message->get<UserHash>().value->hash), as_text(hash));
  EXPECT_EQ(message->get<Nonce>().value->text, "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA");
  EXPECT_EQ(message->get<Realm>().value->text, vectors::kRealm);
  EXPECT_EQ(message->get<PasswordAlgorithm>().value->id, PasswordAlgorithmId::sha256);
  EXPECT_TRUE(verify_integrity(*message, {IntegrityAlgorithm::sha256, crypto::sha256({long_term_text()})}));
}

// The long-term samples are padded with zeros, as our own messages are: they can be written again, byte for byte.
TEST(Vectors, AreWrittenAgainByteForByte_Rfc5769_s2_4_Rfc8489_b_1) {
  const base::Bytes sha1 = vectors::bytes_of(vectors::kSampleLongTermRequest);
  MessageBuilder first({Method::binding, MessageClass::request}, MessageView::parse(sha1)->transaction_id());
  first.add(Username{vectors::kUsername}).add(Nonce{"f//499k954d6OL34oL9FSTvy64sA"}).add(Realm{vectors::kRealm});
  first.sign({IntegrityAlgorithm::sha1, crypto::md5({long_term_text()})});
  EXPECT_EQ(first.take(), sha1);

  const base::Bytes sha256 = vectors::bytes_of(vectors::kSampleSha256Request);
  const auto hash = crypto::sha256({as_bytes(vectors::kUsername), as_bytes(":"), as_bytes(vectors::kRealm)});
  MessageBuilder second({Method::binding, MessageClass::request}, first.transaction());
  second.add(UserHash{hash}).add(Nonce{"obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"}).add(Realm{vectors::kRealm});
  second.add(PasswordAlgorithm{PasswordAlgorithmId::sha256});
  second.sign({IntegrityAlgorithm::sha256, crypto::sha256({long_term_text()})});
  EXPECT_EQ(second.take(), sha256);
}

}  // namespace
}  // namespace turnd::stun
