#include "turnd/stun/message_view.h"

#include <algorithm>

#include "turnd/base/byte_reader.h"
#include "turnd/stun/fingerprint.h"

namespace turnd::stun {
namespace {

using base::ByteReader;
using base::ByteView;

constexpr std::size_t kAttributeHeader = 4;
constexpr std::size_t kReportedUnknown = 16;

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

// The attribute at the front of bytes that were checked.
Attribute front(ByteView bytes) {
  ByteReader reader(bytes);
  const auto type = static_cast<AttributeType>(reader.u16());
  const std::size_t size = reader.u16();
  return {type, reader.bytes(size)};
}

bool is_integrity(AttributeType type) {
  return type == AttributeType::message_integrity || type == AttributeType::message_integrity_sha256;
}

}  // namespace

Attribute AttributeIterator::operator*() const { return front(rest_); }

AttributeIterator& AttributeIterator::operator++() {
  const std::size_t size = kAttributeHeader + padded(front(rest_).value.size());
  rest_ = rest_.subspan(std::min(size, rest_.size()));
  return *this;
}

base::Result<MessageView, ParseError> MessageView::parse(ByteView datagram) {
  if (datagram.size() < kHeaderSize) return ParseError::too_short;
  ByteReader header(datagram);
  const std::uint16_t type = header.u16();
  const std::size_t length = header.u16();
  if ((type & 0xC000) != 0 || header.u32() != kMagicCookie) return ParseError::not_stun;
  if (length % 4 != 0 || length != datagram.size() - kHeaderSize) return ParseError::bad_length;

  MessageView view(datagram);
  view.type_ = decode_message_type(type);
  if (view.is(MessageClass::request) && datagram.size() > kMaxRequestSize) return ParseError::too_long;
  if (const auto error = view.scan()) return *error;
  return view;
}

std::optional<ParseError> MessageView::scan() {
  std::size_t at = kHeaderSize;
  covered_ = bytes_.size() - kHeaderSize;
  for (std::size_t count = 0; at < bytes_.size(); ++count) {
    if (count == kMaxAttributes) return ParseError::bad_attribute;
    ByteReader reader(bytes_.subspan(at));
    const auto type = static_cast<AttributeType>(reader.u16());
    const std::size_t size = reader.u16();
    if (padded(size) > reader.remaining()) return ParseError::bad_attribute;
    const ByteView value = reader.bytes(size);
    const std::size_t next = at + kAttributeHeader + padded(size);
    if (type == AttributeType::fingerprint) {
      if (next != bytes_.size() || !has_right_fingerprint(at, value)) return ParseError::bad_fingerprint;
      has_fingerprint_ = true;
      if (!seen_integrity()) covered_ = at - kHeaderSize;
    }
    note_integrity(type, {value, at});
    at = next;
  }
  return std::nullopt;
}

// The first of either ends what is visible. After MESSAGE-INTEGRITY only MESSAGE-INTEGRITY-SHA256 still counts (RFC
// 8489 s14.5), after that one neither does (s14.6).
void MessageView::note_integrity(AttributeType type, const IntegrityPosition& position) {
  if (!is_integrity(type)) return;
  if (!seen_integrity()) covered_ = position.offset - kHeaderSize;
  if (type == AttributeType::message_integrity_sha256) {
    if (!integrity_sha256_) integrity_sha256_ = position;
  } else if (!integrity_ && !integrity_sha256_) {
    integrity_ = position;
  }
}

bool MessageView::has_right_fingerprint(std::size_t at, ByteView value) const {
  if (value.size() != 4) return false;
  return ByteReader(value).u32() == fingerprint_of(bytes_.first(at));
}

TransactionId MessageView::transaction_id() const {
  TransactionId id{};
  std::ranges::copy(bytes_.subspan(8, id.size()), id.begin());
  return id;
}

std::optional<ByteView> MessageView::find(AttributeType type) const {
  for (const Attribute attribute : attributes())
    if (attribute.type == type) return attribute.value;
  return std::nullopt;
}

std::vector<AttributeType> unknown_required(const MessageView& message, std::span<const AttributeType> known) {
  std::vector<AttributeType> unknown;
  for (const Attribute attribute : message.attributes()) {
    if (unknown.size() == kReportedUnknown) break;
    if (!is_comprehension_required(attribute.type)) continue;
    const bool is_known = std::ranges::find(known, attribute.type) != known.end();
    const bool is_listed = std::ranges::find(unknown, attribute.type) != unknown.end();
    if (!is_known && !is_listed) unknown.push_back(attribute.type);
  }
  return unknown;
}

}  // namespace turnd::stun
