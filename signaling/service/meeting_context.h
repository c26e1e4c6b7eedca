// MeetingContext: what the services about meetings share: the operator's rules, keys, randomness and the rate buckets.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "signaling/service/rate_limits.h"
#include "signaling/service/request_watch.h"
#include "signaling/service/sealed_text.h"
#include "turnd/base/random_source.h"

namespace signaling::service {

struct MeetingRules {
  std::string public_url;    // of every link; without a final slash
  bool guests = true;        // auth.guests, to begin with
  bool mail = false;         // smtp is configured
  bool co_hosts_end = true;  // may end the meeting like the host
  // To begin with.
  // Of meetings that do not exist, per address (C5); as often somebody there may become a guest, and ask to be let into
  // one meeting (after a first class).
  Rate joins{.count = 30};
  Rate passwords{.count = 5};                                // wrong ones, per meeting and address (M8)
  Rate meetings{.count = 10, .per = std::chrono::hours(1)};  // made by one account
};

// Of the passwords of one meeting, whoever tries, from how many addresses.
inline constexpr Rate kGuesses{.count = 100, .per = std::chrono::hours(1)};
inline constexpr Rate kAlarms{.count = 1, .per = std::chrono::hours(1)};
inline constexpr std::uint32_t kClass = 4;           // times limits.join
inline constexpr std::uint32_t kSchool = 50;         // times limits.join, behind one address
inline constexpr std::size_t kMostGuessed = 10'000;  // meetings at a time

// Outlives the services that refer to it. Thread-safe but for the rules, which are set once.
struct MeetingContext {
  MeetingContext(MeetingRules with, const turnd::base::Secret& server_key, turnd::base::RandomSource source)
      : rules(std::move(with)),
        guests(rules.guests),
        key(server_key),
        random(std::move(source)),
        joins(rules.joins),
        requests(requests_beside(rules.joins)),
        new_guests(rules.joins),
        new_socket_guests(school_of(rules.joins)),
        passwords(rules.passwords),
        meetings(rules.meetings),
        guesses(guesses_beside(rules.passwords), kMostGuessed),
        alarms(kAlarms, kMostGuessed) {}

  // The rates alone, as they are from now on.
  void set_rates(const MeetingRules& fresh) {
    joins.set_rate(fresh.joins);
    requests.set_rate(requests_beside(fresh.joins));
    new_guests.set_rate(fresh.joins);
    new_socket_guests.set_rate(school_of(fresh.joins));
    passwords.set_rate(fresh.passwords);
    meetings.set_rate(fresh.meetings);
    guesses.set_rate(guesses_beside(fresh.passwords));
  }

  const MeetingRules rules;
  std::atomic<bool> guests;  // auth.guests as it is now
  const SealingKey key;
  const turnd::base::RandomSource random;
  RateLimiter joins, requests;
  RateLimiter new_guests, new_socket_guests;  // over HTTP, over sockets: per address
  RateLimiter passwords, meetings;
  RequestWatch open_requests;
  // Wrong passwords of a meeting from all addresses together, and how often its hosts are told of too many.
  RateLimiter guesses, alarms;

 private:
  static std::uint32_t times(std::uint32_t factor, std::uint32_t count) {
    return factor * std::min(count, std::numeric_limits<std::uint32_t>::max() / factor);
  }
  // A class comes by one address, all at once.
  static Rate requests_beside(Rate joins) {
    joins.burst = times(kClass, joins.count);
    return joins;
  }
  // So does a school, when its network is back; the table of guests is bounded besides.
  static Rate school_of(Rate joins) {
    joins.burst = times(kSchool, joins.count);
    joins.count = times(kSchool / 2, joins.count);
    return joins;
  }
  static Rate guesses_beside(const Rate& passwords) { return passwords.count == 0 ? Rate{} : kGuesses; }
};

}  // namespace signaling::service
