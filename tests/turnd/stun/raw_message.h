// RawMessage: a STUN message put together by hand, so that it can be as wrong as a test needs it.
#pragma once

#include <cstdint>

#include "turnd/base/byte_reader.h"
#include "turnd/base/bytes.h"
#include "turnd/base/hex.h"
#include "turnd/stun/attribute_type.h"
#include "turnd/stun/fingerprint.h"
#include "turnd/stun/message_view.h"

namespace turnd::stun {

class RawMessage {
 public:
  explicit RawMessage(std::uint16_t type = 0x0001) {
    append_u16(type);
    append_u16(0);
    append(base::from_hex("2112a442b7e7a701bc34d686fa87dfae").value());
  }

  // The value as hexadecimal; padded with zeros.
  RawMessage& add(AttributeType type, std::string_view value) { return add_bytes(type, base::from_hex(value).value()); }
  RawMessage& add_bytes(AttributeType type, base::ByteView value) {
    append_header(type, value.size());
    append(value);
    while (bytes_.size() % 4 != 0) bytes_.push_back(0);
    return set_length(bytes_.size() - kHeaderSize);
  }
  // A header that claims more or less than what follows.
  RawMessage& add_header(AttributeType type, std::size_t size) {
    append_header(type, size);
    return set_length(bytes_.size() - kHeaderSize);
  }
  RawMessage& add_fingerprint() {
    set_length(bytes_.size() - kHeaderSize + kFingerprintSize);
    const std::uint32_t value = fingerprint_of(bytes_);
    append_header(AttributeType::fingerprint, 4);
    append_u16(static_cast<std::uint16_t>(value >> 16));
    append_u16(static_cast<std::uint16_t>(value & 0xFFFF));
    return *this;
  }
  RawMessage& set_length(std::size_t length) {
    bytes_[2] = static_cast<std::uint8_t>(length >> 8 & 0xFF);
    bytes_[3] = static_cast<std::uint8_t>(length & 0xFF);
    return *this;
  }

  [[nodiscard]] const base::Bytes& bytes() const { return bytes_; }

 private:
  void append(base::ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void append_u16(std::uint16_t value) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes_.push_back(static_cast<std::uint8_t>(value & 0xFF));
  }
  void append_header(AttributeType type, std::size_t size) {
    append_u16(static_cast<std::uint16_t>(type));
    append_u16(static_cast<std::uint16_t>(size));
  }

  base::Bytes bytes_;
};

}  // namespace turnd::stun
