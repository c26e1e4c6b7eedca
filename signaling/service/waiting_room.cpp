#include "signaling/service/waiting_room.h"

#include <algorithm>

#include "signaling/service/identity_columns.h"
#include "signaling/service/meetings.h"
#include "signaling/service/notifications.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

namespace {

void tell_asker(store::Connection& db, const Meeting& meeting, const JoinRequest& request, const Identity& by,
                WallTime now, Effects& effects) {
  if (!request.user_id) return;
  const bool approved = request.status == RequestStatus::approved;
  notify(db,
         {.recipient_id = *request.user_id,
          .sender_id = account_column(by),
          .type = approved ? "join_request_approved" : "join_request_denied",
          .title = approved ? "You may come in: " + meeting.options.title : "Your request was denied",
          .message = approved ? by.name + " lets you in" : by.name + " does not let you in",
          .meeting_id = meeting.id,
          .data = {{"request_id", request.id}, {"meeting_id", meeting.uuid}}},
         now, effects);
}

JoinRequest handle(store::Connection& db, const Meeting& meeting, const JoinRequest& request, const Identity& by,
                   RequestAnswer answer, WallTime now, Effects& effects) {
  const bool approved = answer == RequestAnswer::approve;
  set_request_status(db, request.id, approved ? RequestStatus::approved : RequestStatus::denied, account_column(by),
                     now);
  JoinRequest handled = *request_by_id(db, request.id);
  tell_asker(db, meeting, handled, by, now, effects);
  effects.meetings.push_back({meeting.id, meeting.uuid, RequestHandled{handled, by.name, by.key()}});
  return handled;
}

}  // namespace

void expire_request(store::Connection& db, const Meeting& meeting, std::int64_t request_id, WallTime now,
                    Effects& effects) {
  set_request_status(db, request_id, RequestStatus::expired, std::nullopt, now);
  effects.meetings.push_back({meeting.id, meeting.uuid, RequestHandled{*request_by_id(db, request_id)}});
}

protocol::Outcome<std::vector<JoinRequest>> WaitingRoom::list(store::Connection& db, const Identity& who,
                                                              std::string_view meeting) const {
  const auto found = hosted_by(db, who, meeting);
  if (!found) return found.error();
  return pending_requests(db, found->id);
}

protocol::Outcome<JoinRequest> WaitingRoom::respond(store::Connection& db, const Identity& who, std::int64_t request_id,
                                                    RequestAnswer answer, WallTime now, Effects& effects) const {
  if (who.is_nobody()) return failure(ErrorCode::unauthenticated);
  const auto request = request_by_id(db, request_id);
  const auto meeting = request ? meeting_by_id(db, request->meeting_id) : std::nullopt;
  if (!meeting || standing_of(db, *meeting, who) == Standing::none) return failure(ErrorCode::not_found);
  if (request->status != RequestStatus::pending) {
    return failure(ErrorCode::conflict, "The request was handled already");
  }
  return handle(db, *meeting, *request, who, answer, now, effects);
}

protocol::Outcome<std::vector<JoinRequest>> WaitingRoom::respond_to_all(
    store::Connection& db, const Identity& who, std::string_view meeting,
    const std::optional<std::vector<std::int64_t>>& ids, RequestAnswer answer, WallTime now, Effects& effects) const {
  const auto found = hosted_by(db, who, meeting);
  if (!found) return found.error();
  std::vector<JoinRequest> handled;
  for (const JoinRequest& request : pending_requests(db, found->id)) {
    if (ids && std::ranges::find(*ids, request.id) == ids->end()) continue;
    handled.push_back(handle(db, *found, request, who, answer, now, effects));
  }
  return handled;
}

protocol::Outcome<JoinRequest> WaitingRoom::status(store::Connection& db, const Identity& who, std::string_view meeting,
                                                   std::int64_t request_id, std::string_view secret,
                                                   WallTime now) const {
  const auto request = request_by_id(db, request_id);
  const auto found = find_meeting(db, meeting);
  if (!request || !found || request->meeting_id != found->id) return failure(ErrorCode::not_found);
  const bool is_his = !who.key().empty() && who.key() == request->person_key();
  if (!is_his && !same_secret(request_secret(context_.key, *request), secret)) return failure(ErrorCode::not_found);
  if (request->status == RequestStatus::pending) context_.open_requests.note(request->id, now);
  return *request;
}

void WaitingRoom::cancel(store::Connection& db, std::string_view meeting, std::int64_t request_id, WallTime now,
                         Effects& effects) const {
  const auto found = find_meeting(db, meeting);
  const auto request = request_by_id(db, request_id);
  if (!found || !request || request->meeting_id != found->id || request->status != RequestStatus::pending) return;
  set_request_status(db, request_id, RequestStatus::cancelled, std::nullopt, now);
  effects.meetings.push_back({found->id, found->uuid, RequestHandled{*request_by_id(db, request_id)}});
}

}  // namespace signaling::service
