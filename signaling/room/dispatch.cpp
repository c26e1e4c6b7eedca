#include "signaling/room/dispatch.h"

#include <utility>
#include <vector>

namespace signaling::room {
namespace {

using protocol::ErrorCode;
using protocol::LeaveReason;

struct MessageVisitor {
  Parts& parts;
  Session& session;
  const Asker& asker;

  void operator()(const protocol::Ping& ping) {
    protocol::FrameWriter pong(protocol::ServerType::pong, asker.id);
    if (!ping.t.empty()) pong.raw("t", ping.t);
    parts.core.reply(asker, pong.finish());
  }
  void operator()(const protocol::Relay& message) { parts.relay.relay(session, asker, message); }
  void operator()(const protocol::Data& message) { parts.relay.data(session, asker, message); }
  void operator()(const protocol::Media& message) { parts.relay.media(session, asker, message); }
  void operator()(const protocol::Hand& message) { parts.relay.hand(session, asker, message); }
  void operator()(const protocol::Reaction& message) { parts.relay.reaction(session, asker, message); }
  void operator()(const protocol::Caption& message) { parts.relay.caption(session, asker, message); }
  void operator()(const protocol::PeerStats& message) { parts.relay.stats(session, asker, message); }
  void operator()(const protocol::Chat& message) { parts.chat.say(session, asker, message); }
  void operator()(const protocol::ChatEdit& message) { parts.chat.edit(session, asker, message); }
  void operator()(const protocol::ChatDelete& message) { parts.chat.remove(session, asker, message); }
  void operator()(const protocol::ChatReact& message) { parts.chat.react(session, asker, message); }
  void operator()(const protocol::ChatClear& message) { parts.chat.clear(session, asker, message); }
  void operator()(const protocol::ChatRead& message) { parts.chat.mark_read(session, asker, message); }
  void operator()(const protocol::ChatHistory& message) { parts.chat.history(session, asker, message); }
  void operator()(const protocol::Typing& message) { parts.chat.typing(session, asker, message); }
  void operator()(const protocol::Auth& message) {
    Connection* const connection = parts.core.find(asker.connection);
    parts.entrance.authenticate(*connection, asker.id, message);
  }
  void operator()(const protocol::AuthRefresh& message) { parts.entrance.refresh(session, asker, message); }
  void operator()(const protocol::Join& message) { parts.attendance.join(session, asker, message); }
  void operator()(const protocol::Leave&) {
    if (session.member != nullptr && session.member->room.is_call) return parts.calls.hang_up(session, asker);
    parts.attendance.leave(session, asker);
  }
  void operator()(const protocol::End& message) {
    if (session.member != nullptr && session.member->room.is_call) return parts.calls.hang_up(session, asker);
    parts.attendance.end(session, asker, message);
  }
  void operator()(const protocol::HandleRequests& message) { parts.doors.handle_requests(session, asker, message); }
  void operator()(const protocol::Moderate& message) { parts.moderation.moderate(session, asker, message); }
  void operator()(const protocol::Recording& message) { parts.moderation.record(session, asker, message); }
  void operator()(const protocol::IceRequest&) { parts.ice.request(session, asker); }
  void operator()(const protocol::Call& message) { parts.calls.call(session, asker, message); }
  void operator()(const protocol::Subscribe& message) {
    if (const auto* topic = std::get_if<protocol::Topic>(&message.what))
      return parts.topics.subscribe(session, asker, *topic);
    parts.chat.subscribe(session, asker, std::get<std::string>(message.what), message.after);
  }
  void operator()(const protocol::Unsubscribe& message) {
    if (const auto* topic = std::get_if<protocol::Topic>(&message.what))
      return parts.topics.unsubscribe(session, asker, *topic);
    parts.chat.unsubscribe(session, asker, std::get<std::string>(message.what));
  }
};

struct NoticeVisitor {
  Parts& parts;

  void operator()(const SessionsRevoked& notice) {
    std::vector<SessionKey> ending;
    for (const Session* session : parts.core.sessions_of(notice.person_id)) {
      const std::string& family = session->person.family;
      const bool named = notice.only_family.empty() || family == notice.only_family;
      const bool spared = !notice.except_family.empty() && family == notice.except_family;
      if (named && !spared) ending.push_back(session->key);
    }
    end(ending, notice.deactivated ? farewell::kForbidden : farewell::kRevoked);
  }
  void operator()(const GuestsWithdrawn&) {
    parts.core.settings.guests = false;
    std::vector<SessionKey> ending;
    parts.core.each_session([&](const Session& session) {
      if (session.person.is_guest) ending.push_back(session.key);
    });
    end(ending, farewell::kForbidden);
  }
  void operator()(const MeetingEnded& notice) { parts.doors.on_notice(notice); }
  void operator()(const MeetingDeleted& notice) { parts.doors.on_notice(notice); }
  void operator()(const MeetingStarted& notice) { parts.doors.on_notice(notice); }
  void operator()(const RequestMade& notice) { parts.doors.on_notice(notice); }
  void operator()(const RequestHandled& notice) { parts.doors.on_notice(notice); }
  void operator()(const MeetingChanged& notice) { parts.moderation.on_notice(notice); }
  void operator()(const ParticipantModerated& notice) { parts.moderation.on_notice(notice); }
  void operator()(const ParticipantLeft& notice) { parts.doors.on_notice(notice); }
  void operator()(const DataSent& notice) { parts.relay.on_notice(notice); }
  void operator()(const ChatPosted& notice) { parts.chat.on_notice(notice); }
  void operator()(const ChatEdited& notice) { parts.chat.on_notice(notice); }
  void operator()(const ChatDeleted& notice) { parts.chat.on_notice(notice); }
  void operator()(const ChatReacted& notice) { parts.chat.on_notice(notice); }
  void operator()(const ChatCleared& notice) { parts.chat.on_notice(notice); }
  void operator()(const ChatMarkedRead& notice) { parts.chat.on_notice(notice); }
  void operator()(const ConversationLeft& notice) { parts.chat.on_notice(notice); }
  void operator()(const ConversationChanged& notice) { parts.chat.on_notice(notice); }
  void operator()(const TopicNews& notice) { parts.topics.on_notice(notice); }
  void operator()(const LogWritten& notice) { parts.topics.on_notice(notice); }

  void end(const std::vector<SessionKey>& keys, const Farewell& why) {
    for (const SessionKey key : keys) {
      if (Session* const session = parts.core.find(key)) parts.core.end(*session, why, LeaveReason::left);
    }
  }
};

}  // namespace

void dispatch(Parts& parts, Session& session, const Asker& asker, const protocol::ClientMessage& message) {
  std::visit(MessageVisitor{parts, session, asker}, message);
}

void dispatch(Parts& parts, const Notice& notice) { std::visit(NoticeVisitor{parts}, notice); }

}  // namespace signaling::room
