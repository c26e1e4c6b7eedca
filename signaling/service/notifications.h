// Notifications: what an account is told about meetings, kept until it deletes it.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/effects.h"
#include "signaling/store/connection.h"

namespace signaling::service {

struct NewNotification {
  std::int64_t recipient_id = 0;
  std::optional<std::int64_t> sender_id = {};
  // meeting_invitation, join_request, join_request_approved, join_request_denied, meeting_reminder,
  // meeting_password_guessed
  std::string type;
  std::string title = {};
  std::string message = {};
  std::optional<std::int64_t> meeting_id = {};  // the row's
  boost::json::object data = {};
};
// Stores it and has it shown to the recipient's sockets.
std::int64_t notify(store::Connection& db, const NewNotification& notification, WallTime now, Effects& effects);

// Tells the host, who stands in for him, and the co-hosts; with this meeting as the row's.
void notify_hosts(store::Connection& db, std::int64_t meeting_id, NewNotification notification, WallTime now,
                  Effects& effects);

struct NotificationPage {
  std::vector<boost::json::object> notifications;  // newest first (P3)
  std::int64_t unread = 0;
};
[[nodiscard]] NotificationPage list_notifications(store::Connection& db, std::int64_t user_id, std::int64_t limit,
                                                  std::int64_t page);
[[nodiscard]] std::int64_t count_unread(store::Connection& db, std::int64_t user_id);
// How many were unread and are not now. Somebody else's ids change nothing.
std::int64_t mark_as_read(store::Connection& db, std::int64_t user_id, const std::vector<std::int64_t>& ids,
                          WallTime now);
std::int64_t mark_all_as_read(store::Connection& db, std::int64_t user_id, WallTime now);
// False: there is none of this account's with that id.
[[nodiscard]] bool delete_notification(store::Connection& db, std::int64_t user_id, std::int64_t id);

// {notification_ids: [...]}
[[nodiscard]] protocol::Outcome<std::vector<std::int64_t>> read_notification_ids(const boost::json::object& body);

}  // namespace signaling::service
