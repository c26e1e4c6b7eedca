// Whatever parses as a message can be walked and read, and says the same when what is visible of it is written again.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "turnd/base/byte_writer.h"
#include "turnd/stun/fingerprint.h"
#include "turnd/stun/integrity.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/stun/turn_attributes.h"

namespace {

using namespace turnd;
using stun::MessageView;

constexpr std::uint8_t kKey[16] = {1, 2, 3};

void require(bool holds) {
  if (!holds) std::abort();
}

bool equal(base::ByteView a, base::ByteView b) { return std::ranges::equal(a, b); }

// What a typed attribute writes; nothing when it was absent or malformed.
template <class T>
std::optional<base::Bytes> body_of(const MessageView& message) {
  const auto attribute = message.get<T>();
  require(attribute.present == message.has(T::kType) && (attribute.present || !attribute.value));
  if (!attribute.value) return std::nullopt;
  base::Bytes body(message.find(T::kType)->size());  // nothing writes more than it read
  base::ByteWriter writer(body);
  attribute.value->write(writer, message.transaction_id());
  require(writer.ok());
  return base::to_owned(writer.written());
}

template <class... T>
void require_same_meaning(const MessageView& first, const MessageView& second) {
  (require(body_of<T>(first) == body_of<T>(second)), ...);
}

void require_same(const MessageView& first, const MessageView& second) {
  require(first.type() == second.type() && first.transaction_id() == second.transaction_id());
  auto at = second.attributes().begin();
  for (const stun::Attribute attribute : first.attributes()) {
    require(at != second.attributes().end());
    require((*at).type == attribute.type && equal((*at).value, attribute.value));
    ++at;
  }
  require(at == second.attributes().end());
  require(stun::unknown_required(first, {}) == stun::unknown_required(second, {}));
  require_same_meaning<stun::XorMappedAddress, stun::XorPeerAddress, stun::XorRelayedAddress, stun::Username,
                       stun::Realm, stun::Nonce, stun::Software, stun::UserHash, stun::ErrorCode,
                       stun::UnknownAttributes, stun::PasswordAlgorithm, stun::PasswordAlgorithms, stun::ChannelNumber,
                       stun::Lifetime, stun::Data, stun::RequestedAddressFamily, stun::AdditionalAddressFamily,
                       stun::EvenPort, stun::RequestedTransport, stun::DontFragment, stun::ReservationToken,
                       stun::AddressErrorCode, stun::Icmp>(first, second);
}

// Visible attributes lie in the message, in front of what signs it.
void require_bounds(const MessageView& message) {
  const auto integrity = message.integrity() ? message.integrity() : message.integrity_sha256();
  const std::size_t end = integrity ? integrity->offset : message.bytes().size();
  for (const stun::Attribute attribute : message.attributes()) {
    if (attribute.value.empty()) continue;
    require(attribute.value.data() >= message.bytes().data() + stun::kHeaderSize);
    require(attribute.value.data() + attribute.value.size() <= message.bytes().data() + end);
    require(attribute.type != stun::AttributeType::fingerprint);
  }
  for (const auto algorithm : {stun::IntegrityAlgorithm::sha1, stun::IntegrityAlgorithm::sha256})
    require(!stun::verify_integrity(message, {algorithm, {}}) || integrity.has_value());
}

void write_again(const MessageView& message) {
  stun::MessageBuilder again(message.type(), message.transaction_id());
  for (const stun::Attribute attribute : message.attributes()) again.add_raw(attribute.type, attribute.value);
  const base::Bytes plain = again.take();
  require(!plain.empty() || message.bytes().size() > stun::MessageBuilder::kCapacity);
  if (plain.empty()) return;
  require_same(message, *MessageView::parse(plain));

  again.sign({stun::IntegrityAlgorithm::sha1, kKey}).sign({stun::IntegrityAlgorithm::sha256, kKey}).fingerprint();
  const base::Bytes sealed = again.take();
  const auto view = MessageView::parse(sealed);
  if (!view) {  // no room for three attributes more
    const std::size_t size = plain.size() + 24 + 36 + stun::kFingerprintSize;
    const auto count =
        static_cast<std::size_t>(std::ranges::distance(message.attributes().begin(), message.attributes().end()));
    require(size > stun::MessageBuilder::kCapacity || count + 3 > stun::kMaxAttributes);
    return;
  }
  require_same(message, *view);
  require(view->has_fingerprint());
  require(stun::verify_integrity(*view, {stun::IntegrityAlgorithm::sha1, kKey}));
  require(stun::verify_integrity(*view, {stun::IntegrityAlgorithm::sha256, kKey}));
}

void check(base::ByteView input) {
  const auto message = MessageView::parse(input);
  if (!message) return;
  require_bounds(*message);
  write_again(*message);
}

// The input with a header that fits, and with a right fingerprint where it ends with any.
base::Bytes repaired(base::ByteView input) {
  base::Bytes bytes(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(input.size() / 4 * 4));
  if (bytes.size() < stun::kHeaderSize || bytes.size() > 0xFFFF) return {};
  base::Bytes start(8);
  base::ByteWriter header(start);
  header.u16(static_cast<std::uint16_t>((bytes[0] & 0x3F) << 8 | bytes[1]));
  header.u16(static_cast<std::uint16_t>(bytes.size() - stun::kHeaderSize));
  header.u32(stun::kMagicCookie);
  std::ranges::copy(start, bytes.begin());

  if (bytes.size() < stun::kHeaderSize + stun::kFingerprintSize) return bytes;
  const base::MutableBytes last = base::MutableBytes(bytes).last(stun::kFingerprintSize);
  if (last[0] != 0x80 || last[1] != 0x28) return bytes;
  base::ByteWriter fingerprint(last);
  fingerprint.u32(0x80280004);
  fingerprint.u32(stun::fingerprint_of(base::ByteView(bytes).first(bytes.size() - stun::kFingerprintSize)));
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size});
  check(repaired({data, size}));
  return 0;
}
