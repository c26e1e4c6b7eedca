#include "signaling/gateway/person_identity.h"

namespace signaling::gateway {

service::Identity to_identity(const room::Person& person) {
  constexpr std::string_view kGuest = "g:";
  service::Identity who;
  who.name = person.name;
  who.username = person.username;
  who.is_admin = person.is_admin && !person.is_guest;
  who.meeting_scope = person.meeting_scope;
  who.epoch = person.epoch;
  who.family = person.family;
  who.expires_at = person.expires_at;
  if (person.is_guest) {
    who.kind = service::Identity::Kind::guest;
    who.guest_id = person.id.starts_with(kGuest) ? person.id.substr(kGuest.size()) : person.id;
  } else if (person.user_id != 0) {
    who.kind = service::Identity::Kind::account;
    who.user_id = person.user_id;
  }
  return who;
}

}  // namespace signaling::gateway
