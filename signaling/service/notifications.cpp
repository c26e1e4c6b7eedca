#include "signaling/service/notifications.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "signaling/protocol/time_text.h"
#include "signaling/service/body.h"

namespace signaling::service {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostIds = 1'000;

std::string select(std::string_view which) {
  return "SELECT n.id, n.type, n.title, n.message, n.sender_id, u.name, m.id, m.uuid, m.title, n.data, n.read_at,"
         " n.created_at FROM notifications n LEFT JOIN users u ON u.id = n.sender_id"
         " LEFT JOIN meetings m ON m.id = n.meeting_id " +
         std::string(which);
}
const std::string kOne = select("WHERE n.id = ?1");
const std::string kNewestFirst = select("WHERE n.recipient_id = ?1 ORDER BY n.id DESC LIMIT ?2 OFFSET ?3");

json::value sender_of(const store::Row& row) {
  if (row.is_null(4)) return nullptr;
  return json::object{{"id", row.number(4)}, {"name", row.text(5)}};
}

json::value meeting_of(const store::Row& row) {
  if (row.is_null(6)) return nullptr;
  return json::object{{"id", row.number(6)}, {"meeting_id", row.text(7)}, {"title", row.text(8)}};
}

json::object notification_of(const store::Row& row) {
  const std::string type = row.text(1);
  const auto read_at = row.get<std::optional<WallTime>>(10);
  return {{"id", row.number(0)},
          {"type", type},
          {"notification_type", type},
          {"title", row.text(2)},
          {"message", row.text(3)},
          {"sender", sender_of(row)},
          {"meeting", meeting_of(row)},
          {"data", json::parse(row.text(9))},
          {"is_read", read_at.has_value()},
          {"read_at", read_at ? json::value(protocol::time_text(*read_at)) : json::value(nullptr)},
          {"created_at", protocol::time_text(row.get<WallTime>(11))}};
}

}  // namespace

std::int64_t notify(store::Connection& db, const NewNotification& notification, WallTime now, Effects& effects) {
  const auto id = db.insert(
      "INSERT INTO notifications(recipient_id, sender_id, type, title, message, meeting_id, data, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      notification.recipient_id, notification.sender_id, notification.type, notification.title, notification.message,
      notification.meeting_id, json::serialize(notification.data), now);
  auto body = db.one(notification_of, kOne, id);
  effects.notices.push_back({notification.recipient_id, id, std::move(*body)});
  return id;
}

void notify_hosts(store::Connection& db, std::int64_t meeting_id, NewNotification notification, WallTime now,
                  Effects& effects) {
  const auto hosts =
      db.all([](const store::Row& row) { return row.get<std::int64_t>(0); },
             "SELECT host_id FROM meetings WHERE id = ?1 AND host_id IS NOT NULL UNION"
             " SELECT user_id FROM meeting_roles WHERE meeting_id = ?1 AND role = 'co_host' UNION"
             " SELECT user_id FROM meeting_participants WHERE meeting_id = ?1 AND left_at IS NULL AND role = 'host'"
             " AND user_id IS NOT NULL",
             meeting_id);
  notification.meeting_id = meeting_id;
  for (const auto host : hosts) {
    notification.recipient_id = host;
    notify(db, notification, now, effects);
  }
}

NotificationPage list_notifications(store::Connection& db, std::int64_t user_id, std::int64_t limit,
                                    std::int64_t page) {
  return {db.all(notification_of, kNewestFirst, user_id, limit, (page - 1) * limit), count_unread(db, user_id)};
}

std::int64_t count_unread(store::Connection& db, std::int64_t user_id) {
  return db
      .value<std::int64_t>("SELECT count(*) FROM notifications WHERE recipient_id = ?1 AND read_at IS NULL", user_id)
      .value_or(0);
}

std::int64_t mark_as_read(store::Connection& db, std::int64_t user_id, const std::vector<std::int64_t>& ids,
                          WallTime now) {
  std::int64_t updated = 0;
  for (const std::int64_t id : ids)
    updated +=
        db.execute("UPDATE notifications SET read_at = ?3 WHERE id = ?1 AND recipient_id = ?2 AND read_at IS NULL", id,
                   user_id, now);
  return updated;
}

std::int64_t mark_all_as_read(store::Connection& db, std::int64_t user_id, WallTime now) {
  return db.execute("UPDATE notifications SET read_at = ?2 WHERE recipient_id = ?1 AND read_at IS NULL", user_id, now);
}

bool delete_notification(store::Connection& db, std::int64_t user_id, std::int64_t id) {
  return db.execute("DELETE FROM notifications WHERE id = ?1 AND recipient_id = ?2", id, user_id) != 0;
}

protocol::Outcome<std::vector<std::int64_t>> read_notification_ids(const json::object& members) {
  Body body(members);
  if (!body.has("notification_ids")) body.fault("notification_ids", "is required");
  auto ids = body.integers("notification_ids", kMostIds);
  if (!body.ok()) return body.failure();
  return std::move(*ids);
}

}  // namespace signaling::service
