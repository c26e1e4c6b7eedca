// ServiceTest: the services on a database in memory, with a virtual clock and randomness that repeats.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "signaling/service/accounts.h"
#include "signaling/service/guests.h"
#include "signaling/service/tokens.h"
#include "signaling/service/users.h"
#include "tests/signaling/store/memory_database.h"
#include "turnd/crypto/random.h"

namespace signaling::service {

using namespace std::chrono_literals;
using protocol::ErrorCode;

inline boost::json::object parse_object(std::string_view text) { return boost::json::parse(text).as_object(); }

// Every call gives other bytes, every run the same ones.
inline turnd::base::RandomSource counting_random() {
  return [next = std::uint8_t{0}](turnd::base::MutableBytes into) mutable {
    for (auto& byte : into) byte = next++;
    next = static_cast<std::uint8_t>(next + 17);
  };
}

inline SigningKey test_key(char fill = 'k') {
  return *SigningKey::make(TokenAlgorithm::hs256, turnd::base::Secret(std::string(32, fill)));
}

class ServiceTest : public ::testing::Test {
 protected:
  static constexpr const char* kUrl = "https://meet.example.org";

  [[nodiscard]] Tokens make_tokens(TokenSettings settings) const {
    return {AccessTokens(test_key(), kUrl), settings, counting_random()};
  }

  // An account whose password is "password"; its hash is none that takes time.
  User add_user(const std::string& email, const NewAccount& more = {}) {
    NewAccount account = more;
    account.email = email;
    if (account.name.empty()) account.name = email.substr(0, email.find('@'));
    return *accounts_.add(db_, account, kHash, now_, effects_);
  }
  User add_administrator(const std::string& email) { return add_user(email, {.is_admin = true}); }
  SignedIn log_in(const std::string& email, const std::string& ip = "192.0.2.1") {
    const auto attempt = accounts_.begin_log_in(db_, email, ip, now_);
    return *accounts_.finish_log_in(db_, attempt, {.is_right = true}, {"browser", ip}, now_, effects_);
  }
  Identity identity_of(const TokenPair& pair) { return *tokens_.identify(db_, pair.access_token, now_); }
  Identity identity_of(const User& user) {
    Identity who;
    who.kind = Identity::Kind::account;
    who.user_id = user.id;
    who.name = user.name;
    who.username = user.username.value_or("");
    who.is_admin = user.is_admin;
    return who;
  }
  [[nodiscard]] bool is_alive(const TokenPair& pair) {
    return tokens_.identify(db_, pair.access_token, now_).has_value();
  }

  [[nodiscard]] std::vector<std::string> mails() {
    return db_.all([](const store::Row& row) { return row.get<std::string>(0); },
                   "SELECT json_extract(payload, '$.text') FROM outbox ORDER BY id");
  }
  // What follows token= in the newest mail.
  [[nodiscard]] std::string token_in_mail() {
    const auto all = mails();
    if (all.empty()) return {};
    const auto begin = all.back().find("token=") + 6;
    return all.back().substr(begin, all.back().find('\n', begin) - begin);
  }
  [[nodiscard]] std::vector<std::string> events() const {
    std::vector<std::string> names;
    for (const Event& event : effects_.events) names.push_back(event.event);
    return names;
  }

  static constexpr const char* kHash = "stored hash";
  WallTime now_ = store::kToday;
  store::MemoryDatabase db_;
  Effects effects_;
  Tokens tokens_ = make_tokens({});
  Accounts accounts_{tokens_, {.signup = true, .mail = {.enabled = true, .public_url = kUrl}}};
  Users users_{tokens_, accounts_};
  Guests guests_{tokens_};
  MeetingContext meetings_{
      {.public_url = kUrl}, turnd::base::Secret(std::string(32, 'k')), turnd::crypto::system_random};
};

}  // namespace signaling::service
