// The routes of accounts, users, participants and notifications, and what they work with.
#pragma once

#include "signaling/api/call.h"
#include "signaling/api/router.h"
#include "signaling/service/accounts.h"
#include "signaling/service/guests.h"
#include "signaling/service/hash_pool.h"
#include "signaling/service/participants.h"
#include "signaling/service/rate_limits.h"
#include "signaling/service/users.h"

namespace signaling::api {

// Outlives the router.
struct AccountParts {
  const service::Tokens& tokens;
  const service::Accounts& accounts;
  const service::Users& users;
  const service::Guests& guests;
  service::HashPool& hashing;
  service::RateLimiter& tries_by_address;  // limits.login (C5, A12): failed tries
  service::RateLimiter& tries_by_account;
  service::RateLimiter& mails_by_address;  // /forgot: beyond it nothing is mailed, and nobody is told
  service::RateLimiter& mails_by_account;
  service::RateLimiter& guesses;            // of meetings, by who wants to be a guest of one
  service::RateLimiter& new_guests;         // limits.join: made from one address
  const service::MeetingContext& meetings;  // of those that go with their host
};
void add_session_routes(Router& router, const AccountParts& parts);   // sign-up to log-out, guests, me
void add_password_routes(Router& router, const AccountParts& parts);  // password, forgot, reset, verify
void add_user_routes(Router& router, const AccountParts& parts);
void add_participant_routes(Router& router, const service::Participants& participants);
void add_notification_routes(Router& router);

// How often /forgot may send mail: to one address, and from one.
inline constexpr service::Rate kMailsByAccount{.count = 10, .per = std::chrono::hours(1)};
inline constexpr service::Rate kMailsByAddress{.count = 100, .per = std::chrono::hours(1)};

// When the call's head had come, on the clock of the rate limits.
[[nodiscard]] inline service::TimePoint arrival(const Call& call) {
  return service::TimePoint(call.request().received.time_since_epoch());
}

// For Surroundings::identify: a token of either kind, or an API key.
[[nodiscard]] Outcome<service::Identity> identify(const service::Tokens& tokens, store::Connection& db,
                                                  const Credentials& shown, WallTime now);

}  // namespace signaling::api
