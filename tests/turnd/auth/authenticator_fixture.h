// AuthenticatorTest: an authenticator with users of every kind, and clients that build signed requests.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "turnd/auth/authenticator.h"
#include "turnd/auth/rest_credential.h"
#include "turnd/stun/attribute_type.h"
#include "turnd/stun/stun_attributes.h"

namespace turnd::auth {

using namespace std::chrono_literals;

inline constexpr std::string_view kRealm = "example.org";
inline const base::TimePoint kBoot{1000s};
inline const base::WallTime kToday{std::chrono::seconds(1'700'000'000)};

// What a client puts into a request; left out when it is nullopt.
struct Credentials {
  std::optional<std::string> username = std::nullopt;
  std::string password = {};
  std::optional<std::string> realm = std::string(kRealm);
  std::optional<std::string> nonce = std::nullopt;
  std::optional<std::vector<stun::PasswordAlgorithmId>> algorithms = std::nullopt;
  std::optional<stun::PasswordAlgorithmId> algorithm = std::nullopt;
  stun::IntegrityAlgorithm integrity = stun::IntegrityAlgorithm::sha1;
  std::optional<std::string> userhash = std::nullopt;
};

class AuthenticatorTest : public ::testing::Test {
 protected:
  using Id = stun::PasswordAlgorithmId;
  using Outcome = std::variant<Authenticated, Refusal>;

  static Settings settings() {
    Settings settings;
    settings.realm = kRealm;
    settings.secrets = {{"old", base::Secret("the old secret")}, {"new", base::Secret("the new secret")}};
    settings.users["alice"] = {.password = base::Secret("wonderland")};
    settings.users["md5only"] = {.password = {}, .md5_key = derive_keys("md5only", kRealm, "hunter2").md5};
    settings.users["caf\u00E9"] = {.password = base::Secret("cr\u00E8me")};
    return settings;
  }

  // What the latest challenge told this client.
  std::string nonce_now() {
    stun::MessageBuilder reply({stun::Method::allocate, stun::MessageClass::error}, {});
    authenticator_.write_challenge(reply, from_, now_);
    const base::Bytes bytes = reply.take();
    return std::string(stun::MessageView::parse(bytes)->get<stun::Nonce>().value.value().text);
  }

  Credentials alice() { return {.username = "alice", .password = "wonderland", .nonce = nonce_now()}; }
  Credentials alice_sha256() {
    Credentials credentials = alice();
    credentials.algorithms = {Id::sha256, Id::md5};
    credentials.algorithm = Id::sha256;
    credentials.integrity = stun::IntegrityAlgorithm::sha256;
    return credentials;
  }
  Credentials ephemeral(std::string_view secret, std::chrono::seconds from_today) {
    const auto made = make_rest_credential(base::Secret(std::string(secret)), "bob", kToday + from_today);
    return {.username = made.username, .password = made.password, .nonce = nonce_now()};
  }

  static base::Bytes build(const Credentials& with) {
    stun::MessageBuilder message({stun::Method::allocate, stun::MessageClass::request}, {1, 2, 3});
    if (with.username) message.add(stun::Username{*with.username});
    if (with.userhash) message.add(stun::UserHash{base::as_bytes(*with.userhash)});
    if (with.realm) message.add(stun::Realm{*with.realm});
    if (with.nonce) message.add(stun::Nonce{*with.nonce});
    if (with.algorithms) message.add(stun::PasswordAlgorithms{*with.algorithms});
    if (with.algorithm) message.add(stun::PasswordAlgorithm{*with.algorithm});
    const auto keys = derive_keys(with.username.value_or("alice"), with.realm.value_or(""), with.password);
    const bool takes_sha256 = with.algorithm == Id::sha256;
    message.sign({with.integrity, takes_sha256 ? base::ByteView(*keys.sha256) : base::ByteView(keys.md5)});
    return message.take();
  }

  // The view borrows from `request_`, which lives as long as the test.
  Outcome check_bytes(base::Bytes request) {
    request_ = std::move(request);
    return authenticator_.check(*stun::MessageView::parse(request_), from_, now_);
  }
  Outcome check(const Credentials& with) { return check_bytes(build(with)); }

  // "401 wrong_password", or "ok".
  static std::string told(const Outcome& outcome) {
    const auto* refusal = std::get_if<Refusal>(&outcome);
    return refusal ? std::to_string(refusal->code) + " " + std::string(to_string(refusal->reason)) : "ok";
  }

  Requester from_{base::Endpoint::parse("192.0.2.1:5000").value(), base::Transport::udp};
  base::Now now_{kBoot, kToday};
  Authenticator authenticator_{
      {.nonce_key = {1, 2, 3}, .nonce_lifetime = 10min, .challenges_per_ip = 2, .limiter_key = {4, 5}},
      CredentialSource::make(settings(), {})};
  base::Bytes request_;
};

}  // namespace turnd::auth
