// Accounts: signing up, logging in, and everything around a password. Hashing happens outside, on a HashPool: what
// needs a password is in two steps, with the hashing between them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "signaling/service/account_mail.h"
#include "signaling/service/account_requests.h"
#include "signaling/service/password_hash.h"
#include "signaling/service/tokens.h"

namespace signaling::service {

struct AccountSettings {
  bool signup = true;
  MailSettings mail;
};

struct SignedIn {
  User user;
  TokenPair tokens;
};

// What a log-in found before the password was checked. An unknown account has no hash, which takes as long to check.
struct LogInAttempt {
  std::optional<std::int64_t> user_id;
  std::string password_hash;
  bool known_address = false;  // it logged in from there within 30 days: not held up by the account's bucket (C5)
};

class Accounts {
 public:
  Accounts(const Tokens& tokens, AccountSettings settings) : tokens_(tokens), settings_(std::move(settings)) {}

  // 403 with sign-up off; 409 `email_taken`, `username_taken`. The first account is not special: administrators are
  // made on the command line or by administrators.
  [[nodiscard]] protocol::Outcome<SignedIn> sign_up(store::Connection& db, const NewAccount& account,
                                                    std::string_view hash, const ClientNote& note, WallTime now,
                                                    Effects& effects) const;
  // The same without a session and whatever `signup` says: for administrators and the command line.
  [[nodiscard]] protocol::Outcome<User> add(store::Connection& db, const NewAccount& account, std::string_view hash,
                                            WallTime now, Effects& effects) const;
  [[nodiscard]] bool signup_allowed() const { return settings_.signup; }

  [[nodiscard]] LogInAttempt begin_log_in(store::Connection& db, std::string_view email, std::string_view address,
                                          WallTime now) const;
  // 401 `bad_credentials`, the same for an account that does not exist; 403 for a deactivated one (A11).
  [[nodiscard]] protocol::Outcome<SignedIn> finish_log_in(store::Connection& db, const LogInAttempt& attempt,
                                                          const PasswordCheck& check, const ClientNote& note,
                                                          WallTime now, Effects& effects) const;

  struct NewPassword {
    std::string_view hash;
    std::string_view hash_seen;  // of the current one, against which it was checked
  };
  // 403 `bad_credentials` when `hash_seen` is not the stored one now.
  [[nodiscard]] protocol::Outcome<SignedIn> change_password(store::Connection& db, const Identity& who,
                                                            const NewPassword& fresh, const ClientNote& note,
                                                            WallTime now, Effects& effects) const;

  // Whether or not there is such an account.
  void forgot(store::Connection& db, std::string_view email, WallTime now, Effects& effects) const;
  // 400 `token_invalid`.
  [[nodiscard]] protocol::Outcome<User> reset(store::Connection& db, std::string_view token, std::string_view new_hash,
                                              WallTime now, Effects& effects) const;
  [[nodiscard]] protocol::Outcome<User> verify(store::Connection& db, std::string_view token, WallTime now) const;
  void send_verification(store::Connection& db, const User& user, WallTime now, Effects& effects) const {
    send_mail_token(db, MailToken::verify, user, tokens_, settings_.mail, now, effects);
  }

 private:
  [[nodiscard]] SignedIn open_session(store::Connection& db, User user, const ClientNote& note, WallTime now) const;

  const Tokens& tokens_;
  AccountSettings settings_;
};

// 409 `email_taken` or `username_taken` when somebody else than `except` has it.
[[nodiscard]] std::optional<protocol::Failure> find_taken(store::Connection& db,
                                                          const std::optional<std::string>& email,
                                                          const std::optional<std::string>& username,
                                                          std::int64_t except);

}  // namespace signaling::service
