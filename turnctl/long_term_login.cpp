#include "turnctl/long_term_login.h"

#include <algorithm>
#include <utility>

#include "turnctl/turn_messages.h"
#include "turnd/auth/opaque_string.h"

namespace turnctl {

using turnd::stun::MessageBuilder;
using turnd::stun::MessageView;
using turnd::stun::PasswordAlgorithmId;

LongTermLogin::LongTermLogin(Login login, Algorithms algorithms) : login_(std::move(login)), algorithms_(algorithms) {}

bool LongTermLogin::accept(const MessageView& response) {
  const int code = error_code(response);
  if (code != 438 && !(code == 401 && !challenge_)) return false;
  const auto realm = response.get<turnd::stun::Realm>();
  const auto nonce = response.get<turnd::stun::Nonce>();
  if (!realm.value || !nonce.value || !derive_keys(realm.value->text)) return false;
  // RFC 8489 s9.2.1: the offer counts only when the nonce announces it; it is echoed as it came (s9.2.3.2).
  const auto offered = response.get<turnd::stun::PasswordAlgorithms>();
  const bool announced =
      algorithms_ == Algorithms::offered && nonce.value->text.starts_with("obMatJos2") && offered.value;
  challenge_ =
      Challenge{std::string(nonce.value->text), announced ? *offered.value : turnd::stun::PasswordAlgorithms{}};
  return true;
}

// Once a realm.
bool LongTermLogin::derive_keys(std::string_view realm) {
  if (keys_ && realm == realm_) return true;
  const auto username = turnd::auth::opaque_string(login_.username);
  const auto password = turnd::auth::opaque_string(login_.password.reveal());
  if (!username || !password) return false;
  realm_ = realm;
  keys_ = turnd::auth::derive_keys(*username, realm_, *password);
  return true;
}

void LongTermLogin::sign(MessageBuilder& message) const {
  if (!challenge_) return;
  message.add(turnd::stun::Username{login_.username})
      .add(turnd::stun::Realm{realm_})
      .add(turnd::stun::Nonce{challenge_->nonce});
  const auto& ids = challenge_->offered.ids;
  if (std::ranges::find(ids, PasswordAlgorithmId::sha256) == ids.end()) {
    message.sign({turnd::stun::IntegrityAlgorithm::sha1, keys_->md5});
    return;
  }
  message.add(challenge_->offered)
      .add(turnd::stun::PasswordAlgorithm{PasswordAlgorithmId::sha256})
      .sign({turnd::stun::IntegrityAlgorithm::sha256, *keys_->sha256});
}

}  // namespace turnctl
