// Tokens: sessions of accounts (an access token with a rotating refresh token) and whose token it is that somebody
// shows.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/protocol/failure.h"
#include "signaling/service/access_token.h"
#include "signaling/service/effects.h"
#include "signaling/service/user.h"
#include "turnd/base/random_source.h"

namespace signaling::service {

struct TokenSettings {
  std::chrono::seconds access_ttl = std::chrono::minutes(15);
  std::chrono::seconds refresh_ttl = std::chrono::hours(24 * 30);
  bool guests = true;  // to begin with
};

// Where a session was opened, for the list of them.
struct ClientNote {
  std::string user_agent;
  std::string ip;
};

struct TokenPair {
  std::string access_token;
  std::string refresh_token;
  std::chrono::seconds expires_in{};  // of the access token
};

struct Refreshed {
  TokenPair tokens;
  User user;
};

// Refresh tokens are 256 random bits, stored as SHA-256. The tokens that follow from one log-in are a family; using one
// of them twice ends it, because one of the two users is a thief (A3). The access token names its family, so that it
// dies with it. Stateless apart from its settings; on any thread.
class Tokens {
 public:
  Tokens(AccessTokens access, TokenSettings settings, turnd::base::RandomSource random)
      : access_(std::move(access)), settings_(settings), guests_(settings.guests), random_(std::move(random)) {}

  // auth.guests as it is now: off, the tokens of guests are void.
  [[nodiscard]] bool guests_allowed() const { return guests_; }
  void allow_guests(bool allowed) { guests_ = allowed; }

  [[nodiscard]] TokenPair start(store::Connection& db, const User& user, const ClientNote& note, WallTime now) const;
  // A fresh pair inside a family, whose older tokens are used up.
  [[nodiscard]] TokenPair go_on(store::Connection& db, const User& user, const std::string& family,
                                const ClientNote& note, WallTime now) const;
  // 401 for a token that is unknown, expired, revoked or used; the last ends the family.
  [[nodiscard]] protocol::Outcome<Refreshed> refresh(store::Connection& db, std::string_view refresh_token,
                                                     const ClientNote& note, WallTime now, Effects& effects) const;

  // The family a refresh token belongs to, in hex.
  [[nodiscard]] std::optional<std::string> family_of(store::Connection& db, std::string_view refresh_token) const;
  void end_family(store::Connection& db, const std::string& family, WallTime now, Effects& effects) const;
  // Every token of the account, at once; but not the refresh tokens of one family.
  void end_all(store::Connection& db, std::int64_t user_id, const std::string& except_family, WallTime now,
               Effects& effects) const;

  // Pure: the signature and the times. Then, with the database, whether it still holds: account or guest there, active,
  // same epoch, family alive.
  [[nodiscard]] protocol::Outcome<Claims> verify(std::string_view access_token, WallTime now) const {
    return access_.verify(access_token, now);
  }
  [[nodiscard]] protocol::Outcome<Identity> identify(store::Connection& db, const Claims& claims) const;
  [[nodiscard]] protocol::Outcome<Identity> identify(store::Connection& db, std::string_view access_token,
                                                     WallTime now) const;

  [[nodiscard]] std::string sign_guest(const std::string& guest_id, const std::string& name,
                                       const std::optional<std::string>& meeting, WallTime now) const;
  // 128 or 256 random bits, for URLs.
  [[nodiscard]] std::string random_text(std::size_t bytes) const;
  [[nodiscard]] const TokenSettings& settings() const { return settings_; }

 private:
  [[nodiscard]] std::string sign_access(const User& user, const std::string& family, WallTime now) const;
  [[nodiscard]] protocol::Outcome<Identity> identify_guest(store::Connection& db, const Claims& claims) const;
  [[nodiscard]] protocol::Outcome<Identity> identify_account(store::Connection& db, const Claims& claims) const;

  AccessTokens access_;
  TokenSettings settings_;
  std::atomic<bool> guests_;
  turnd::base::RandomSource random_;
};

// What a secret text (refresh token, one-time token, API key) is stored as.
[[nodiscard]] turnd::base::Bytes stored_secret(std::string_view secret);

inline constexpr std::int64_t kMostGuests = 1'000'000;
// Deletes tokens and guests that nobody can use any more, and of more guests than `most_guests` those who were here
// longest ago; up to `most` of each. True: there are more.
bool prune_tokens(store::Connection& db, std::size_t most, WallTime now, std::int64_t most_guests = kMostGuests);

}  // namespace signaling::service
