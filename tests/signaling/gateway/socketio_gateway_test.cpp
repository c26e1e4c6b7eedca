#include "signaling/gateway/socketio_gateway.h"

#include <algorithm>

#include "signaling/gateway/door.h"
#include "signaling/protocol/name_key.h"
#include "tests/signaling/gateway/dialect_world.h"
#include "tests/signaling/net/running_server.h"
#include "turnd/crypto/random.h"

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Guests come in under their names, the meeting `uuid` is open to all, and the lobby remembers nothing.
class OpenHouse : public QuestionRunner {
 public:
  void set(HubHost& host) { host_ = &host; }
  void run(room::Question question) override {
    std::visit([&](const auto& what) { answer(question.ticket, what); }, question.what);
  }

 private:
  void answer(room::Ticket to, const room::AuthenticateGuest& guest) {
    room::AuthenticateGuest::Answer answer;
    answer.person.id = "g:" + std::to_string(++guests_);
    answer.person.is_guest = true;
    answer.person.name = answer.person.username = guest.name;
    answer.person.name_key = protocol::name_key(guest.name);
    post<room::AuthenticateGuest>(to, answer);
  }
  void answer(room::Ticket to, const room::JoinMeeting& join) {
    if (join.meeting != "uuid") return post<room::JoinMeeting>(to, failure(ErrorCode::meeting_not_found));
    room::Admission admission;
    admission.meeting.meeting_id = "uuid";
    admission.meeting.conversation_id = "9";
    admission.peer_id = join.peer_id.empty() ? join.peer_seed : join.peer_id;
    post<room::JoinMeeting>(to, room::JoinAnswer(admission));
  }
  void answer(room::Ticket to, const room::OpenConversation& open) {
    post<room::OpenConversation>(to, page(open.conversation_id));
  }
  void answer(room::Ticket to, const room::ReadChat& read) { post<room::ReadChat>(to, page(read.conversation_id)); }
  void answer(room::Ticket to, const room::StoreChat& chat) {
    room::StoreChat::Answer answer;
    answer.line.message_id = "255";
    answer.line.conversation_id = chat.conversation_id;
    answer.line.user_id = chat.person.id;
    answer.line.username = chat.person.username;
    answer.line.message = chat.message;
    answer.line.seq = 1;
    post<room::StoreChat>(to, answer);
  }
  template <class Other>
  void answer(room::Ticket, const Other&) {}

  static room::ChatPage page(const std::string& conversation) {
    room::ChatPage page;
    page.conversation_id = conversation;
    return page;
  }
  template <class Q>
  void post(room::Ticket to, protocol::Outcome<typename Q::Answer> outcome) {
    host_->post_answer(to, room::Answer(std::move(outcome)));
  }

  HubHost* host_ = nullptr;
  int guests_ = 0;
};

// A native client, or rather the far end of its connection.
class Native : public HubEnd {
 public:
  void on_send(const room::Send& send) override { frames.push_back(whole_text(*send.frame)); }
  void on_close(std::uint16_t code, std::string_view) override { closed = code; }

  Texts frames;
  std::uint16_t closed = 0;
};

class NoHandler : public net::HttpHandler {
 public:
  net::BodyPlan plan_body(const net::Request&) override { return {}; }
  void handle(net::Request, std::shared_ptr<net::Exchange>) override {}
  net::Response refuse(const net::Refusal&, const net::Request&) override { return {}; }
};

// The real hub on a real loop; the clients of the adapters are played.
class SocketioGatewayTest : public testing::Test {
 protected:
  void SetUp() override {
    on_loop([this] {
      HubHost::Parts parts{server.loop(),
                           services,
                           [](const room::Note&) {},
                           [](const std::vector<room::Presence>&) {},
                           [](const std::vector<room::SeatView>&) {},
                           [] { return turnd::base::WallTime(std::chrono::system_clock::now()); },
                           turnd::crypto::system_random};
      services.set(host.emplace(room::HubSettings{}, std::move(parts)));
      const auto authenticate = [this](const std::string&, const Door::Authenticated& done) {
        server.loop().post([done] { done(alice()); });
      };
      const auto find_username = [this](const std::string&, const Door::Found& done) {
        server.loop().post([done] { done(0); });
      };
      door.emplace(Door::Parts{server.loop(), *host, authenticate, [](const std::string&) {}, find_username});
      meet.emplace(*door, sockets);
      lobby.emplace(*door, sockets, 100);
    });
  }
  // On the loop, and until what it causes has been carried out: answers come a turn later, and cause more.
  void on_loop(const std::function<void()>& work) {
    server.on_loop([&] { return work(), true; });
    for (int turn = 0; turn < 10; ++turn) server.on_loop([] { return true; });
  }
  void emit(socketio::Namespace& to, std::uint64_t socket, const std::string& name, std::string_view arguments) {
    on_loop([&] { to.on_event(SocketKey{socket}, {name, std::string(without_brackets(arguments)), {}, {}}); });
  }
  void arrive(socketio::Namespace& to, std::uint64_t socket, const json::object& auth = {}) {
    on_loop([&] { to.on_connect({SocketKey{socket}, "sid" + std::to_string(socket), auth, handshake}); });
  }
  // Whose every token is: an account without a username.
  static room::Person alice() {
    room::Person person;
    person.id = "42";
    person.user_id = 42;
    person.name = person.username = "Alice";
    return person;
  }
  void join_meeting(std::uint64_t socket, const std::string& name) {
    arrive(*meet, socket);
    emit(*meet, socket, "join", R"([{"meetingId":"uuid","name":")" + name + "\"}]");
  }
  room::ConnectionId connect(Native& native, const std::string& name) {
    room::ConnectionId id;
    on_loop([&] {
      room::Opening opening;
      opening.address = "192.0.2.2";
      id = host->connect(native, opening);
      host->say(id, R"({"type":"auth","guest":{"name":")" + name + "\"}}");
    });
    return id;
  }
  void say(room::ConnectionId from, std::string_view frame) {
    on_loop([&] { host->say(from, frame); });
  }
  Texts sent() { return std::exchange(sockets.sent, {}); }

  KeptSockets sockets;
  OpenHouse services;
  NoHandler nothing;
  socketio::Handshake handshake{*turnd::base::IpAddress::parse("192.0.2.1"), ""};
  Native native;
  std::optional<HubHost> host;
  std::optional<Door> door;
  std::optional<MeetNamespace> meet;
  std::optional<LobbyNamespace> lobby;
  net::RunningServer server{nothing};
};

TEST_F(SocketioGatewayTest, NativeAndSocketioClientsSeeEachOther) {
  const auto host_of_meeting = connect(native, "Host");
  say(host_of_meeting, R"({"type":"join","meetingId":"uuid"})");

  join_meeting(1, "Ann");

  EXPECT_THAT(native.frames, Contains(AllOf(HasSubstr(R"("type":"peer-joined")"), HasSubstr(R"("peerId":"sid1")"),
                                            HasSubstr(R"("name":"Ann")"))));
  EXPECT_THAT(sent(), Contains(StartsWith(R"(1 42/meet,["joined",{"joined":"uuid","clientId":"sid1","peers":[")")));
}

TEST_F(SocketioGatewayTest, SignalsGoBothWays) {
  const auto other = connect(native, "Host");
  say(other, R"({"type":"join","meetingId":"uuid"})");
  join_meeting(1, "Ann");
  sent();

  emit(*meet, 1, "offer", R"([{"sdp":{"type":"offer","sdp":"v=0"}}])");  // to the only other one
  say(other, R"({"type":"answer","targetId":"sid1","answer":{"type":"answer","sdp":"v=0"}})");

  EXPECT_THAT(native.frames, Contains(AllOf(HasSubstr(R"("type":"offer","fromId":"sid1")"),
                                            HasSubstr(R"("offer":{"type":"offer","sdp":"v=0"})"))));
  EXPECT_THAT(sent(), Contains(AllOf(HasSubstr(R"(1 42/meet,["answer",{"from":")"),
                                     HasSubstr(R"("sdp":{"type":"answer","sdp":"v=0"})"))));
}

TEST_F(SocketioGatewayTest, AnOfferThatCrossesTheNewcomersIsDropped_G45) {
  join_meeting(1, "Ann");
  join_meeting(2, "Bob");
  sent();

  emit(*meet, 2, "offer", R"([{"to":"sid1","sdp":"v=0"}])");
  emit(*meet, 1, "offer", R"([{"to":"sid2","sdp":"v=0"}])");
  EXPECT_EQ(sent(), Texts{R"(1 42/meet,["offer",{"from":"sid2","sdp":"v=0"}])"});

  emit(*meet, 1, "answer", R"([{"to":"sid2","sdp":"v=0"}])");
  emit(*meet, 1, "offer", R"([{"to":"sid2","sdp":"v=0"}])");

  EXPECT_EQ(sent(), (Texts{R"(2 42/meet,["answer",{"from":"sid1","sdp":"v=0"}])",
                           R"(2 42/meet,["offer",{"from":"sid1","sdp":"v=0"}])"}));
}

TEST_F(SocketioGatewayTest, TheNewcomerIsNotToldOfHimself) {
  join_meeting(1, "Ann");
  join_meeting(2, "Bob");

  const Texts all = sent();
  EXPECT_THAT(all, Contains(R"(1 42/meet,["peer-joined",{"clientId":"sid2"}])"));
  EXPECT_THAT(all, Not(Contains(R"(2 42/meet,["peer-joined",{"clientId":"sid2"}])")));
}

TEST_F(SocketioGatewayTest, WhoLeavesHasLeftAtOnce_G98) {
  join_meeting(1, "Ann");
  join_meeting(2, "Bob");
  sent();

  on_loop([this] { meet->on_disconnect(SocketKey{2}, socketio::EndReason::transport_lost); });

  EXPECT_EQ(sent(), Texts{R"(1 42/meet,["peer-left",{"clientId":"sid2"}])"});
}

TEST_F(SocketioGatewayTest, TheLobbyIsOneConversation_G69) {
  const auto reader = connect(native, "Host");
  say(reader, R"({"type":"subscribe","conversationId":"general"})");
  arrive(*lobby, 1);
  emit(*lobby, 1, "join", R"(["Ann"])");
  EXPECT_THAT(sent(), Contains(R"(1 42["users",["Ann"]])"));

  emit(*lobby, 1, "message", R"([{"message":"from there"}])");
  EXPECT_THAT(native.frames,
              Contains(AllOf(HasSubstr(R"("conversationId":"general")"), HasSubstr(R"("message":"from there")"))));
  EXPECT_THAT(sent(), Contains(AllOf(StartsWith(R"(1 42["message",)"), HasSubstr(R"("username":"Ann")"))));

  say(reader, R"({"type":"chat","conversationId":"general","message":"from here"})");
  EXPECT_THAT(sent(), Contains(AllOf(StartsWith(R"(1 42["message",)"), HasSubstr(R"("message":"from here")"))));
}

TEST_F(SocketioGatewayTest, ANameIsTakenForBothWorlds_G16) {
  (void)connect(native, "Ann");
  arrive(*lobby, 1);

  emit(*lobby, 1, "join", R"(["Ann"])");

  EXPECT_THAT(sent(), Contains(HasSubstr(R"("code":"username_taken")")));
}

TEST_F(SocketioGatewayTest, DisconnectsWhomTheHubCloses_G107) {
  arrive(*lobby, 1);
  emit(*lobby, 1, "join", R"(["Ann"])");
  sent();

  on_loop([this] { host->notice(room::GuestsWithdrawn{}); });

  EXPECT_THAT(sent(), Contains("1 disconnect"));
}

TEST_F(SocketioGatewayTest, DisconnectsWhoseTokenIsRevokedBeforeHeJoins_G107) {
  arrive(*meet, 1, {{"token", "t"}});

  on_loop([this] { host->notice(room::SessionsRevoked{"42", "", "", false}); });
  EXPECT_EQ(sent(), Texts{"1 disconnect"});
  emit(*meet, 1, "join", R"([{"meetingId":"uuid"}])");

  EXPECT_THAT(sent(), testing::ElementsAre(HasSubstr(R"("code":"unauthenticated")")));
}

TEST_F(SocketioGatewayTest, AnAccountWithoutAUsernameAndAGuestDoNotShareAName_G90) {
  arrive(*lobby, 1, {{"token", "t"}});
  emit(*lobby, 1, "join", "[]");
  EXPECT_THAT(sent(), Contains(R"(1 42["users",["Alice"]])"));

  Native refused;
  (void)connect(refused, "Alice");
  EXPECT_EQ(refused.closed, 4401);
  on_loop([this] { lobby->on_disconnect(SocketKey{1}, socketio::EndReason::by_client); });
  (void)connect(native, "Alice");
  EXPECT_EQ(native.closed, 0);
  arrive(*lobby, 2, {{"token", "t"}});
  emit(*lobby, 2, "join", "[]");

  EXPECT_THAT(sent(), Contains(HasSubstr(R"("code":"username_taken")")));
}

}  // namespace
}  // namespace signaling::gateway
