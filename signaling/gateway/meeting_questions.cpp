// Questions about meetings: who may come in, what hosts decide, who has left.
#include <charconv>
#include <utility>

#include "signaling/gateway/question_work.h"
#include "signaling/protocol/json_text.h"
#include "signaling/service/rate_limits.h"

namespace signaling::gateway {

using protocol::ErrorCode;
using protocol::failure;
using protocol::ModerateAction;
using protocol::Outcome;

namespace {

constexpr std::size_t kBacklog = 50;

std::optional<std::int64_t> number(const std::string& text) { return ConversationNames(0).id(text); }

}  // namespace

Outcome<room::JoinAnswer> ServiceQuestions::join(store::Connection& db, const room::JoinMeeting& question,
                                                 service::Effects& effects) const {
  const service::Identity who = to_identity(question.person);
  service::JoinAttempt attempt;
  attempt.meeting = question.meeting;
  attempt.password = question.password;
  attempt.invite_token = question.invite_token.value_or("");
  attempt.name = question.name;
  attempt.connection_id = question.peer_id;
  attempt.connection_seed = question.peer_seed;
  attempt.address = question.address;
  attempt.other_connections = question.others;
  auto joined = parts_.meetings.join(db, who, attempt, parts_.now(), effects);
  if (parts_.count_join) parts_.count_join(service::join_result(joined));
  if (!joined) return joined.error();
  if (const auto* waiting = std::get_if<service::Waiting>(&*joined))
    return room::JoinAnswer(
        room::Waiting{waiting->meeting.uuid, to_request(waiting->request), waiting->position, waiting->reason});
  const auto& admitted = std::get<service::Admitted>(*joined);
  room::Admission admission;
  admission.meeting = to_facts(admitted.meeting);
  admission.role = admitted.participant.role;
  admission.participant_id = admitted.participant.id;
  admission.peer_id = admitted.participant.connection_id;
  admission.started = admitted.started;
  if (!admission.meeting.conversation_id.empty()) {
    auto chat = page(db, question.person, admission.meeting.conversation_id, {{}, {}, kBacklog, 256 * 1024, true});
    if (chat) admission.chat = std::move(*chat);
  }
  if (protocol::is_moderator(admission.role)) {
    for (const service::JoinRequest& request : service::pending_requests(db, admitted.meeting.id)) {
      if (request.reason != protocol::WaitReason::not_started) admission.requests.push_back(to_request(request));
    }
  }
  return room::JoinAnswer(std::move(admission));
}

// The servers first: once he is stored, what is said and decided from then on reaches the hub behind the answer.
void ServiceQuestions::ask(room::Ticket ticket, room::JoinMeeting question) {
  std::string user = relay_user(question.person);
  parts_.ice(std::move(user), [this, ticket, question = std::move(question)](room::IceServers ice) mutable {
    write<room::JoinMeeting>(ticket, [this, question = std::move(question), ice = std::move(ice)](
                                         store::Connection& db, service::Effects& effects) {
      auto answer = join(db, question, effects);
      auto* const admission = answer ? std::get_if<room::Admission>(&*answer) : nullptr;
      if (admission != nullptr) admission->ice = ice;
      return answer;
    });
  });
}

void ServiceQuestions::ask(room::Ticket ticket, room::EndMeeting question) {
  write<room::EndMeeting>(
      ticket, [this, question = std::move(question)](store::Connection& db, service::Effects& effects) {
        const auto ended =
            parts_.meetings.end(db, to_identity(question.by), question.meeting_id, parts_.now().wall, effects);
        return ended ? Outcome<room::Done>(room::Done{}) : Outcome<room::Done>(ended.error());
      });
}

void ServiceQuestions::ask(room::Ticket ticket, room::HandleJoinRequests question) {
  using Answer = Outcome<std::vector<std::string>>;
  write<room::HandleJoinRequests>(
      ticket, [this, question = std::move(question)](store::Connection& db, service::Effects& effects) {
        std::optional<std::vector<std::int64_t>> ids;
        if (!question.all) {
          ids.emplace();
          for (const std::string& text : question.request_ids) {
            if (const auto id = number(text)) ids->push_back(*id);
          }
        }
        if (ids && ids->empty()) return Answer(std::vector<std::string>{});
        const auto answer = question.approve ? service::RequestAnswer::approve : service::RequestAnswer::deny;
        const auto handled = parts_.waiting_room.respond_to_all(db, to_identity(question.by), question.meeting_id, ids,
                                                                answer, parts_.now().wall, effects);
        if (!handled) return Answer(handled.error());
        std::vector<std::string> done;
        for (const service::JoinRequest& request : *handled) done.push_back(std::to_string(request.id));
        return Answer(std::move(done));
      });
}

void ServiceQuestions::ask(room::Ticket ticket, room::ModerateMeeting question) {
  write<room::ModerateMeeting>(
      ticket, [this, question = std::move(question)](store::Connection& db, service::Effects& effects) {
        return moderate(db, question, effects);
      });
}

Outcome<room::ModerateMeeting::Answer> ServiceQuestions::moderate(store::Connection& db,
                                                                  const room::ModerateMeeting& question,
                                                                  service::Effects& effects) const {
  const service::Identity by = to_identity(question.by);
  const service::WallTime now = parts_.now().wall;
  const service::HostActions& actions = parts_.host_actions;
  const service::Target target{question.meeting_id, question.participant_id};
  if (question.action == ModerateAction::role) {
    const auto changed = actions.set_role(db, by, target, question.role, effects);
    if (!changed) return changed.error();
    return room::ModerateMeeting::Answer{};
  }
  if (question.action == ModerateAction::kick || question.action == ModerateAction::ban) {
    const auto how = question.action == ModerateAction::ban ? service::Removal::ban : service::Removal::kick;
    const auto removed = actions.remove(db, by, target, how, now, effects);
    if (!removed) return removed.error();
    return room::ModerateMeeting::Answer{};
  }
  service::MeetingFields fields;
  if (question.action == ModerateAction::settings) {
    const auto body = protocol::parse_json_object(question.settings);
    if (!body) return failure(ErrorCode::bad_request);
    auto parsed = service::parse_meeting_change(*body, now);
    if (!parsed) return parsed.error();
    fields = std::move(*parsed);
  } else {
    fields.locked = question.action == ModerateAction::lock;
  }
  const auto updated = parts_.meetings.update(db, by, question.meeting_id, fields, now, effects);
  if (!updated) return updated.error();
  const room::MeetingFacts facts = to_facts(updated->meeting);
  return room::ModerateMeeting::Answer{facts.locked, facts.settings};
}

void ServiceQuestions::ask(room::Ticket ticket, room::RecordMeeting question) {
  write<room::RecordMeeting>(
      ticket, [this, question = std::move(question)](store::Connection& db, service::Effects& effects) {
        const service::Identity who = to_identity(question.by);
        const service::WallTime now = parts_.now().wall;
        const auto done = question.start ? parts_.recordings.start(db, who, question.meeting_id, now, effects)
                                         : parts_.recordings.stop(db, who, question.meeting_id, now, effects);
        return done ? Outcome<room::Done>(room::Done{}) : Outcome<room::Done>(done.error());
      });
}

void ServiceQuestions::ask(room::Ticket, room::RecorderLeft told) {
  tell([this, told = std::move(told)](store::Connection& db, service::Effects&) {
    service::Recordings::end_running(db, told.meeting_id, parts_.now().wall);
  });
}

void ServiceQuestions::ask(room::Ticket, room::LeftMeeting told) {
  tell([this, told = std::move(told)](store::Connection& db, service::Effects&) {
    parts_.meetings.connection_left(db, told.participant_id, told.peer_id, told.reason, parts_.now().wall);
  });
}

void ServiceQuestions::ask(room::Ticket, room::CancelledRequest told) {
  tell([this, told = std::move(told)](store::Connection& db, service::Effects& effects) {
    if (const auto id = number(told.request_id))
      parts_.waiting_room.cancel(db, told.meeting_id, *id, parts_.now().wall, effects);
  });
}

void ServiceQuestions::ask(room::Ticket, room::HostSucceeded told) {
  tell([this, told = std::move(told)](store::Connection& db, service::Effects&) {
    parts_.meetings.host_succeeded(db, told.meeting_id, told.participant_id);
  });
}

}  // namespace signaling::gateway
