// The attributes of RFC 8489 s14, each a small value that reads and writes its body.
//
// `read(body, message)` returns nullopt when the body is malformed; `write` writes the body only.
// Text attributes borrow from the message.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "turnd/base/byte_writer.h"
#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/stun/attribute_type.h"
#include "turnd/stun/message_view.h"

namespace turnd::stun {

// The shared body of the XOR-*-ADDRESS attributes (RFC 8489 s14.2).
std::optional<base::Endpoint> read_xor_address(base::ByteView body, const MessageView& message);
void write_xor_address(const base::Endpoint& endpoint, base::ByteWriter& out, const TransactionId& transaction);

template <AttributeType Type>
struct XorAddress {
  static constexpr AttributeType kType = Type;
  base::Endpoint endpoint;

  static std::optional<XorAddress> read(base::ByteView body, const MessageView& message) {
    const auto endpoint = read_xor_address(body, message);
    if (!endpoint) return std::nullopt;
    return XorAddress{*endpoint};
  }
  void write(base::ByteWriter& out, const TransactionId& transaction) const {
    write_xor_address(endpoint, out, transaction);
  }
};
using XorMappedAddress = XorAddress<AttributeType::xor_mapped_address>;

// Bytes with an upper bound; USERNAME, REALM, NONCE and SOFTWARE share it.
template <AttributeType Type, std::size_t MaxBytes>
struct TextAttribute {
  static constexpr AttributeType kType = Type;
  static constexpr std::size_t kMaxBytes = MaxBytes;
  std::string_view text;

  static std::optional<TextAttribute> read(base::ByteView body, const MessageView&) {
    if (body.size() > MaxBytes) return std::nullopt;
    return TextAttribute{base::as_text(body)};
  }
  void write(base::ByteWriter& out, const TransactionId&) const { out.bytes(base::as_bytes(text)); }
};
using Username = TextAttribute<AttributeType::username, 508>;  // RFC 8489 s14.3: fewer than 509 bytes
using Realm = TextAttribute<AttributeType::realm, 763>;        // s14.9: at most 763 bytes
using Nonce = TextAttribute<AttributeType::nonce, 763>;        // s14.10
using Software = TextAttribute<AttributeType::software, 763>;  // s14.14

// s14.4: SHA-256(username ":" realm), 32 bytes.
struct UserHash {
  static constexpr AttributeType kType = AttributeType::userhash;
  base::ByteView hash;
  static std::optional<UserHash> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const { out.bytes(hash); }
};

// s14.8. The reason phrase is written empty by default: less to amplify, nothing to leak.
struct ErrorCode {
  static constexpr AttributeType kType = AttributeType::error_code;
  int code = 0;  // 300 to 699
  std::string_view reason = {};
  static std::optional<ErrorCode> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s14.13
struct UnknownAttributes {
  static constexpr AttributeType kType = AttributeType::unknown_attributes;
  std::vector<AttributeType> types;
  static std::optional<UnknownAttributes> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s18.5: how the long-term key is derived from the password.
enum class PasswordAlgorithmId : std::uint16_t { md5 = 0x0001, sha256 = 0x0002 };

// s14.12; parameters are empty for both registered algorithms, anything else is malformed.
struct PasswordAlgorithm {
  static constexpr AttributeType kType = AttributeType::password_algorithm;
  PasswordAlgorithmId id{};
  static std::optional<PasswordAlgorithm> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s14.11
struct PasswordAlgorithms {
  static constexpr AttributeType kType = AttributeType::password_algorithms;
  std::vector<PasswordAlgorithmId> ids;
  static std::optional<PasswordAlgorithms> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

}  // namespace turnd::stun
