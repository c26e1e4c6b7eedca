// What the services of World answer.
#include <algorithm>
#include <utility>

#include "signaling/protocol/peer_id.h"
#include "tests/signaling/room/world.h"

namespace signaling::room {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

namespace {

// ttl 0: none can be had.
IceServers ice_servers(std::int64_t ttl, protocol::WallTime now) {
  if (ttl == 0) return {};
  return {R"([{"urls":"turn:turn.example"}])", ttl, now + std::chrono::seconds(ttl)};
}

// As services do it: another one for another person or meeting.
std::string proven(std::string seed, const std::string& meeting, const std::string& person) {
  std::string proof = meeting + "-" + person + "-";
  proof.resize(protocol::kPeerProofLength, '0');
  return seed + proof;
}

}  // namespace

Answer World::answer_join(const JoinMeeting& join) {
  using Joined = Outcome<JoinAnswer>;
  const std::string id = join.meeting.starts_with("code-") ? join.meeting.substr(5) : join.meeting;
  if (const auto why = refused.find(join.person.id); why != refused.end()) return Joined(failure(why->second));
  if (id.empty() || id[0] != 'm') return Joined(failure(ErrorCode::meeting_not_found));
  const auto wait = must_wait.find(join.person.id);
  if (wait != must_wait.end() && !approved.contains(join.person.id)) {
    auto& request = requests_[join.person.id];
    if (request.request_id.empty()) request.request_id = "r" + std::to_string(requests_.size());
    request.name = join.name;
    request.user_id = join.person.id;
    request.is_guest = join.person.is_guest;
    request.reason = wait->second;
    request.requested_at = now_.wall;
    return Joined(JoinAnswer(Waiting{id, request, static_cast<std::int64_t>(requests_.size()), request.reason}));
  }
  Admission admission;
  admission.meeting = meeting(id);
  const auto role = roles.find(join.person.id);
  admission.role = role == roles.end() ? protocol::Role::participant : role->second;
  auto& participant = participants_[join.person.id];
  if (participant == 0) participant = static_cast<std::int64_t>(participants_.size());
  admission.participant_id = participant;
  admission.started = std::exchange(starts_meeting, false);
  admission.peer_id = join.peer_seed.empty() ? join.peer_id : proven(join.peer_seed, id, join.person.id);
  const auto& lines = lines_[admission.meeting.conversation_id];
  admission.chat = {admission.meeting.conversation_id, 1, static_cast<std::int64_t>(lines.size()), true, lines};
  admission.ice = ice_servers(ice_ttl, now_.wall);
  return Joined(JoinAnswer(std::move(admission)));
}

Answer World::answer_chat(const StoreChat& chat) {
  const std::string key = chat.key.empty() ? "" : chat.person.id + ":" + chat.key;
  if (!key.empty() && by_key_.contains(key)) return Outcome<StoreChat::Answer>(StoreChat::Answer{by_key_[key], true});
  auto& lines = lines_[chat.conversation_id];
  protocol::ChatLine line;
  line.seq = static_cast<std::int64_t>(lines.size()) + 1;
  line.message_id = chat.conversation_id + "/" + std::to_string(line.seq);
  line.conversation_id = chat.conversation_id;
  line.from_id = chat.from_id;
  line.user_id = chat.person.id;
  line.username = chat.name.empty() ? chat.person.username : chat.name;
  line.message = chat.message;
  line.timestamp = now_.wall;
  lines.push_back(line);
  if (!key.empty()) by_key_[key] = line;
  return Outcome<StoreChat::Answer>(StoreChat::Answer{line, false});
}

Answer World::answer(const Question& question) {
  struct Visitor {
    World& world;
    Answer operator()(const StoreChat& chat) { return world.answer_chat(chat); }
    Answer operator()(const AuthenticateToken& ask) {
      const std::string name = ask.token.starts_with("token:") ? ask.token.substr(6) : "";
      if (ask.token == "expired") return Outcome<Person>(failure(ErrorCode::token_expired));
      const bool known = std::find(world.accounts.begin(), world.accounts.end(), name) != world.accounts.end();
      if (!known) return Outcome<Person>(failure(ErrorCode::unauthenticated));
      return Outcome<Person>(world.person(name));
    }
    Answer operator()(const AuthenticateGuest& ask) {
      using Guest = Outcome<AuthenticateGuest::Answer>;
      std::string key = ask.name;
      std::transform(key.begin(), key.end(), key.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
      const bool account = std::find(world.accounts.begin(), world.accounts.end(), key) != world.accounts.end();
      if (account) return Guest(failure(ErrorCode::username_taken));
      Person person;
      person.is_guest = true;
      person.id = ask.secret.empty() ? "g:" + std::to_string(++world.last_connection_) : "g:" + ask.secret;
      person.name = person.username = ask.name;
      person.name_key = key;
      return Guest(AuthenticateGuest::Answer{person, person.id.substr(2)});
    }
    Answer operator()(const JoinMeeting& join) { return world.answer_join(join); }
    Answer operator()(const EndMeeting&) { return Outcome<Done>(Done{}); }
    Answer operator()(const RecordMeeting&) { return Outcome<Done>(Done{}); }
    Answer operator()(const HandleJoinRequests& handle) {
      std::vector<std::string> ids;
      for (const auto& [person, request] : world.requests_) {
        const auto& named = handle.request_ids;
        if (!handle.all && std::find(named.begin(), named.end(), request.request_id) == named.end()) continue;
        ids.push_back(request.request_id);
        if (handle.approve) world.approved.insert(person);
      }
      return Outcome<std::vector<std::string>>(ids);
    }
    Answer operator()(const ModerateMeeting& ask) {
      MeetingFacts& facts = world.meeting(ask.meeting_id);
      if (ask.action == protocol::ModerateAction::lock) facts.locked = true;
      if (ask.action == protocol::ModerateAction::unlock) facts.locked = false;
      if (ask.action == protocol::ModerateAction::settings)
        facts.settings.enable_chat = ask.settings.find("\"enableChat\":false") == std::string::npos;
      return Outcome<ModerateMeeting::Answer>(ModerateMeeting::Answer{facts.locked, facts.settings});
    }
    Answer operator()(const EditChat& edit) {
      for (auto& [id, lines] : world.lines_) {
        for (protocol::ChatLine& line : lines) {
          if (line.message_id != edit.message_id) continue;
          if (line.user_id != edit.person.id) return Outcome<EditChat::Answer>(failure(ErrorCode::forbidden));
          line.message = edit.message;
          line.edited_at = world.now_.wall;
          return Outcome<EditChat::Answer>(EditChat::Answer{line});
        }
      }
      return Outcome<EditChat::Answer>(failure(ErrorCode::not_found));
    }
    Answer operator()(const DeleteChat& ask) {
      const std::string conversation = ask.message_id.substr(0, ask.message_id.find('/'));
      return Outcome<DeleteChat::Answer>(DeleteChat::Answer{ask.message_id, conversation});
    }
    Answer operator()(const ReactChat& ask) {
      for (const auto& [id, lines] : world.lines_) {
        for (const protocol::ChatLine& line : lines)
          if (line.message_id == ask.message_id) return Outcome<Done>(Done{});
      }
      return Outcome<Done>(failure(ErrorCode::not_found));
    }
    Answer operator()(const ClearChat& ask) {
      return Outcome<ClearChat::Answer>(ClearChat::Answer{ask.conversation_id, 2});
    }
    Answer operator()(const MarkRead& ask) {
      MarkRead::Answer answer{ask.conversation_id, ask.seq, {}};
      if (ask.conversation_id[0] == 'd') answer.readers = {"1", "2"};
      return Outcome<MarkRead::Answer>(std::move(answer));
    }
    Answer operator()(const ReadChat& ask) {
      const auto& lines = world.lines_[ask.conversation_id];
      return Outcome<ChatPage>(ChatPage{ask.conversation_id, 1, static_cast<std::int64_t>(lines.size()), true, lines});
    }
    Answer operator()(const OpenConversation& ask) {
      if (ask.conversation_id == "secret") return Outcome<ChatPage>(failure(ErrorCode::forbidden));
      const auto& lines = world.lines_[ask.conversation_id];
      ChatPage page{ask.conversation_id, 1, static_cast<std::int64_t>(lines.size()), true, {}};
      for (const auto& line : lines) {
        if (ask.after && line.seq > *ask.after) page.lines.push_back(line);
      }
      return Outcome<ChatPage>(page);
    }
    Answer operator()(const AskIceServers&) { return Outcome<IceServers>(ice_servers(world.ice_ttl, world.now_.wall)); }
    Answer operator()(const FindAccount& ask) {
      const auto& all = world.accounts;
      return Outcome<bool>(std::find(all.begin(), all.end(), ask.id_or_username) != all.end());
    }
    Answer operator()(const LeftMeeting&) { return Outcome<Done>(Done{}); }
    Answer operator()(const CancelledRequest&) { return Outcome<Done>(Done{}); }
    Answer operator()(const HostSucceeded&) { return Outcome<Done>(Done{}); }
    Answer operator()(const RecorderLeft&) { return Outcome<Done>(Done{}); }
  };
  return std::visit(Visitor{*this}, question.what);
}

}  // namespace signaling::room
