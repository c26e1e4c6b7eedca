// No token is believed that our key did not sign, and what is believed is in time: tokens from the input as they are,
// signed by us around the input, and ours with a byte changed.
#include <cstdlib>
#include <string>
#include <string_view>

#include "signaling/service/access_token.h"
#include "signaling/service/base64url.h"
#include "turnd/crypto/hmac.h"

namespace {

using namespace signaling::service;
namespace base = turnd::base;

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

const AccessTokens& tokens() {
  static const AccessTokens made(*SigningKey::make(TokenAlgorithm::hs256, base::Secret(std::string(kSecret))),
                                 "https://meet.example.org");
  return made;
}

const std::string& ours() {
  static const std::string token = [] {
    Claims claims;
    claims.subject = "7";
    claims.role = "user";
    claims.name = "Ann";
    claims.issued_at = kNow;
    claims.expires_at = kNow + std::chrono::minutes(15);
    return tokens().sign(claims);
  }();
  return token;
}

void require(bool holds) {
  if (!holds) std::abort();
}

void check_base64url(std::string_view text) {
  if (const auto bytes = from_base64url(text)) require(to_base64url(*bytes) == text);
}

// Up to the first newline the header, then the body.
std::string signed_around(std::string_view input) {
  const auto end = std::min(input.find('\n'), input.size());
  const std::string text = to_base64url(base::as_bytes(input.substr(0, end))) + '.' +
                           to_base64url(base::as_bytes(input.substr(std::min(end + 1, input.size()))));
  return text + '.' + to_base64url(turnd::crypto::hmac_sha256(base::as_bytes(kSecret), {base::as_bytes(text)}));
}

void check_signed(std::string_view input) {
  const auto claims = tokens().verify(signed_around(input), kNow);
  if (!claims) return;
  require(claims->expires_at > kNow);
  (void)claims->user_id();
  (void)claims->guest_id();
  require(tokens().verify(tokens().sign(*claims), kNow).has_value());
}

void check_changed(std::string_view input) {
  std::string token = ours();
  for (std::size_t i = 0; i + 1 < input.size(); i += 2)
    token[static_cast<unsigned char>(input[i]) * token.size() / 256] = input[i + 1];
  require(tokens().verify(token, kNow).has_value() == (token == ours()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input = base::as_text({data + 1, size - 1});
  switch (data[0] % 4) {
    case 0:
      require(input == ours() || !tokens().verify(input, kNow));
      break;
    case 1:
      check_signed(input);
      break;
    case 2:
      check_changed(input);
      break;
    default:
      check_base64url(input);
  }
  return 0;
}
