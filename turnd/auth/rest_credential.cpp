#include "turnd/auth/rest_credential.h"

#include <charconv>

#include "turnd/base/bytes.h"
#include "turnd/crypto/base64.h"
#include "turnd/crypto/hmac.h"

namespace turnd::auth {
namespace {

// Seconds that fit a WallTime of nanoseconds (the year 2262); later ones are no timestamps of ours.
constexpr std::int64_t kLatest = 9'223'372'036;

}  // namespace

std::optional<RestUsername> parse_rest_username(std::string_view username) {
  const std::size_t colon = username.find(':');
  const std::string_view digits = username.substr(0, colon);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc{} || seconds > kLatest) return std::nullopt;
  return RestUsername{base::WallTime(std::chrono::seconds(seconds)),
                      colon == std::string_view::npos ? username : username.substr(colon + 1)};
}

RestCredential make_rest_credential(const base::Secret& secret, std::string_view user, base::WallTime expires) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(expires.time_since_epoch()).count();
  std::string username = std::to_string(seconds);
  if (!user.empty()) username.append(":").append(user);
  std::string password = rest_password(secret, username);
  return {std::move(username), std::move(password)};
}

std::string rest_password(const base::Secret& secret, std::string_view username) {
  return crypto::to_base64(crypto::hmac_sha1(base::as_bytes(secret.reveal()), {base::as_bytes(username)}));
}

}  // namespace turnd::auth
