#include "turnd/auth/credential_source.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "turnd/auth/opaque_string.h"
#include "turnd/auth/rest_credential.h"

namespace turnd::auth {
namespace {

// The algorithms that every candidate of this source has; a user of an MD5 key alone cannot use SHA-256.
LongTermKeys keys_of(const std::string& name, const StaticUser& user, const std::string& realm) {
  if (user.md5_key) return {*user.md5_key, user.sha256_key};
  const auto password = opaque_string(user.password.reveal());
  // Refused where it was entered (configuration, API); what is already stored cannot log in.
  if (!password) return {crypto::md5({base::as_bytes(realm)}), std::nullopt};
  return derive_keys(name, realm, *password);
}

Identity identity_of_user(const std::string& name, const std::string& realm) {
  return {name, realm, CredentialKind::user, {}, std::nullopt};
}

}  // namespace

struct CredentialSource::State {
  std::string realm;
  std::vector<SharedSecret> secrets;
  std::unordered_map<std::string, LongTermKeys> users;
  std::unordered_map<std::string, std::string> names_by_hash;

  void add_user(const std::string& name, const StaticUser& user) {
    const std::string prepared = opaque_string(name).value_or(name);
    if (!users.emplace(prepared, keys_of(prepared, user, realm)).second) return;  // the file goes first
    const crypto::Sha256Digest hash = identity_of_user(prepared, realm).userhash();
    names_by_hash.emplace(base::as_text(hash), prepared);
  }
};

std::shared_ptr<const CredentialSource> CredentialSource::make(const Settings& settings, const Stored& stored) {
  auto state = std::make_unique<State>();
  state->realm = settings.realm;
  state->secrets = settings.secrets;
  state->secrets.insert(state->secrets.end(), stored.secrets.begin(), stored.secrets.end());
  for (const auto& [name, user] : settings.users) state->add_user(name, user);
  for (const auto& [name, user] : stored.users) state->add_user(name, user);
  return std::shared_ptr<const CredentialSource>(new CredentialSource(std::move(state)));
}

CredentialSource::CredentialSource(std::unique_ptr<const State> state) : state_(std::move(state)) {}
CredentialSource::~CredentialSource() = default;

std::vector<Candidate> CredentialSource::find(std::string_view username) const {
  std::vector<Candidate> candidates;
  const std::string name(username);
  if (const auto user = state_->users.find(name); user != state_->users.end())
    candidates.push_back({identity_of_user(name, state_->realm), user->second});
  const auto ephemeral = parse_rest_username(username);
  if (!ephemeral) return candidates;
  for (const SharedSecret& secret : state_->secrets)
    candidates.push_back({{name, state_->realm, CredentialKind::ephemeral, secret.id, ephemeral->expires},
                          derive_keys(username, state_->realm, rest_password(secret.value, username))});
  return candidates;
}

std::vector<Candidate> CredentialSource::find_again(const Candidate& held) const {
  const Identity& who = held.identity;
  // A user's keys cannot be made for another realm from what is kept: those that it had still hold.
  if (who.kind == CredentialKind::user)
    return state_->users.contains(who.username) ? std::vector{held} : std::vector<Candidate>{};
  const auto secret = std::ranges::find(state_->secrets, who.secret_id, &SharedSecret::id);
  if (secret == state_->secrets.end()) return {};
  return {{who, derive_keys(who.username, who.realm, rest_password(secret->value, who.username))}};
}

std::string_view CredentialSource::find_by_userhash(base::ByteView userhash) const {
  const auto found = state_->names_by_hash.find(std::string(base::as_text(userhash)));
  return found == state_->names_by_hash.end() ? std::string_view{} : std::string_view(found->second);
}

bool CredentialSource::offers_userhash() const { return !state_->users.empty(); }

const std::string& CredentialSource::realm() const { return state_->realm; }

}  // namespace turnd::auth
