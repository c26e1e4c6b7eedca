#include "turnd/auth/authenticator.h"

#include <algorithm>
#include <utility>

#include "turnd/auth/opaque_string.h"
#include "turnd/stun/integrity.h"
#include "turnd/stun/stun_attributes.h"

namespace turnd::auth {
namespace {

using stun::AttributeType;
using stun::IntegrityAlgorithm;
using stun::MessageView;
using stun::PasswordAlgorithmId;

// What PASSWORD-ALGORITHMS offers, in our order of writing.
const stun::PasswordAlgorithms& offered_algorithms() {
  static const stun::PasswordAlgorithms offered{{PasswordAlgorithmId::sha256, PasswordAlgorithmId::md5}};
  return offered;
}

Refusal refuse(int code, RefusalReason reason, const MessageView& request) {
  const auto username = request.find(AttributeType::username);
  return {code, reason, username ? std::string(base::as_text(*username)) : std::string()};
}

// RFC 8489 s9.2.4, the checks where the nonce announces password algorithms: nullopt is a 400.
std::optional<PasswordAlgorithmId> chosen_algorithm(const MessageView& request) {
  const auto all = request.get<stun::PasswordAlgorithms>();
  const auto one = request.get<stun::PasswordAlgorithm>();
  if (!all.present && !one.present) return PasswordAlgorithmId::md5;  // a client of RFC 5389
  if (!all.value || !one.value || all.value->ids != offered_algorithms().ids) return std::nullopt;
  const auto& ids = all.value->ids;
  return std::ranges::find(ids, one.value->id) == ids.end() ? std::nullopt : std::optional(one.value->id);
}

// The key of the candidate for the algorithm that the client chose; empty when it has none.
std::optional<stun::IntegrityKey> key_for(const LongTermKeys& keys, PasswordAlgorithmId algorithm,
                                          IntegrityAlgorithm integrity) {
  if (algorithm == PasswordAlgorithmId::md5) return stun::IntegrityKey{integrity, keys.md5};
  if (!keys.sha256) return std::nullopt;
  return stun::IntegrityKey{integrity, *keys.sha256};
}

// Checked in place of an unknown user's key, so that both cost one HMAC.
const LongTermKeys& nobodys_keys() {
  static const LongTermKeys keys = derive_keys("nobody", "nowhere", "nothing");
  return keys;
}

bool has_right_integrity(const MessageView& request, const LongTermKeys& keys, PasswordAlgorithmId algorithm,
                         IntegrityAlgorithm integrity) {
  const auto key = key_for(keys, algorithm, integrity);
  const bool fits = stun::verify_integrity(request, key.value_or(stun::IntegrityKey{integrity, nobodys_keys().md5}));
  return key.has_value() && fits;
}

}  // namespace

Authenticator::Authenticator(const Config& config, std::shared_ptr<const CredentialSource> credentials)
    : config_(config),
      nonces_(config.nonce_key),
      limiter_(config.challenges_per_ip, config.limiter_key),
      credentials_(std::move(credentials)) {}

std::variant<Authenticated, Refusal> Authenticator::check(const MessageView& request, const Requester& from,
                                                          const base::Now& now) const {
  const bool has_sha256 = request.integrity_sha256().has_value();
  if (!request.integrity() && !has_sha256) return refuse(401, RefusalReason::no_credentials, request);

  const auto nonce = request.get<stun::Nonce>();
  const auto realm = request.get<stun::Realm>();
  const auto username = request.get<stun::Username>();
  const auto userhash = request.get<stun::UserHash>();
  const bool is_named = username.present ? username.value.has_value() : userhash.value.has_value();
  if (!is_named || !realm.value || !nonce.value) return refuse(400, RefusalReason::bad_request, request);

  // The RFC looks at the user name first, so that with an old nonce an unknown user gets 401 and a known one 438:
  // whoever collects nonces could list users. Here the nonce goes before every key; a forged one costs one HMAC.
  const auto verdict = nonces_.check(nonce.value->text, from.client, config_.nonce_lifetime, now.monotonic);
  if (verdict != NonceVerdict::fresh) return refuse(438, RefusalReason::stale_nonce, request);
  const auto algorithm = chosen_algorithm(request);
  if (!algorithm) return refuse(400, RefusalReason::bad_request, request);
  const bool is_the_holders = from.holder && realm.value->text == from.holder->identity.realm;
  if (realm.value->text != credentials_->realm() && !is_the_holders)
    return refuse(401, RefusalReason::wrong_realm, request);

  const Proof proof{*algorithm, has_sha256 ? IntegrityAlgorithm::sha256 : IntegrityAlgorithm::sha1, realm.value->text};
  return check_password(request, proof, from, now);
}

std::variant<Authenticated, Refusal> Authenticator::check_password(const MessageView& request, const Proof& proof,
                                                                   const Requester& from, const base::Now& now) const {
  const auto username = username_of(request, proof, from);
  auto candidates = username ? candidates_for(*username, proof, from) : std::vector<Candidate>{};
  if (candidates.empty()) {
    (void)has_right_integrity(request, nobodys_keys(), proof.password, proof.integrity);
    return refuse(401, RefusalReason::unknown_user, request);
  }
  const auto proven = std::ranges::find_if(candidates, [&](const Candidate& candidate) {
    return has_right_integrity(request, candidate.keys, proof.password, proof.integrity);
  });
  if (proven == candidates.end()) return refuse(401, RefusalReason::wrong_password, request);
  const bool is_over = proven->identity.expires && *proven->identity.expires <= now.wall;
  const bool is_holder = from.holder && from.holder->identity.username == *username;
  if (is_over && !is_holder) return refuse(401, RefusalReason::expired, request);
  return Authenticated(request, std::move(proven->identity), proven->keys, proof.integrity,
                       proof.password == PasswordAlgorithmId::sha256);
}

std::vector<Candidate> Authenticator::candidates_for(std::string_view username, const Proof& proof,
                                                     const Requester& from) const {
  if (proof.realm == credentials_->realm()) return credentials_->find(username);
  if (from.holder->identity.username != username) return {};
  return credentials_->find_again(*from.holder);
}

// Prepared (RFC 8265); nullopt: no name that anybody could have.
std::optional<std::string> Authenticator::username_of(const MessageView& request, const Proof& proof,
                                                      const Requester& from) const {
  if (const auto sent = request.get<stun::Username>(); sent.present)
    return sent.value ? opaque_string(sent.value->text) : std::nullopt;
  const auto sent = request.get<stun::UserHash>();
  if (!sent.value) return std::nullopt;
  // A hash under the holder's realm is nowhere else once a reload has changed the realm.
  if (from.holder && from.holder->identity.realm == proof.realm &&
      std::ranges::equal(from.holder->identity.userhash(), sent.value->hash))
    return from.holder->identity.username;
  const std::string_view found = credentials_->find_by_userhash(sent.value->hash);
  return found.empty() ? std::nullopt : std::optional(std::string(found));
}

void Authenticator::write_challenge(stun::MessageBuilder& reply, const Requester& from, const base::Now& now) const {
  const SecurityFeatures features{.password_algorithms = true, .username_anonymity = credentials_->offers_userhash()};
  const std::string nonce = nonces_.make(from.client, features, now.monotonic);
  reply.add(stun::Realm{from.holder ? from.holder->identity.realm : credentials_->realm()})
      .add(stun::Nonce{nonce})
      .add(offered_algorithms());
}

bool Authenticator::may_challenge(const Requester& from, base::TimePoint now) {
  return from.transport != base::Transport::udp || limiter_.allow(from.client.address, now);
}

void Authenticator::replace(std::shared_ptr<const CredentialSource> credentials) {
  credentials_ = std::move(credentials);
}

void Authenticator::set_limits(base::Duration nonce_lifetime, double challenges_per_ip) {
  config_.nonce_lifetime = nonce_lifetime;
  config_.challenges_per_ip = challenges_per_ip;
  limiter_.set_rate(challenges_per_ip);
}

}  // namespace turnd::auth
