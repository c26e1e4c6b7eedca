// Invite: somebody was asked to a meeting by e-mail; whom it lets in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/service/meeting.h"
#include "signaling/service/sealed_text.h"
#include "signaling/service/seats.h"

namespace signaling::service {

enum class InviteStatus : std::uint8_t { pending, accepted, declined, revoked, expired };

struct Invite {
  std::int64_t id = 0;
  std::int64_t meeting_id = 0;
  std::string email;
  std::optional<std::int64_t> user_id;  // the account it was bound to when it was sent
  std::string user_name;
  std::optional<std::int64_t> invited_by;
  std::string inviter_name;
  Role role = Role::participant;
  InviteStatus status = InviteStatus::pending;
  WallTime created_at;

  [[nodiscard]] bool opens() const { return status == InviteStatus::pending || status == InviteStatus::accepted; }
};

[[nodiscard]] std::optional<Invite> invite_by_id(store::Connection& db, std::int64_t id);
[[nodiscard]] std::optional<Invite> invite_of_email(store::Connection& db, std::int64_t meeting_id,
                                                    std::string_view email);
[[nodiscard]] std::vector<Invite> invites_of(store::Connection& db, std::int64_t meeting_id);
// Pending ones, newest first.
[[nodiscard]] std::vector<Invite> invites_to(store::Connection& db, const Identity& who);
// The one of this meeting that is for `who`: bound to his account, naming his verified address, or by its token (M2).
[[nodiscard]] std::optional<Invite> invite_for(store::Connection& db, std::int64_t meeting_id, const Identity& who,
                                               std::string_view token);
// The same test for one invite.
[[nodiscard]] bool is_for(store::Connection& db, const Invite& invite, const Identity& who, std::string_view token);

struct NewInvite {
  std::string email;
  Role role = Role::participant;
  std::int64_t invited_by = 0;
};
Invite add_invite(store::Connection& db, std::int64_t meeting_id, const NewInvite& invite, const SealingKey& key,
                  WallTime now);
void set_invite_status(store::Connection& db, std::int64_t id, InviteStatus status, WallTime now);

// What its mail carries; only this server can make it.
[[nodiscard]] std::string invite_token(const SealingKey& key, const Invite& invite);

[[nodiscard]] std::string_view to_string(InviteStatus status);

}  // namespace signaling::service
