#include "turnd/stun/integrity.h"

#include <array>

#include "turnd/crypto/constant_time.h"
#include "turnd/crypto/hmac.h"

namespace turnd::stun {
namespace {

constexpr std::size_t kAttributeHeader = 4;
constexpr std::size_t kShortestSha256 = 16;

// What the HMAC covers: everything before the attribute, with a length field that ends with the attribute.
struct Covered {
  std::array<std::uint8_t, 4> start;
  base::ByteView rest;
};

Covered covered_by(const MessageView& message, const IntegrityPosition& position) {
  const base::ByteView bytes = message.bytes();
  const std::size_t length = position.offset + kAttributeHeader + position.value.size() - kHeaderSize;
  return {{bytes[0], bytes[1], static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length & 0xFF)},
          bytes.subspan(4, position.offset - 4)};
}

bool verify_sha1(const MessageView& message, base::ByteView key) {
  const auto position = message.integrity();
  if (!position || position->value.size() != crypto::HmacSha1{}.size()) return false;
  const Covered covered = covered_by(message, *position);
  return crypto::constant_time_equal(crypto::hmac_sha1(key, {covered.start, covered.rest}), position->value);
}

bool verify_sha256(const MessageView& message, base::ByteView key) {
  const auto position = message.integrity_sha256();
  if (!position) return false;
  const std::size_t size = position->value.size();
  if (size < kShortestSha256 || size > crypto::HmacSha256{}.size() || size % 4 != 0) return false;
  const Covered covered = covered_by(message, *position);
  const auto expected = crypto::hmac_sha256(key, {covered.start, covered.rest});
  return crypto::constant_time_equal(base::ByteView(expected).first(size), position->value);
}

}  // namespace

bool verify_integrity(const MessageView& message, const IntegrityKey& key) {
  return key.algorithm == IntegrityAlgorithm::sha256 ? verify_sha256(message, key.key) : verify_sha1(message, key.key);
}

}  // namespace turnd::stun
