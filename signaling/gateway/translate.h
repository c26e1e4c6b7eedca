// Between services and the hub: the same people, meetings and messages in the words of either.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "signaling/protocol/chat_line.h"
#include "signaling/room/notice.h"
#include "signaling/room/person.h"
#include "signaling/service/effects.h"
#include "signaling/service/identity.h"
#include "signaling/service/meeting.h"
#include "signaling/service/message.h"
#include "signaling/store/connection.h"

namespace signaling::gateway {

// Person::id of accounts.
[[nodiscard]] std::vector<std::string> person_ids(const std::vector<std::int64_t>& accounts);
[[nodiscard]] room::Person to_person(const service::Identity& identity);
// An account without a username is shown under no name of somebody else.
[[nodiscard]] room::Person to_person(store::Connection& db, const service::Identity& identity);
[[nodiscard]] service::Identity to_identity(const room::Person& person);
// Identity::key() as Person::id: "u:42" is "42", "g:x" stays.
[[nodiscard]] std::string person_id(const std::string& key);

[[nodiscard]] room::MeetingFacts to_facts(const service::Meeting& meeting);
[[nodiscard]] room::JoinRequest to_request(const service::JoinRequest& request);

// Conversations on sockets: the lobby is "general", all others their number.
class ConversationNames {
 public:
  explicit ConversationNames(std::int64_t lobby) : lobby_(lobby) {}
  [[nodiscard]] std::string name(std::int64_t id) const { return id == lobby_ ? "general" : std::to_string(id); }
  [[nodiscard]] std::optional<std::int64_t> id(const std::string& name) const;

 private:
  std::int64_t lobby_;
};

[[nodiscard]] protocol::ChatLine to_line(const service::Message& message, const ConversationNames& names);

// What people on sockets have to hear of a committed transaction.
[[nodiscard]] std::vector<room::Notice> to_notices(const service::Effects& effects, const ConversationNames& names);

// For whom credentials of TURN are made (T1).
[[nodiscard]] std::string relay_user(const room::Person& person);

// Accounts that were kicked or banned. A guest's credential carries a name that others may have too.
struct ThrownOut {
  std::string person_id;
  std::string relay_user;
  bool is_banned = false;
};
[[nodiscard]] std::vector<ThrownOut> thrown_out(const service::Effects& effects);

}  // namespace signaling::gateway
