// Invitations: asks people to a meeting by e-mail, takes their answers, and tells them when it moves or is off.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/effects.h"
#include "signaling/service/invite.h"
#include "signaling/service/meeting_context.h"

namespace signaling::service {

struct Invitation {
  std::string email;
  std::string message;  // of the host, in the mail
  Role role = Role::participant;
};

// One person. A second time: the same invite, without a second mail unless it had been declined or withdrawn. A
// refusal of his request is forgotten (G36).
Invite invite(store::Connection& db, const MeetingContext& context, const Meeting& meeting, const Identity& by,
              const Invitation& invitation, WallTime now, Effects& effects);

// To everybody whose invitation is open: the meeting's time or title as it is now (REQUEST), or that it is off
// (CANCEL).
void mail_update(store::Connection& db, const MeetingContext& context, const Meeting& meeting, WallTime now,
                 Effects& effects);
void mail_cancellation(store::Connection& db, const MeetingContext& context, const Meeting& meeting, WallTime now,
                       Effects& effects);

// {public_url}/meeting/join/{uuid}
[[nodiscard]] std::string join_url(const MeetingContext& context, const Meeting& meeting);
// {public_url}/meetings/invitations?invite=ID&token=T (M18)
[[nodiscard]] std::string invite_url(const MeetingContext& context, const Invite& invite);

enum class InviteAnswer : std::uint8_t { accept, decline };
struct AnsweredInvite {
  Invite invite;
  Meeting meeting;
};

class Invitations {
 public:
  explicit Invitations(MeetingContext& context) : context_(context) {}

  // By a host or co-host; every address must be one. meeting_ended when it is over.
  protocol::Outcome<std::vector<Invite>> send(store::Connection& db, const Identity& who, std::string_view meeting,
                                              const std::vector<Invitation>& invitations, WallTime now,
                                              Effects& effects);
  // For hosts.
  protocol::Outcome<std::vector<Invite>> list(store::Connection& db, const Identity& who,
                                              std::string_view meeting) const;
  // By the invited: his account, or the token of the mail. Somebody else's: not_found.
  protocol::Outcome<AnsweredInvite> answer(store::Connection& db, const Identity& who, std::int64_t invite_id,
                                           InviteAnswer answer, std::string_view token, WallTime now);

 private:
  MeetingContext& context_;
};

}  // namespace signaling::service
