#include "signaling/services.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "turnd/config/units.h"
#include "turnd/crypto/random.h"

namespace signaling {
namespace {

std::chrono::seconds whole_seconds(std::chrono::milliseconds duration) {
  return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(duration));
}

// "15m", or a bare number of seconds, as other servers take it.
std::optional<std::chrono::milliseconds> ttl_of_environment() {
  const char* given = std::getenv("JWT_EXPIRES_IN");
  if (given == nullptr || *given == '\0') return std::nullopt;
  const std::string text(given);
  if (const auto duration = turnd::config::parse_duration(text); duration && duration->count() > 0) return duration;
  const auto seconds = turnd::config::parse_duration(text + "s");
  return seconds && seconds->count() > 0 ? seconds : std::nullopt;
}

service::AccessTokens access_tokens(service::SigningKey key, std::optional<service::SigningKey> previous,
                                    const std::string& issuer) {
  service::AccessTokens tokens(std::move(key), issuer);
  if (previous) tokens.accept(std::move(*previous));
  return tokens;
}

}  // namespace

service::TokenAlgorithm token_algorithm(const config::Auth& auth) {
  switch (auth.algorithm) {
    case config::Algorithm::hs256:
      return service::TokenAlgorithm::hs256;
    case config::Algorithm::eddsa:
      return service::TokenAlgorithm::eddsa;
  }
  return service::TokenAlgorithm::hs256;
}

service::TokenSettings token_settings(const config::Auth& auth) {
  return {.access_ttl = whole_seconds(ttl_of_environment().value_or(auth.access_ttl)),
          .refresh_ttl = whole_seconds(auth.refresh_ttl),
          .guests = auth.guests};
}

Services::Services(const config::Config& config, service::SigningKey key, std::optional<service::SigningKey> previous)
    : limits(config.limits),
      tokens(access_tokens(std::move(key), std::move(previous), config.public_url), token_settings(config.auth),
             turnd::crypto::system_random),
      accounts(tokens, {.signup = config.auth.signup,
                        .mail = {.enabled = config.smtp.has_value(), .public_url = config.public_url}}),
      users(tokens, accounts),
      guests(tokens),
      participants(turnd::crypto::system_random),
      messages({.most_bytes = static_cast<std::size_t>(config.limits.message),
                .open_clear = config.compat.open_clear,
                .log_text = config.log.message_text}),
      conversations({.open_clear = config.compat.open_clear}),
      lobby(messages, participants) {}

}  // namespace signaling
