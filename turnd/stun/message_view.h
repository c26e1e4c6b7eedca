// MessageView: a STUN message that was checked as a whole, borrowed from the datagram it came in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "turnd/base/bytes.h"
#include "turnd/base/result.h"
#include "turnd/stun/attribute_type.h"
#include "turnd/stun/types.h"

namespace turnd::stun {

enum class ParseError : std::uint8_t {
  too_short,        // fewer than 20 bytes
  not_stun,         // top bits set, or no magic cookie
  bad_length,       // the length field is no multiple of 4, or is not what the datagram holds
  bad_attribute,    // an attribute reaches past the end, or there are more than kMaxAttributes
  too_long,         // a request larger than kMaxRequestSize
  bad_fingerprint,  // FINGERPRINT is present and wrong, or not the last attribute
};

inline constexpr std::size_t kMaxAttributes = 64;

struct Attribute {
  AttributeType type{};
  base::ByteView value;  // without padding
};

// Walks attributes that are known to be well-formed.
class AttributeIterator {
 public:
  using value_type = Attribute;
  using difference_type = std::ptrdiff_t;
  AttributeIterator() = default;
  explicit AttributeIterator(base::ByteView rest) : rest_(rest) {}
  Attribute operator*() const;
  AttributeIterator& operator++();
  AttributeIterator operator++(int) {
    const AttributeIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const AttributeIterator& at, std::default_sentinel_t) { return at.rest_.empty(); }

 private:
  base::ByteView rest_;
};

class AttributeRange {
 public:
  explicit AttributeRange(base::ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] AttributeIterator begin() const { return AttributeIterator(bytes_); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  base::ByteView bytes_;
};

// Where an integrity attribute stands, for whoever checks it.
struct IntegrityPosition {
  base::ByteView value;  // the HMAC as received, possibly truncated (SHA-256)
  std::size_t offset;    // of the attribute's header from the start of the message
};

// Holding a MessageView means: header, lengths, padding and FINGERPRINT were all checked. It borrows:
// it never outlives the datagram. `attributes()` and `find` end at the first MESSAGE-INTEGRITY or
// MESSAGE-INTEGRITY-SHA256 (RFC 8489 s14.5, s14.6): nothing after it can have any effect.
class MessageView {
 public:
  // `datagram` is exactly one message. Never throws, never allocates.
  [[nodiscard]] static base::Result<MessageView, ParseError> parse(base::ByteView datagram);

  [[nodiscard]] MessageType type() const { return type_; }
  [[nodiscard]] Method method() const { return type_.method; }
  [[nodiscard]] bool is(MessageClass kind) const { return type_.message_class == kind; }
  [[nodiscard]] TransactionId transaction_id() const;
  [[nodiscard]] base::ByteView bytes() const { return bytes_; }
  [[nodiscard]] bool has_fingerprint() const { return has_fingerprint_; }

  // Attributes before the integrity attributes, in order.
  [[nodiscard]] AttributeRange attributes() const { return AttributeRange(bytes_.subspan(kHeaderSize, covered_)); }
  // The first one of its type (RFC 8489 s14: later duplicates are ignored).
  [[nodiscard]] std::optional<base::ByteView> find(AttributeType type) const;
  [[nodiscard]] bool has(AttributeType type) const { return find(type).has_value(); }

  // A typed attribute (stun_attributes.h, turn_attributes.h). `absent` and `malformed` differ: the
  // second is answered with 400.
  template <class T>
  struct Typed {
    std::optional<T> value;
    bool present = false;
    [[nodiscard]] bool malformed() const { return present && !value; }
  };
  template <class T>
  [[nodiscard]] Typed<T> get() const {
    const auto body = find(T::kType);
    if (!body) return {};
    return {T::read(*body, *this), true};
  }

  [[nodiscard]] std::optional<IntegrityPosition> integrity() const { return integrity_; }
  // Also found when it follows MESSAGE-INTEGRITY, as RFC 8489 s9.1.3.1 allows.
  [[nodiscard]] std::optional<IntegrityPosition> integrity_sha256() const { return integrity_sha256_; }

 private:
  explicit MessageView(base::ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] std::optional<ParseError> scan();
  [[nodiscard]] bool seen_integrity() const { return integrity_ || integrity_sha256_; }
  void note_integrity(AttributeType type, const IntegrityPosition& position);
  [[nodiscard]] bool has_right_fingerprint(std::size_t at, base::ByteView value) const;

  base::ByteView bytes_;
  MessageType type_{};
  std::size_t covered_ = 0;  // bytes of attributes before the first integrity attribute or FINGERPRINT
  std::optional<IntegrityPosition> integrity_;
  std::optional<IntegrityPosition> integrity_sha256_;
  bool has_fingerprint_ = false;
};

// Comprehension-required attributes that are not in `known` (RFC 8489 s6.3.1), first 16, in order.
[[nodiscard]] std::vector<AttributeType> unknown_required(const MessageView& message,
                                                          std::span<const AttributeType> known);

}  // namespace turnd::stun
