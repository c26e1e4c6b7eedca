#include "turnd/auth/nonce.h"

#include "turnd/base/byte_reader.h"
#include "turnd/base/byte_writer.h"
#include "turnd/crypto/base64.h"
#include "turnd/crypto/constant_time.h"

namespace turnd::auth {
namespace {

// RFC 8489 s9.2: the cookie and 24 feature bits in base64, most significant first.
//   obMatJos2 | 4 digits | base64( time 8 | SipHash under the first key 8 | under the second 8 )
constexpr std::string_view kCookie = "obMatJos2";
constexpr std::size_t kFeatureDigits = 4;
constexpr std::size_t kPrefix = 13;
constexpr std::size_t kTime = 8;
constexpr std::size_t kMac = 16;
constexpr std::uint8_t kPasswordAlgorithms = 0x80;  // s18.1 bit 0
constexpr std::uint8_t kUsernameAnonymity = 0x40;   // bit 1

std::string prefix_of(SecurityFeatures features) {
  const auto bits = static_cast<std::uint8_t>((features.password_algorithms ? kPasswordAlgorithms : 0) |
                                              (features.username_anonymity ? kUsernameAnonymity : 0));
  const std::array<std::uint8_t, 3> octets{bits, 0, 0};
  return std::string(kCookie) + crypto::to_base64(octets);
}

using Mac = std::array<std::uint8_t, kMac>;

// It covers the prefix too: nobody can take an offer out of it.
Mac mac_of(const std::array<SipKey, 2>& keys, std::string_view prefix, base::ByteView time,
           const base::Endpoint& client) {
  std::array<std::uint8_t, kPrefix + kTime + 3 + 16> covered{};
  base::ByteWriter writer(covered);
  writer.bytes(base::as_bytes(prefix));
  writer.bytes(time);
  writer.u8(client.address.is_v4() ? 4 : 6);
  writer.u16(client.port);
  writer.bytes(client.address.octets());
  Mac mac{};
  base::ByteWriter into(mac);
  for (const SipKey& key : keys) into.u64(siphash(key, writer.written()));
  return mac;
}

}  // namespace

NonceFactory::NonceFactory(const NonceKey& key) : keys_{} {
  base::ByteReader reader(key);
  for (SipKey& each : keys_)
    for (std::uint64_t& word : each) word = reader.u64();
}

std::string NonceFactory::make(const base::Endpoint& client, SecurityFeatures features, base::TimePoint now) const {
  std::array<std::uint8_t, kTime + kMac> body{};
  base::ByteWriter writer(body);
  writer.u64(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  std::string nonce = prefix_of(features);
  writer.bytes(mac_of(keys_, nonce, writer.written(), client));
  return nonce + crypto::to_base64(body);
}

NonceVerdict NonceFactory::check(std::string_view nonce, const base::Endpoint& client, base::Duration lifetime,
                                 base::TimePoint now) const {
  if (!nonce.starts_with(kCookie) || nonce.size() <= kPrefix) return NonceVerdict::forged;
  const auto body = crypto::from_base64(nonce.substr(kPrefix));
  if (!body || body->size() != kTime + kMac) return NonceVerdict::forged;
  const base::ByteView time = base::ByteView(*body).first(kTime);
  const auto expected = mac_of(keys_, nonce.substr(0, kPrefix), time, client);
  if (!crypto::constant_time_equal(expected, base::ByteView(*body).subspan(kTime))) return NonceVerdict::forged;
  const auto made = base::TimePoint(base::Duration(static_cast<std::int64_t>(base::ByteReader(time).u64())));
  // From the future: made before a reboot, when the monotonic clock was further.
  return made > now || now - made > lifetime ? NonceVerdict::stale : NonceVerdict::fresh;
}

SecurityFeatures features_of(std::string_view nonce) {
  if (!nonce.starts_with(kCookie) || nonce.size() < kPrefix) return {false, false};
  const auto bits = crypto::from_base64(nonce.substr(kCookie.size(), kFeatureDigits));
  if (!bits || bits->empty()) return {false, false};
  return {((*bits)[0] & kPasswordAlgorithms) != 0, ((*bits)[0] & kUsernameAnonymity) != 0};
}

}  // namespace turnd::auth
