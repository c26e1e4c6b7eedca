// The hub as a state machine: bytes become connections, frames, answers, losses and time. After each of them every
// frame is JSON, nothing goes to a socket that was closed, and the numbers of a session's stream have no holes.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "fuzz/hub_frames.h"
#include "fuzz/hub_input.h"
#include "signaling/protocol/json_text.h"
#include "signaling/protocol/peer_id.h"
#include "signaling/room/hub.h"

namespace signaling::room {
namespace {

using namespace std::chrono_literals;
using protocol::Outcome;

template <class Q>
constexpr bool kIsTold = std::is_same_v<Q, LeftMeeting> || std::is_same_v<Q, CancelledRequest> ||
                         std::is_same_v<Q, HostSucceeded> || std::is_same_v<Q, RecorderLeft>;

class Machine {
 public:
  Machine() : hub_(settings(), [this](turnd::base::MutableBytes out) { draw(out); }) {}

  void step(Input& input) {
    switch (input.byte() % 8) {
      case 0:
        connect(input);
        break;
      case 1:
        disconnect(input);
        break;
      case 2:
        answer(input);
        break;
      case 3:
        advance(input);
        break;
      case 4:
        tell(input);
        break;
      default:
        hub_.on_text(connection(input), frame(input), now_);
        break;
    }
    carry_out();
  }

 private:
  struct Socket {
    bool closed = false;
    std::uint64_t s = 0;
  };

  // A short ring: it overruns within one input, and a resume repeats few frames.
  static HubSettings settings() {
    HubSettings made;
    made.ring_messages = 16;
    return made;
  }

  void draw(turnd::base::MutableBytes out) {
    ++drawn_;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(drawn_ >> (8 * (i % 4)));
  }

  ConnectionId& connection(Input& input) { return places_[input.byte() % places_.size()]; }

  // An id is never used again.
  void connect(Input& input) {
    ConnectionId& id = connection(input);
    if (sockets_.contains(id.value)) return;
    id = ConnectionId{++last_connection_};
    sockets_[id.value] = {};
    const std::uint8_t how = input.byte();
    Opening opening{{id, "192.0.2.1", how % 4 != 0, how % 4 != 0, {}}, {}};
    if (how % 3 == 0) opening.person = person(how / 16);
    hub_.on_connected(std::move(opening), now_);
  }

  void disconnect(Input& input) {
    const ConnectionId id = connection(input);
    const Ending how = input.byte() % 2 == 0 ? Ending::dropped : Ending::on_purpose;
    if (sockets_.erase(id.value) != 0) hub_.on_disconnected(id, how, now_);
  }

  static Person person(unsigned number) {
    Person made;
    made.user_id = 1 + number % 5;
    made.id = std::to_string(made.user_id);
    made.name = made.username = made.name_key = "user" + made.id;
    made.is_admin = made.user_id == 1;
    return made;
  }

  std::string frame(Input& input) {
    std::string text(kFrames[input.byte() % kFrames.size()]);
    const auto put = [&](std::string_view name, const std::string& value) {
      for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    };
    const auto any = [&](const std::vector<std::string>& all) {
      return all.empty() ? std::string("none") : all[input.byte() % all.size()];
    };
    put("$p", any(peers_));
    put("$m", "m" + std::to_string(input.byte() % 2));
    put("$c", any(calls_));
    put("$q", std::to_string(input.byte() % 4));
    put("$s", any(sessions_));
    put("$t", any(tokens_));
    put("$i", std::to_string(input.byte() % 6));
    return text;
  }

  void advance(Input& input) {
    constexpr std::array<std::chrono::milliseconds, 6> kSteps = {1ms, 200ms, 1s, 10s, 31s, 1801s};
    const auto by = kSteps[input.byte() % kSteps.size()];
    now_ = {now_.monotonic + by, now_.wall + by};
    hub_.on_time(now_);
  }

  void tell(Input& input) {
    const std::string meeting = "m" + std::to_string(input.byte() % 2);
    const std::string person = std::to_string(1 + input.byte() % 5);
    switch (input.byte() % 8) {
      case 0:
        return hub_.on_notice(SessionsRevoked{person, {}, {}, false}, now_);
      case 1:
        return hub_.on_notice(MeetingEnded{meeting, person}, now_);
      case 2:
        return hub_.on_notice(MeetingStarted{meeting}, now_);
      case 3:
        return hub_.on_notice(RequestHandled{meeting, std::to_string(input.byte() % 4), "approved", person}, now_);
      case 4:
        return hub_.on_notice(ParticipantModerated{meeting, 1 + input.byte() % 5, protocol::ModerateAction::kick,
                                                   protocol::Role::participant, person},
                              now_);
      case 5:
        return hub_.on_notice(ConversationLeft{"general", person}, now_);
      case 6:
        return hub_.on_notice(ConversationChanged{"7", {person, "1"}}, now_);
      default:
        return hub_.drain(1s, now_);
    }
  }

  // Any of the waiting questions, well or badly.
  void answer(Input& input) {
    if (questions_.empty()) return;
    std::swap(questions_[input.byte() % questions_.size()], questions_.back());
    const Question question = std::move(questions_.back());
    questions_.pop_back();
    if (question.ticket.value != 0) hub_.on_answer(question.ticket, answer_to(question, input), now_);
  }

  template <class Q>
  typename Q::Answer good(const Q& what, std::uint8_t detail) {
    if constexpr (std::is_same_v<Q, AuthenticateToken>) {
      Person made = person(detail);
      if (detail >= 128) made.expires_at = now_.wall + 100s;
      return made;
    } else if constexpr (std::is_same_v<Q, AuthenticateGuest>) {
      Person made;
      made.is_guest = true;
      made.id = "g:" + what.name;
      made.name = made.username = made.name_key = what.name;
      return {made, "secret"};
    } else if constexpr (std::is_same_v<Q, JoinMeeting>) {
      return joined(what, detail);
    } else if constexpr (std::is_same_v<Q, StoreChat>) {
      protocol::ChatLine line;
      line.message_id = "1";
      line.conversation_id = what.conversation_id;
      line.message = what.message;
      line.seq = ++seq_;
      return {line, detail % 4 == 0};
    } else if constexpr (std::is_same_v<Q, HandleJoinRequests>) {
      return {"0", "1", "2", "3"};
    } else {
      return {};
    }
  }

  template <class Q>
  Answer answer_one(const Q& what, Input& input) {
    const bool well = input.byte() % 4 != 0;
    const std::uint8_t detail = input.byte();
    if constexpr (kIsTold<Q>) {
      return Outcome<Done>(Done{});
    } else {
      using Result = Outcome<typename Q::Answer>;
      if (!well) return Result(protocol::failure(protocol::ErrorCode::unavailable));
      return Result(good(what, detail));
    }
  }

  Answer answer_to(const Question& question, Input& input) {
    return std::visit([&](const auto& what) { return answer_one(what, input); }, question.what);
  }

  JoinAnswer joined(const JoinMeeting& what, std::uint8_t detail) {
    if (detail % 3 == 0) {
      Waiting waiting;
      waiting.meeting_id = what.meeting;
      waiting.request.request_id = std::to_string(detail % 4);
      waiting.request.reason = detail % 2 == 0 ? protocol::WaitReason::not_started : protocol::WaitReason::waiting_room;
      return waiting;
    }
    Admission admission;
    admission.meeting.meeting_id = what.meeting;
    admission.meeting.conversation_id = "c-" + what.meeting;
    admission.meeting.settings.allow_unmute = detail % 2 == 0;
    admission.role = static_cast<protocol::Role>(detail % 4);
    admission.participant_id = 1 + detail % 5;
    std::string proof = what.person.id;
    proof.resize(protocol::kPeerProofLength, '-');
    admission.peer_id = what.peer_id.empty() ? what.peer_seed + proof : what.peer_id;
    admission.started = detail % 5 == 0;
    admission.ice.ttl_s = detail % 2 == 0 ? 3600 : 0;
    return admission;
  }

  void carry_out() {
    while (!hub_.effects().empty()) {
      const Effects effects = std::move(hub_.effects());
      hub_.effects() = {};
      for (const Send& send : effects.sends) deliver(send);
      for (const Close& close : effects.closes) {
        sockets_.at(close.connection.value).closed = true;
        hub_.on_disconnected(close.connection, Ending::dropped, now_);
        sockets_.erase(close.connection.value);
      }
      std::ranges::copy(effects.questions, std::back_inserter(questions_));
    }
    const HubCounts counts = hub_.counts();
    check(counts.members + counts.waiting <= counts.sessions);
    check(counts.rooms <= counts.members + counts.waiting);
  }

  void deliver(const Send& send) {
    const auto socket = sockets_.find(send.to.value);
    if (socket == sockets_.end()) return;  // it went by itself
    check(!socket->second.closed);
    // The number behind the body is the stream's; a reply has none.
    if (read_.insert(send.frame).second) read(send, socket->second);
    if (send.s == 0) return;
    check(socket->second.s == 0 || send.s == socket->second.s + 1);
    socket->second.s = send.s;
  }

  // Once, though it goes to many and is repeated by every resume.
  void read(const Send& send, Socket& socket) {
    const auto frame = protocol::parse_json_object(whole_text(*send.frame, send.s));
    check(frame.has_value());
    if (send.frame->type == protocol::ServerType::auth_ok)
      socket.s = frame->at("resumed").as_bool() ? 0 : static_cast<std::uint64_t>(frame->at("s").as_int64());
    learn(*frame, "selfId", peers_);
    learn(*frame, "callId", calls_);
    learn(*frame, "sessionId", sessions_);
    learn(*frame, "resumeToken", tokens_);
  }

  static void learn(const boost::json::object& frame, std::string_view name, std::vector<std::string>& into) {
    const auto* value = frame.if_contains(name);
    if (value != nullptr && value->is_string() && into.size() < 64) into.emplace_back(value->as_string());
  }

  Now now_{TimePoint(1000s), protocol::WallTime(1'770'000'000s)};
  std::uint32_t drawn_ = 0;
  std::int64_t seq_ = 0;
  Hub hub_;
  std::uint64_t last_connection_ = 0;
  std::array<ConnectionId, 8> places_{};  // the newest connection of each
  std::map<std::uint64_t, Socket> sockets_;
  std::vector<Question> questions_;
  std::set<protocol::SharedFrame> read_;  // keeps them, so that no other is taken for one of them
  std::vector<std::string> peers_, calls_, sessions_, tokens_;
};

}  // namespace
}  // namespace signaling::room

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  signaling::room::Input input(data, size);
  signaling::room::Machine machine;
  for (int steps = 0; !input.empty() && steps < 2000; ++steps) machine.step(input);
  return 0;
}
