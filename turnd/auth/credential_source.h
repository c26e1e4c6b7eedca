// CredentialSource: answers "which keys may this user have?", from all configured sources at once.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/auth/identity.h"
#include "turnd/auth/long_term_key.h"
#include "turnd/auth/settings.h"
#include "turnd/base/bytes.h"
#include "turnd/base/clock.h"

namespace turnd::auth {

// One way in which a user name may authenticate: an identity and the keys that prove it. An ephemeral
// name has one for each shared secret, so that a rotation has no gap.
struct Candidate {
  Identity identity;
  LongTermKeys keys;
};

// An immutable snapshot of secrets and users (file, database, generated), shared by all workers and
// replaced as a whole. Every lookup is in memory: it never blocks. Thread-safe.
class CredentialSource {
 public:
  // `settings` holds the sources of the file; `stored_*` those of the database. Names and passwords that
  // OpaqueString refuses are reported by config/ and the API before they reach this point.
  struct Stored {
    std::vector<SharedSecret> secrets;
    std::map<std::string, StaticUser, std::less<>> users;
  };
  static std::shared_ptr<const CredentialSource> make(const Settings& settings, const Stored& stored);

  // All candidates for a prepared user name; empty for an unknown one. Expiry is not looked at: it is in
  // the identity.
  [[nodiscard]] std::vector<Candidate> find(std::string_view username) const;
  // What `held` was given for may prove itself again, under the realm of that time (a reload changed it): its
  // secret or user still exists. Empty otherwise.
  [[nodiscard]] std::vector<Candidate> find_again(const Candidate& held) const;
  // The user name whose hash this is (RFC 8489 s14.4); empty when unknown. Ephemeral names cannot be found
  // so: they exist nowhere before they are used.
  [[nodiscard]] std::string_view find_by_userhash(base::ByteView userhash) const;
  // Static users exist, so the nonce may offer user name anonymity (RFC 8489 s9.2.1).
  [[nodiscard]] bool offers_userhash() const;
  [[nodiscard]] const std::string& realm() const;

 private:
  struct State;
  explicit CredentialSource(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;

 public:
  ~CredentialSource();
};

}  // namespace turnd::auth
