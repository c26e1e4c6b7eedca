// Users: the accounts as administrators manage them, and as each manages his own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "signaling/service/accounts.h"
#include "signaling/service/meeting_context.h"

namespace signaling::service {

struct UserSearch {
  std::string query = {};  // substring, any case; empty: all
  std::int64_t limit = 20;
  std::int64_t page = 1;
};

// Who may: an administrator everything, an account its own, everybody else nothing (403, 401 for nobody).
class Users {
 public:
  Users(const Tokens& tokens, const Accounts& accounts) : tokens_(tokens), accounts_(accounts) {}

  // 201 for administrators (A13).
  [[nodiscard]] protocol::Outcome<User> create(store::Connection& db, const Identity& who, const NewAccount& account,
                                               std::string_view hash, WallTime now, Effects& effects) const;
  // Administrators search names, usernames and addresses. Accounts must ask for two characters at least and search
  // names and usernames of active accounts (A9); what they may see of them is public_user_json.
  [[nodiscard]] protocol::Outcome<std::vector<User>> search(store::Connection& db, const Identity& who,
                                                            const UserSearch& search) const;
  [[nodiscard]] protocol::Outcome<User> get(store::Connection& db, const Identity& who, std::int64_t id) const;
  // A10, A11: `is_active` true and `is_admin` are for administrators and otherwise not looked at.
  [[nodiscard]] protocol::Outcome<User> update(store::Connection& db, const Identity& who, std::int64_t id,
                                               const AccountChange& change, WallTime now, Effects& effects) const;
  // A slice of what remove() does: some of the account's meetings. True: there may be more of them.
  [[nodiscard]] protocol::Outcome<bool> remove_meetings(store::Connection& db, const Identity& who, std::int64_t id,
                                                        const MeetingContext& context, WallTime now,
                                                        Effects& effects) const;
  // Messages stay under the name, but for those of its own meetings, which go (account_remains.h). 409 `conflict` for
  // the last administrator.
  [[nodiscard]] protocol::Outcome<User> remove(store::Connection& db, const Identity& who, std::int64_t id,
                                               const MeetingContext& context, WallTime now, Effects& effects) const;

 private:
  [[nodiscard]] protocol::Outcome<User> find_removable(store::Connection& db, const Identity& who,
                                                       std::int64_t id) const;

  const Tokens& tokens_;
  const Accounts& accounts_;
};

}  // namespace signaling::service
