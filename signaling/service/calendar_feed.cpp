#include "signaling/service/calendar_feed.h"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "signaling/mail/calendar.h"
#include "signaling/service/invitation_mail.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/hash.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

namespace {

constexpr std::chrono::hours kPast{24 * 30};  // what a calendar still shows of the past
constexpr std::int64_t kNever = std::int64_t{1} << 53;

std::optional<std::int64_t> user_of(std::string_view key) {
  std::int64_t id = 0;
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto [end, error] = std::from_chars(key.data(), key.data() + dot, id);
  if (error != std::errc() || end != key.data() + dot) return std::nullopt;
  return id;
}

std::vector<std::int64_t> meetings_of(store::Connection& db, std::int64_t user_id, WallTime since) {
  return db.all([](const store::Row& row) { return row.get<std::int64_t>(0); },
                "SELECT id FROM meetings m WHERE scheduled_time >= ?2 AND (host_id = ?1 OR EXISTS ("
                " SELECT 1 FROM invites i WHERE i.meeting_id = m.id AND i.user_id = ?1 AND i.status = 'accepted'))"
                " ORDER BY scheduled_time LIMIT 500",
                user_id, since);
}

}  // namespace

std::string CalendarFeed::key_of(store::Connection& db, std::int64_t user_id) const {
  const auto generation =
      db.value<std::string>("SELECT subject FROM one_time_tokens WHERE kind = 'calendar' AND user_id = ?1", user_id);
  const std::string id = std::to_string(user_id);
  return id + "." + context_.key.token_for("calendar " + id + " " + generation.value_or(""));
}

std::string CalendarFeed::url(store::Connection& db, std::int64_t user_id) const {
  return context_.rules.public_url + "/api/meetings/calendar.ics?key=" + key_of(db, user_id);
}

std::string CalendarFeed::new_key(store::Connection& db, std::int64_t user_id) const {
  std::array<std::uint8_t, 16> generation{};
  context_.random(generation);
  const std::string subject = turnd::base::to_hex(generation);
  db.execute("DELETE FROM one_time_tokens WHERE kind = 'calendar' AND user_id = ?1", user_id);
  db.execute("INSERT INTO one_time_tokens(id, kind, user_id, subject, expires_at) VALUES (?1, 'calendar', ?2, ?3, ?4)",
             turnd::crypto::sha256({turnd::base::as_bytes(subject)}), user_id, subject, kNever);
  return url(db, user_id);
}

protocol::Outcome<std::string> CalendarFeed::feed(store::Connection& db, std::string_view key, WallTime now) const {
  const auto user = user_of(key);
  if (!user || !same_secret(key_of(db, *user), key)) return failure(ErrorCode::not_found);
  if (!db.exists("SELECT 1 FROM users WHERE id = ?1 AND is_active = 1", *user)) return failure(ErrorCode::not_found);
  std::vector<mail::CalendarEvent> events;
  for (const auto id : meetings_of(db, *user, now - kPast)) {
    const Meeting meeting = *meeting_by_id(db, id);
    events.push_back(calendar_event(context_, meeting, now));
    if (meeting.host_id == *user) name_organizer(meeting, events.back());
  }
  return mail::calendar_text(mail::CalendarMethod::publish, events);
}

protocol::Outcome<std::string> CalendarFeed::meeting(store::Connection& db, const Identity& who,
                                                     std::string_view meeting, WallTime now) const {
  auto view = Meetings(context_).detail(db, who, meeting);
  if (!view) return view.error();
  Meeting& found = view->meeting;
  if (!found.options.scheduled_time) found.options.scheduled_time = found.created_at;
  mail::CalendarEvent event = calendar_event(context_, found, now);
  if (found.is_host(who)) name_organizer(found, event);
  return mail::calendar_text(mail::CalendarMethod::publish, std::span(&event, 1));
}

}  // namespace signaling::service
