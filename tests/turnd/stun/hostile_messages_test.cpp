// Messages that broke other servers, and real ones cut short or changed: nothing of them is believed.
#include <gtest/gtest.h>

#include <memory>

#include "tests/turnd/stun/raw_message.h"
#include "tests/vectors/stun_messages.h"
#include "turnd/crypto/hash.h"
#include "turnd/stun/integrity.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/stun/turn_attributes.h"

namespace turnd::stun {
namespace {

struct Sample {
  std::string_view text;
  IntegrityAlgorithm algorithm;
  base::Bytes key;
};

std::vector<Sample> samples() {
  const base::Bytes short_term = base::to_owned(base::as_bytes(vectors::kShortTermPassword));
  const std::string user = std::string(vectors::kUsername) + ":example.org:TheMatrIX";
  const auto md5 = crypto::md5({base::as_bytes(user)});
  const auto sha256 = crypto::sha256({base::as_bytes(user)});
  return {{vectors::kSampleRequest, IntegrityAlgorithm::sha1, short_term},
          {vectors::kSampleIpv4Response, IntegrityAlgorithm::sha1, short_term},
          {vectors::kSampleIpv6Response, IntegrityAlgorithm::sha1, short_term},
          {vectors::kSampleLongTermRequest, IntegrityAlgorithm::sha1, {md5.begin(), md5.end()}},
          {vectors::kSampleSha256Request, IntegrityAlgorithm::sha256, {sha256.begin(), sha256.end()}}};
}

// On the heap with nothing behind it, where a sanitizer sees the first byte read too far.
class Exactly {
 public:
  explicit Exactly(base::ByteView bytes) : size_(bytes.size()), bytes_(new std::uint8_t[bytes.size()]) {
    std::copy(bytes.begin(), bytes.end(), bytes_.get());
  }
  [[nodiscard]] base::ByteView view() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<std::uint8_t[]> bytes_;
};

template <class... T>
std::size_t read_all(const MessageView& message) {
  return (std::size_t{0} + ... + (message.get<T>().value ? 1 : 0));
}

// Reads everything that can be read of a message.
std::size_t touch(const MessageView& message) {
  std::size_t touched = unknown_required(message, {}).size();
  for (const Attribute attribute : message.attributes())
    for (const std::uint8_t byte : attribute.value) touched += byte;
  return touched + read_all<XorMappedAddress, XorPeerAddress, XorRelayedAddress, Username, Realm, Nonce, Software,
                            UserHash, ErrorCode, UnknownAttributes, PasswordAlgorithm, PasswordAlgorithms,
                            ChannelNumber, Lifetime, Data, RequestedAddressFamily, AdditionalAddressFamily, EvenPort,
                            RequestedTransport, DontFragment, ReservationToken, AddressErrorCode, Icmp>(message);
}

bool is_believed(base::ByteView bytes, const Sample& sample) {
  const Exactly exactly(bytes);
  const auto message = MessageView::parse(exactly.view());
  if (!message) return false;
  touch(*message);
  return verify_integrity(*message, {sample.algorithm, sample.key});
}

TEST(HostileMessages, AreNotBelievedWhenTruncatedAtAnyLength) {
  for (const Sample& sample : samples()) {
    const base::Bytes whole = vectors::bytes_of(sample.text);
    ASSERT_TRUE(is_believed(whole, sample));
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_FALSE(MessageView::parse(Exactly(base::ByteView(whole).first(size)).view())) << size;
  }
}

// The length field is corrected after the cut, so that what is left has to stand for itself.
TEST(HostileMessages, AreNotBelievedWhenCutBetweenAttributesBeforeTheirIntegrity) {
  for (const Sample& sample : samples()) {
    const base::Bytes whole = vectors::bytes_of(sample.text);
    const auto message = MessageView::parse(whole);
    const auto position = message->integrity() ? message->integrity() : message->integrity_sha256();
    for (std::size_t size = kHeaderSize; size < position->offset + 4 + position->value.size(); size += 4) {
      base::Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      cut[3] = static_cast<std::uint8_t>(size - kHeaderSize);
      EXPECT_FALSE(is_believed(cut, sample)) << size;
    }
  }
}

TEST(HostileMessages, AreNotBelievedWhenAnyByteOfWhatIsSignedChanged) {
  for (const Sample& sample : samples()) {
    base::Bytes bytes = vectors::bytes_of(sample.text);
    const bool fingerprinted = MessageView::parse(bytes)->has_fingerprint();
    const std::size_t signed_size = bytes.size() - (fingerprinted ? kFingerprintSize : 0);
    for (std::size_t at = 0; at < bytes.size(); ++at)
      for (unsigned change = 1; change < 256; ++change) {
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ change);
        const bool believed = is_believed(bytes, sample);
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ change);
        if (believed && at < signed_size) FAIL() << "byte " << at << " xor " << change;
      }
  }
}

TEST(HostileMessages, AreRejectedWhenAByteBeforeTheFingerprintChanged_Rfc8489_s14_7) {
  base::Bytes bytes = vectors::bytes_of(vectors::kSampleRequest);
  for (std::size_t at = 0; at < bytes.size() - kFingerprintSize; ++at) {
    bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 0x10);
    EXPECT_FALSE(MessageView::parse(bytes)) << at;
    bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 0x10);
  }
}

TEST(HostileMessages, ThatAreTooLargeOrTooManyAreRefused) {
  RawMessage many(0x0016);
  for (int i = 0; i < 16'000; ++i) many.add(AttributeType{0}, "");
  EXPECT_EQ(MessageView::parse(many.bytes()).error(), ParseError::bad_attribute);

  const base::Bytes zeros(65'507);
  EXPECT_EQ(MessageView::parse(zeros).error(), ParseError::not_stun);
  base::Bytes datagram = RawMessage().set_length(0xFFFC).bytes();
  datagram.resize(kHeaderSize + 0xFFFC);
  EXPECT_EQ(MessageView::parse(datagram).error(), ParseError::too_long);
}

TEST(HostileMessages, WithBodiesOfWrongSizesAreMalformedAndNothingElse) {
  const std::pair<AttributeType, std::string_view> bodies[] = {
      {AttributeType::xor_mapped_address, ""},
      {AttributeType::xor_peer_address, "00002142"},
      {AttributeType::xor_peer_address, "000021425e12a443"},
      {AttributeType::xor_peer_address, "000321425e12a443"},
      {AttributeType::xor_peer_address, "000121425e12a4"},
      {AttributeType::xor_peer_address, "000121425e12a44300"},
      {AttributeType::xor_peer_address, "000221425e12a443"},
      {AttributeType::xor_peer_address, "000221422112a442000000000000000000000001ff"},
      {AttributeType::xor_peer_address, "000121422112a4420000000000000000000000ff"},
      {AttributeType::error_code, ""},
      {AttributeType::error_code, "000004"},
      {AttributeType::channel_number, ""},
      {AttributeType::channel_number, "4000"},
      {AttributeType::lifetime, ""},
      {AttributeType::lifetime, "0000"},
      {AttributeType::lifetime, "0000000000000258"},
      {AttributeType::even_port, ""},
      {AttributeType::reservation_token, "01020304050607"},
      {AttributeType::reservation_token, "010203040506070809"},
  };
  for (const auto& [type, body] : bodies) {
    const RawMessage raw = RawMessage().add(type, body);
    const auto message = MessageView::parse(Exactly(raw.bytes()).view());
    ASSERT_TRUE(message) << body;
    const auto parsed = MessageView::parse(raw.bytes());
    const std::size_t well_formed =
        read_all<XorMappedAddress, XorPeerAddress, ErrorCode, ChannelNumber, Lifetime, EvenPort, ReservationToken>(
            *parsed);
    EXPECT_EQ(well_formed, 0U) << static_cast<int>(type) << " " << body;
  }
}

TEST(HostileMessages, WithAnIntegrityOfAWrongSizeAreNotBelieved) {
  const base::Bytes key(16, 1);
  for (const std::size_t size : {0U, 1U, 4U, 12U, 15U, 16U, 18U, 19U, 21U, 24U, 33U, 36U}) {
    const base::Bytes body(size);
    const RawMessage sha1 = RawMessage().add_bytes(AttributeType::message_integrity, body);
    const RawMessage sha256 = RawMessage().add_bytes(AttributeType::message_integrity_sha256, body);
    EXPECT_FALSE(verify_integrity(*MessageView::parse(sha1.bytes()), {IntegrityAlgorithm::sha1, key})) << size;
    EXPECT_FALSE(verify_integrity(*MessageView::parse(sha256.bytes()), {IntegrityAlgorithm::sha256, key})) << size;
  }
}

}  // namespace
}  // namespace turnd::stun
