// Authenticator: the long-term credential mechanism of RFC 8489 s9.2.4, step by step.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "turnd/auth/authenticated.h"
#include "turnd/auth/challenge_limiter.h"
#include "turnd/auth/credential_source.h"
#include "turnd/auth/nonce.h"
#include "turnd/auth/refusal.h"
#include "turnd/auth/settings.h"
#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"
#include "turnd/stun/stun_attributes.h"

namespace turnd::auth {

// Where a request came from, and who already holds an allocation there.
struct Requester {
  base::Endpoint client;
  base::Transport transport;
  // By what the allocation on this five-tuple was made; null without one. That credential is not tested for
  // expiry again (on_expiry: keep), and its realm stays good after a reload has changed it.
  const Candidate* holder = nullptr;
};

// One worker's; not thread-safe. The snapshot of credentials is replaced, never changed.
class Authenticator {
 public:
  struct Config {
    NonceKey nonce_key;
    base::Duration nonce_lifetime;
    double challenges_per_ip;
    ChallengeLimiter::HashKey limiter_key;
  };
  Authenticator(const Config& config, std::shared_ptr<const CredentialSource> credentials);

  // RFC 8489 s9.2.4 in its order. The time taken does not tell an unknown user from a wrong password.
  [[nodiscard]] std::variant<Authenticated, Refusal> check(const stun::MessageView& request, const Requester& from,
                                                           const base::Now& now) const;

  // Adds REALM, NONCE and PASSWORD-ALGORITHMS to a 401 or 438 reply.
  void write_challenge(stun::MessageBuilder& reply, const Requester& from, const base::Now& now) const;

  // Over UDP: may this address cause another challenge now? Streams and DTLS have proved their address.
  [[nodiscard]] bool may_challenge(const Requester& from, base::TimePoint now);

  void replace(std::shared_ptr<const CredentialSource> credentials);
  void set_limits(base::Duration nonce_lifetime, double challenges_per_ip);

 private:
  // How the client proves that it knows the password.
  struct Proof {
    stun::PasswordAlgorithmId password{};
    stun::IntegrityAlgorithm integrity{};
    std::string_view realm;  // ours, or the holder's
  };
  [[nodiscard]] std::variant<Authenticated, Refusal> check_password(const stun::MessageView& request,
                                                                    const Proof& proof, const Requester& from,
                                                                    const base::Now& now) const;
  [[nodiscard]] std::vector<Candidate> candidates_for(std::string_view username, const Proof& proof,
                                                      const Requester& from) const;
  [[nodiscard]] std::optional<std::string> username_of(const stun::MessageView& request, const Proof& proof,
                                                       const Requester& from) const;

  Config config_;
  NonceFactory nonces_;
  ChallengeLimiter limiter_;
  std::shared_ptr<const CredentialSource> credentials_;
};

}  // namespace turnd::auth
