// The half of Entrance for guests: whose name it is, and whose session.
#include <utility>

#include "signaling/protocol/name_key.h"
#include "signaling/protocol/text_length.h"
#include "signaling/room/entrance.h"
#include "signaling/room/names.h"
#include "turnd/base/utf8.h"

namespace signaling::room {

using protocol::ErrorCode;
using protocol::failure;

void Entrance::ask_guest(const Attempt& attempt, const protocol::GuestLogin& guest) {
  const std::string name = trimmed(guest.name);
  if (!core_.settings.guests) return refuse(attempt, failure(ErrorCode::forbidden, "Guests are not allowed here"));
  if (!is_name(name, kLongestGuestName))
    return refuse(attempt, protocol::bad_field("name", "must have 1 to 40 characters"));
  // Without a secret he can be nobody who is here: no guest is made for a name that is held.
  if (guest.secret.empty() && !core_.name_holder(protocol::name_key(name)).empty())
    return refuse_name(attempt, name, failure(ErrorCode::username_taken));
  Connection& connection = *core_.find(attempt.connection);
  connection.holding = true;
  core_.ask(AuthenticateGuest{name, guest.secret, connection.facts.address},
            [this, attempt, name](protocol::Outcome<AuthenticateGuest::Answer>& who) {
              if (!who) return refuse_name(attempt, name, who.error());
              const std::string holder = core_.name_holder(who->person.name_key);
              const bool taken = !holder.empty() && holder != who->person.id;
              if (taken) return refuse_name(attempt, name, failure(ErrorCode::username_taken));
              admit(attempt, std::move(who->person), std::move(who->secret));
            });
}

// Who cannot have it hears of one that he can.
void Entrance::refuse_name(const Attempt& attempt, const std::string& name, protocol::Failure why) {
  if (why.code == ErrorCode::username_taken) why.details["suggestion"] = free_name(name);
  refuse(attempt, why);
}

// A name proves nothing, the resume token does: without a secret, or with the session's own, nothing is left to ask.
bool Entrance::is_guest_of_session(const Attempt& attempt, const protocol::GuestLogin& guest) {
  const Session* const session = attempt.resume ? resumable(*attempt.resume) : nullptr;
  return session != nullptr && session->person.is_guest &&
         (guest.secret.empty() || same_secret(guest.secret, session->guest_secret));
}

// A name that nobody who is here has; four digits keep it away from accounts too.
std::string Entrance::free_name(const std::string& name) const {
  std::string stem = name;
  while (protocol::characters(stem) > kLongestGuestName - 5) stem.pop_back();
  while (!turnd::base::is_utf8(stem)) stem.pop_back();
  for (;;) {
    const std::string digits = std::to_string(1000 + std::stoul(core_.random_id(3), nullptr, 16) % 9000);
    std::string candidate = stem + "-" + digits;
    if (core_.find_person(candidate).empty()) return candidate;
  }
}

}  // namespace signaling::room
