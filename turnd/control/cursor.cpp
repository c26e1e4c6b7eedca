#include "turnd/control/cursor.h"

#include <bit>

#include "turnd/base/byte_reader.h"
#include "turnd/base/byte_writer.h"
#include "turnd/base/bytes.h"
#include "turnd/base/hex.h"

namespace turnd::control {
namespace {

constexpr std::size_t kTagBytes = 8;

std::uint64_t little_endian(base::ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  return value;
}

// SipHash-2-4 (Aumasson, Bernstein 2012): a keyed 64-bit tag for short messages, without a crypto library.
class SipHash {
 public:
  explicit SipHash(const CursorSeal::Key& key) {
    const base::ByteView bytes(key);
    const std::uint64_t k0 = little_endian(bytes.first(8));
    const std::uint64_t k1 = little_endian(bytes.last(8));
    v_ = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
  }

  std::uint64_t tag(base::ByteView message) {
    const std::uint64_t last = static_cast<std::uint64_t>(message.size()) << 56;
    for (; message.size() >= 8; message = message.subspan(8)) absorb(little_endian(message.first(8)));
    absorb(last | little_endian(message));
    v_[2] ^= 0xFF;
    for (int i = 0; i < 4; ++i) round();
    return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
  }

 private:
  void absorb(std::uint64_t word) {
    v_[3] ^= word;
    round();
    round();
    v_[0] ^= word;
  }
  void round() {
    v_[0] += v_[1];
    v_[1] = std::rotl(v_[1], 13) ^ v_[0];
    v_[0] = std::rotl(v_[0], 32);
    v_[2] += v_[3];
    v_[3] = std::rotl(v_[3], 16) ^ v_[2];
    v_[0] += v_[3];
    v_[3] = std::rotl(v_[3], 21) ^ v_[0];
    v_[2] += v_[1];
    v_[1] = std::rotl(v_[1], 17) ^ v_[2];
    v_[2] = std::rotl(v_[2], 32);
  }

  std::array<std::uint64_t, 4> v_{};
};

std::uint64_t tag_of(const CursorSeal::Key& key, std::string_view list, std::string_view position) {
  std::string message(list);
  message += '\0';  // list names hold none: ("ab", "c") and ("a", "bc") differ
  message += position;
  return SipHash(key).tag(base::as_bytes(message));
}

}  // namespace

std::string CursorSeal::seal(std::string_view list, std::string_view position) const {
  std::array<std::uint8_t, kTagBytes> tag{};
  base::ByteWriter(tag).u64(tag_of(key_, list, position));
  return base::to_hex(tag) + base::to_hex(base::as_bytes(position));
}

std::optional<std::string> CursorSeal::open(std::string_view list, std::string_view cursor) const {
  const std::optional<base::Bytes> bytes = base::from_hex(cursor);
  if (!bytes || bytes->size() < kTagBytes) return std::nullopt;
  base::ByteReader in(*bytes);
  const std::uint64_t tag = in.u64();
  const std::string_view position = base::as_text(in.rest());
  if (tag != tag_of(key_, list, position)) return std::nullopt;
  return std::string(position);
}

}  // namespace turnd::control
