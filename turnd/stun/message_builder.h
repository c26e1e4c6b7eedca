// MessageBuilder: writes one STUN message into a buffer of its own, attribute by attribute.
#pragma once

#include <array>
#include <cstdint>

#include "turnd/base/byte_writer.h"
#include "turnd/base/bytes.h"
#include "turnd/stun/attribute_type.h"
#include "turnd/stun/types.h"

namespace turnd::stun {

enum class IntegrityAlgorithm : std::uint8_t { sha1, sha256 };

// What signs a reply: the key and the attribute that the request used.
struct IntegrityKey {
  IntegrityAlgorithm algorithm = IntegrityAlgorithm::sha1;
  base::ByteView key;  // borrowed: the long-term key of the user
};

// Attributes are written in call order; padding is zero; the length field is always right. Sign, then
// fingerprint, last. Overflow of `kCapacity` makes `finish()` return an empty view; no reply of ours
// comes near it.
class MessageBuilder {
 public:
  static constexpr std::size_t kCapacity = 2048;

  MessageBuilder(MessageType type, const TransactionId& transaction);
  MessageBuilder(const MessageBuilder&) = delete;
  MessageBuilder& operator=(const MessageBuilder&) = delete;

  // A typed attribute: T::kType and `void write(ByteWriter&, const TransactionId&) const`.
  template <class T>
  MessageBuilder& add(const T& attribute) {
    const std::size_t at = open(T::kType);
    attribute.write(writer_, transaction_);
    close(at);
    return *this;
  }
  MessageBuilder& add_raw(AttributeType type, base::ByteView value);

  // MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 over everything so far (RFC 8489 s14.5, s14.6).
  MessageBuilder& sign(const IntegrityKey& key);
  // FINGERPRINT (RFC 8489 s14.7).
  MessageBuilder& fingerprint();

  [[nodiscard]] const TransactionId& transaction() const { return transaction_; }
  [[nodiscard]] base::ByteView finish();  // borrowed from this builder
  [[nodiscard]] base::Bytes take() { return base::to_owned(finish()); }

 private:
  std::size_t open(AttributeType type);
  void close(std::size_t at);

  std::array<std::uint8_t, kCapacity> buffer_{};  // zeroed: no byte of a reply can be an old one
  base::ByteWriter writer_;
  TransactionId transaction_;
};

}  // namespace turnd::stun
