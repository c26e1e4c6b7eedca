#include "signaling/service/invitations.h"

#include "signaling/service/invitation_mail.h"
#include "signaling/service/meeting_json.h"
#include "signaling/service/meetings.h"
#include "signaling/service/notifications.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

namespace {

void tell_invited(store::Connection& db, const MeetingContext& context, const Meeting& meeting, const Identity& by,
                  const Invite& invite, WallTime now, Effects& effects) {
  if (!invite.user_id || by.is_person(*invite.user_id)) return;
  notify(db,
         {.recipient_id = *invite.user_id,
          .sender_id = by.user_id,
          .type = "meeting_invitation",
          .title = "Invitation: " + meeting.options.title,
          .message = by.name + " invites you to a meeting",
          .meeting_id = meeting.id,
          .data = {{"invite_id", invite.id}, {"meeting_id", meeting.uuid}}},
         now, effects);
  effects.meetings.push_back(
      {meeting.id, meeting.uuid, Invited{*invite.user_id, invite_json(invite), meeting_json(context, meeting)}});
}

// A declined or withdrawn one is open again.
Invite reopen(store::Connection& db, const Invite& invite, Role role, WallTime now) {
  set_invite_status(db, invite.id, InviteStatus::pending, now);
  db.execute("UPDATE invites SET role = ?2 WHERE id = ?1", invite.id, protocol::to_string(role));
  return *invite_by_id(db, invite.id);
}

bool is_over(const Meeting& meeting) { return meeting.status == MeetingStatus::ended; }

}  // namespace

Invite invite(store::Connection& db, const MeetingContext& context, const Meeting& meeting, const Identity& by,
              const Invitation& invitation, WallTime now, Effects& effects) {
  const auto known = invite_of_email(db, meeting.id, invitation.email);
  const bool is_news = !known || !known->opens();
  Invite made = known && !is_news ? *known
                : known           ? reopen(db, *known, invitation.role, now)
                        : add_invite(db, meeting.id, {invitation.email, invitation.role, by.user_id}, context.key, now);
  if (made.user_id) forget_answers(db, meeting.id, made.user_id, {}, RequestStatus::denied, now);
  if (!is_news) return made;
  tell_invited(db, context, meeting, by, made, now, effects);
  const std::string round = known ? " again " + std::to_string(store::to_stored(now)) : "";
  queue_mail(db, invitation_mail(context, meeting, made, invitation.message, now),
             "invite " + std::to_string(made.id) + round, now, effects);
  return made;
}

void mail_update(store::Connection& db, const MeetingContext& context, const Meeting& meeting, WallTime now,
                 Effects& effects) {
  for (const Invite& invite : invites_of(db, meeting.id)) {
    if (!invite.opens()) continue;
    queue_mail(db, update_mail(context, meeting, invite, now),
               "invite " + std::to_string(invite.id) + " update " + std::to_string(meeting.calendar_sequence), now,
               effects);
  }
}

void mail_cancellation(store::Connection& db, const MeetingContext& context, const Meeting& meeting, WallTime now,
                       Effects& effects) {
  for (const Invite& invite : invites_of(db, meeting.id)) {
    if (!invite.opens()) continue;
    queue_mail(db, cancellation_mail(context, meeting, invite, now), "invite " + std::to_string(invite.id) + " cancel",
               now, effects);
  }
}

std::string join_url(const MeetingContext& context, const Meeting& meeting) {
  return context.rules.public_url + "/meeting/join/" + meeting.uuid;
}

std::string invite_url(const MeetingContext& context, const Invite& invite) {
  return context.rules.public_url + "/meetings/invitations?invite=" + std::to_string(invite.id) +
         "&token=" + invite_token(context.key, invite);
}

protocol::Outcome<std::vector<Invite>> Invitations::send(store::Connection& db, const Identity& who,
                                                         std::string_view meeting,
                                                         const std::vector<Invitation>& invitations, WallTime now,
                                                         Effects& effects) {
  const auto found = hosted_by(db, who, meeting);
  if (!found) return found.error();
  if (!who.is_account()) return failure(ErrorCode::forbidden);
  if (is_over(*found)) return failure(ErrorCode::meeting_ended);
  std::vector<Invite> made;
  for (const Invitation& invitation : invitations) {
    made.push_back(invite(db, context_, *found, who, invitation, now, effects));
  }
  return made;
}

protocol::Outcome<std::vector<Invite>> Invitations::list(store::Connection& db, const Identity& who,
                                                         std::string_view meeting) const {
  const auto found = hosted_by(db, who, meeting);
  if (!found) return found.error();
  return invites_of(db, found->id);
}

protocol::Outcome<AnsweredInvite> Invitations::answer(store::Connection& db, const Identity& who,
                                                      std::int64_t invite_id, InviteAnswer answer,
                                                      std::string_view token, WallTime now) {
  const auto known = invite_by_id(db, invite_id);
  if (!known || known->status == InviteStatus::revoked || !is_for(db, *known, who, token)) {
    return failure(ErrorCode::not_found);
  }
  const auto meeting = meeting_by_id(db, known->meeting_id);
  if (!meeting) return failure(ErrorCode::not_found);
  if (is_over(*meeting)) return failure(ErrorCode::meeting_ended);
  set_invite_status(db, known->id, answer == InviteAnswer::accept ? InviteStatus::accepted : InviteStatus::declined,
                    now);
  // Who answers with the mail's token while logged in is the one it was for.
  if (who.is_account() && !known->user_id) {
    db.execute("UPDATE invites SET user_id = ?2 WHERE id = ?1", known->id, who.user_id);
  }
  return AnsweredInvite{*invite_by_id(db, known->id), *meeting};
}

}  // namespace signaling::service
