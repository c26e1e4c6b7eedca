#include "signaling/service/account_remains.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "signaling/service/conversations.h"
#include "signaling/service/meetings.h"

namespace signaling::service {

namespace {

constexpr std::size_t kMeetings = 50;  // at once

std::vector<std::int64_t> ids(store::Connection& db, std::string_view sql, std::int64_t user_id) {
  return db.all([](const store::Row& row) { return row.number(0); }, sql, user_id);
}

}  // namespace

bool settle_meetings(store::Connection& db, const MeetingContext& context, const User& user, const Identity& by,
                     WallTime now, Effects& effects) {
  const auto some = db.all([](const store::Row& row) { return row.number(0); },
                           "SELECT id FROM meetings WHERE host_id = ?1 ORDER BY id LIMIT ?2", user.id, kMeetings);
  for (const auto id : some) remove_meeting(db, context, *meeting_by_id(db, id), by, now, effects);
  return some.size() == kMeetings;
}

void settle_remains(store::Connection& db, const MeetingContext& context, const User& user, const Identity& by,
                    WallTime now, Effects& effects) {
  while (settle_meetings(db, context, user, by, now, effects)) continue;

  Identity leaving;
  leaving.kind = Identity::Kind::account;
  leaving.user_id = user.id;
  leaving.name = user.name;
  const auto groups =
      ids(db,
          "SELECT c.id FROM conversation_participants p JOIN conversations c ON c.id = p.conversation_id"
          " WHERE p.user_id = ?1 AND c.kind = 'group' ORDER BY c.id",
          user.id);
  for (const auto id : groups) (void)Conversations({}).remove_member(db, leaving, id, user.id, effects);
  const auto alone =
      ids(db,
          "SELECT c.id FROM conversation_participants p JOIN conversations c ON c.id = p.conversation_id"
          " WHERE p.user_id = ?1 AND c.kind = 'direct' AND NOT EXISTS ("
          " SELECT 1 FROM conversation_participants o WHERE o.conversation_id = c.id AND o.user_id <> ?1)",
          user.id);
  for (const auto id : alone) remove_conversation(db, id);
}

}  // namespace signaling::service
