#include "signaling/gateway/translate.h"

#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>

#include "signaling/protocol/name_key.h"
#include "signaling/service/shown_name.h"
#include "signaling/turn/relay_user.h"

namespace signaling::gateway {
namespace {

using protocol::ModerateAction;

// A conversation's change, to its readers.
struct ChatTranslator {
  const service::ChatChange& change;
  const ConversationNames& names;
  std::vector<room::Notice>& out;

  [[nodiscard]] std::string conversation() const { return names.name(change.conversation_id); }

  void operator()(const service::MessagePosted& what) { out.push_back(room::ChatPosted{to_line(what.message, names)}); }
  void operator()(const service::MessageEdited& what) { out.push_back(room::ChatEdited{to_line(what.message, names)}); }
  void operator()(const service::MessageDeleted& what) {
    out.push_back(room::ChatDeleted{std::to_string(what.message_id), conversation()});
  }
  void operator()(const service::MessageReacted& what) {
    out.push_back(room::ChatReacted{std::to_string(what.message_id), conversation(), what.kind, what.count,
                                    person_id(what.by_key), what.is_taken_back});
  }
  void operator()(const service::ConversationCleared& what) {
    out.push_back(room::ChatCleared{conversation(), what.epoch});
  }
  void operator()(const service::ConversationRead& what) {
    out.push_back(
        room::ChatMarkedRead{conversation(), std::to_string(what.user_id), what.seq, person_ids(change.members)});
  }
  void operator()(const service::ConversationChanged&) { tell_members(); }
  void operator()(const service::MemberLeft& what) {
    out.push_back(room::ConversationLeft{conversation(), std::to_string(what.user_id)});
    tell_members();
  }

  void tell_members() { out.push_back(room::ConversationChanged{conversation(), person_ids(change.members)}); }
};

struct MeetingTranslator {
  const std::string& meeting;
  std::vector<room::Notice>& out;

  void moderated(const service::MeetingParticipant& who, ModerateAction action, const std::string& by) {
    out.push_back(room::ParticipantModerated{meeting, who.id, action, who.role, person_id(by)});
  }
  void operator()(const service::RequestMade& what) {
    out.push_back(room::RequestMade{meeting, to_request(what.request)});
  }
  void operator()(const service::RequestHandled& what) {
    out.push_back(room::RequestHandled{meeting, std::to_string(what.request.id),
                                       std::string(to_string(what.request.status)), person_id(what.by_key)});
  }
  void operator()(const service::MeetingStarted&) { out.push_back(room::MeetingStarted{meeting}); }
  void operator()(const service::MeetingEnded& what) {
    out.push_back(room::MeetingEnded{meeting, person_id(what.by_key)});
  }
  void operator()(const service::MeetingDeleted&) { out.push_back(room::MeetingDeleted{meeting}); }
  void operator()(const service::MeetingChanged& what) {
    const room::MeetingFacts facts = to_facts(what.meeting);
    out.push_back(room::MeetingChanged{meeting, facts.locked, facts.settings});
  }
  void operator()(const service::ParticipantJoined&) {}  // he is seen when his socket joins
  void operator()(const service::ParticipantMuted& what) {
    moderated(what.participant, ModerateAction::mute, what.by_key);
  }
  void operator()(const service::UnmuteAsked& what) {
    moderated(what.participant, ModerateAction::ask_unmute, what.by_key);
  }
  void operator()(const service::RoleChanged& what) { moderated(what.participant, ModerateAction::role, what.by_key); }
  void operator()(const service::ParticipantGone& what) {
    const service::MeetingParticipant& who = what.participant;
    if (what.why == protocol::LeaveReason::kicked)
      moderated(who, what.banned ? ModerateAction::ban : ModerateAction::kick, what.by_key);
    if (what.why == protocol::LeaveReason::left) out.push_back(room::ParticipantLeft{meeting, who.id});
    if (!what.conversation_id) return;
    const std::string person = who.user_id ? std::to_string(*who.user_id) : "g:" + who.guest_id;
    out.push_back(room::ConversationLeft{std::to_string(*what.conversation_id), person});
  }
  void operator()(const service::DataSent& what) {
    out.push_back(room::DataSent{meeting, what.topic, what.payload, what.participant_id.value_or(0)});
  }
  void operator()(const service::Invited& what) {
    std::string members =
        "\"invite\":" + boost::json::serialize(what.invite) + ",\"meeting\":" + boost::json::serialize(what.meeting);
    out.push_back(room::TopicNews{
        {std::to_string(what.user_id)}, protocol::Topic::meetings, protocol::ServerType::invited, std::move(members)});
  }
};

room::TopicNews to_topic(const service::MeetingNews& news) {
  room::TopicNews told;
  told.person_ids = person_ids(news.people);
  told.topic = protocol::Topic::meetings;
  const bool is_over = news.kind == service::MeetingNews::Kind::ended;
  told.type = is_over ? protocol::ServerType::meeting_ended : protocol::ServerType::meeting_started;
  boost::json::object members{{"meetingId", news.meeting_id}, {"code", news.code}, {"title", news.title}};
  if (is_over) members["message"] = "The meeting has ended";
  const std::string text = boost::json::serialize(members);
  told.members = text.substr(1, text.size() - 2);
  return told;
}

}  // namespace

std::vector<std::string> person_ids(const std::vector<std::int64_t>& accounts) {
  std::vector<std::string> ids;
  for (const std::int64_t id : accounts) ids.push_back(std::to_string(id));
  return ids;
}

room::Person to_person(const service::Identity& identity) {
  room::Person person;
  person.is_guest = identity.is_guest();
  person.id = person.is_guest ? "g:" + identity.guest_id : std::to_string(identity.user_id);
  person.user_id = identity.user_id;
  person.is_admin = identity.is_admin;
  person.name = identity.name;
  person.username = identity.username.empty() ? identity.name : identity.username;
  // An account without a username reserves none.
  if (person.is_guest || !identity.username.empty()) person.name_key = protocol::name_key(person.username);
  person.family = identity.family;
  person.epoch = identity.epoch;
  person.meeting_scope = identity.meeting_scope;
  person.expires_at = identity.expires_at;
  return person;
}

room::Person to_person(store::Connection& db, const service::Identity& identity) {
  room::Person person = to_person(identity);
  if (identity.is_account()) person.username = service::shown_name(db, identity);
  return person;
}

service::Identity to_identity(const room::Person& person) {
  service::Identity identity;
  identity.kind = person.is_guest ? service::Identity::Kind::guest : service::Identity::Kind::account;
  identity.user_id = person.user_id;
  if (person.is_guest) identity.guest_id = person.id.substr(2);
  identity.name = person.name;
  if (!person.is_guest && !person.name_key.empty()) identity.username = person.username;
  identity.is_admin = person.is_admin;
  identity.meeting_scope = person.meeting_scope;
  identity.epoch = person.epoch;
  identity.family = person.family;
  identity.expires_at = person.expires_at;
  return identity;
}

std::string person_id(const std::string& key) { return key.starts_with("u:") ? key.substr(2) : key; }

room::MeetingFacts to_facts(const service::Meeting& meeting) {
  room::MeetingFacts facts;
  facts.meeting_id = meeting.uuid;
  facts.code = meeting.code;
  facts.title = meeting.options.title;
  if (meeting.conversation_id) facts.conversation_id = std::to_string(*meeting.conversation_id);
  facts.status = meeting.status;
  const service::MeetingOptions& options = meeting.options;
  facts.locked = options.locked;
  facts.settings.waiting_room = options.waiting_room;
  facts.settings.allow_unmute = options.allow_unmute;
  facts.settings.allow_screen_share = options.allow_screen_share;
  facts.settings.enable_chat = options.enable_chat;
  facts.settings.enable_reactions = options.enable_reactions;
  facts.settings.join_before_host = options.join_before_host;
  facts.settings.max_participants = options.max_participants;
  facts.started_at = meeting.started_at;
  return facts;
}

room::JoinRequest to_request(const service::JoinRequest& request) {
  room::JoinRequest made;
  made.request_id = std::to_string(request.id);
  made.name = request.name();
  made.user_id = person_id(request.person_key());
  made.is_guest = !request.user_id;
  made.reason = request.reason;
  made.requested_at = request.requested_at;
  return made;
}

std::optional<std::int64_t> ConversationNames::id(const std::string& name) const {
  if (name == "general") return lobby_;
  std::int64_t value = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), value);
  if (read.ec != std::errc() || read.ptr != name.data() + name.size() || value <= 0) return std::nullopt;
  return value;
}

protocol::ChatLine to_line(const service::Message& message, const ConversationNames& names) {
  protocol::ChatLine line;
  line.message_id = std::to_string(message.id);
  line.conversation_id = names.name(message.conversation_id);
  if (message.sender_id) line.user_id = std::to_string(*message.sender_id);
  if (!message.sender_guest.empty()) line.user_id = "g:" + message.sender_guest;
  line.username = message.sender_name;
  line.message = message.content;
  line.timestamp = message.created_at;
  line.seq = message.seq;
  line.is_system = message.is_system;
  if (message.reply_to) line.reply_to = std::to_string(*message.reply_to);
  line.edited_at = message.edited_at;
  line.deleted_at = message.deleted_at;
  for (const service::Reaction& each : message.reactions) line.reactions.push_back({each.kind, each.count, each.mine});
  return line;
}

std::vector<room::Notice> to_notices(const service::Effects& effects, const ConversationNames& names) {
  std::vector<room::Notice> notices;
  for (const service::RevokedSessions& revoked : effects.revoked)
    notices.push_back(room::SessionsRevoked{std::to_string(revoked.user_id), revoked.family, revoked.except_family,
                                            revoked.deactivated});
  for (const service::Notice& notice : effects.notices)
    notices.push_back(room::TopicNews{{std::to_string(notice.recipient_id)},
                                      protocol::Topic::notifications,
                                      protocol::ServerType::notification,
                                      "\"notification\":" + boost::json::serialize(notice.body)});
  for (const service::ChatChange& change : effects.chat)
    std::visit(ChatTranslator{change, names, notices}, change.what);
  for (const service::MeetingChange& change : effects.meetings)
    std::visit(MeetingTranslator{change.meeting, notices}, change.what);
  for (const service::MeetingNews& news : effects.news) notices.push_back(to_topic(news));
  return notices;
}

std::string relay_user(const room::Person& person) {
  return person.is_guest ? turn::guest_user(person.name) : turn::account_user(person.user_id);
}

std::vector<ThrownOut> thrown_out(const service::Effects& effects) {
  std::vector<ThrownOut> accounts;
  for (const service::MeetingChange& change : effects.meetings) {
    const auto* gone = std::get_if<service::ParticipantGone>(&change.what);
    if (gone == nullptr || gone->why != protocol::LeaveReason::kicked || gone->participant.is_guest()) continue;
    const std::int64_t user_id = *gone->participant.user_id;
    accounts.push_back({std::to_string(user_id), turn::account_user(user_id), gone->banned});
  }
  return accounts;
}

}  // namespace signaling::gateway
