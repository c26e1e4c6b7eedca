#include "turnd/stun/message_builder.h"

#include <algorithm>

#include "turnd/crypto/hmac.h"
#include "turnd/stun/fingerprint.h"

namespace turnd::stun {
namespace {

constexpr std::size_t kLengthOffset = 2;
constexpr std::size_t kAttributeHeader = 4;

std::uint16_t length_of(std::size_t message_size) { return static_cast<std::uint16_t>(message_size - kHeaderSize); }

}  // namespace

MessageBuilder::MessageBuilder(MessageType type, const TransactionId& transaction)
    : writer_(buffer_), transaction_(transaction) {
  writer_.u16(encode(type));
  writer_.u16(0);
  writer_.u32(kMagicCookie);
  writer_.bytes(transaction);
}

MessageBuilder& MessageBuilder::add_raw(AttributeType type, base::ByteView value) {
  const std::size_t at = open(type);
  writer_.bytes(value);
  close(at);
  return *this;
}

MessageBuilder& MessageBuilder::sign(const IntegrityKey& key) {
  const bool sha256 = key.algorithm == IntegrityAlgorithm::sha256;
  const std::size_t size = sha256 ? crypto::HmacSha256{}.size() : crypto::HmacSha1{}.size();
  // The HMAC covers a length field that already counts the attribute (RFC 8489 s14.5).
  writer_.patch_u16(kLengthOffset, length_of(writer_.size() + kAttributeHeader + size));
  const base::ByteView covered = writer_.written();
  if (sha256) return add_raw(AttributeType::message_integrity_sha256, crypto::hmac_sha256(key.key, {covered}));
  return add_raw(AttributeType::message_integrity, crypto::hmac_sha1(key.key, {covered}));
}

MessageBuilder& MessageBuilder::fingerprint() {
  writer_.patch_u16(kLengthOffset, length_of(writer_.size() + kFingerprintSize));
  const std::uint32_t value = fingerprint_of(writer_.written());
  const std::size_t at = open(AttributeType::fingerprint);
  writer_.u32(value);
  close(at);
  return *this;
}

base::ByteView MessageBuilder::finish() { return writer_.ok() ? writer_.written() : base::ByteView{}; }

std::size_t MessageBuilder::open(AttributeType type) {
  writer_.u16(static_cast<std::uint16_t>(type));
  writer_.u16(0);
  return writer_.size();
}

void MessageBuilder::close(std::size_t at) {
  const std::size_t size = writer_.size() - at;
  writer_.zeros((4 - size % 4) % 4);
  writer_.patch_u16(at - 2, static_cast<std::uint16_t>(size));
  writer_.patch_u16(kLengthOffset, length_of(writer_.size()));
}

}  // namespace turnd::stun
