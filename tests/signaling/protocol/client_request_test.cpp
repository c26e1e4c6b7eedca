#include "signaling/protocol/client_request.h"

#include <gtest/gtest.h>

#include <string>

namespace signaling::protocol {
namespace {

// What it gives may lie in the frame.
template <class Message>
Message parsed(std::string_view frame) {
  const ClientRequest request = parse_client_request(frame);
  EXPECT_TRUE(request.message.has_value()) << frame;
  if (!request.message || !std::holds_alternative<Message>(*request.message)) {
    ADD_FAILURE() << "another message: " << frame;
    return {};
  }
  return std::get<Message>(*request.message);
}

ErrorCode refused(std::string_view frame) {
  const ClientRequest request = parse_client_request(frame);
  if (request.message) {
    ADD_FAILURE() << "accepted: " << frame;
    return ErrorCode::internal;
  }
  return request.message.error().code;
}

TEST(ClientRequestTest, KeepsTheIdAsItWasWritten_G1) {
  EXPECT_EQ(parse_client_request(R"({"type":"leave","id":"a\"b"})").id, R"("a\"b")");
  EXPECT_EQ(parse_client_request(R"({"type":"leave","id":-7})").id, "-7");
  EXPECT_EQ(parse_client_request(R"({"type":"leave"})").id, "");
  EXPECT_EQ(parse_client_request(R"({"type":"leave","id":null})").id, "");
}

TEST(ClientRequestTest, RefusesAnIdThatIsNone_G2) {
  for (const std::string id : {"1.5", "true", "[]", "\"\"", "{}"}) {
    const ClientRequest request = parse_client_request(R"({"type":"leave","id":)" + id + "}");
    ASSERT_TRUE(request.message.has_error()) << id;
    EXPECT_EQ(request.message.error().code, ErrorCode::bad_request);
    EXPECT_EQ(request.id, "");
  }
  const std::string longest(64, 'x');
  EXPECT_EQ(parse_client_request(R"({"type":"leave","id":")" + longest + "\"}").id, "\"" + longest + "\"");
  EXPECT_EQ(refused(R"({"type":"leave","id":"x)" + longest + "\"}"), ErrorCode::bad_request);
}

TEST(ClientRequestTest, RefusesWhatIsNoMessage_G3) {
  for (const char* frame :
       {"", "[]", "\"leave\"", "{\"id\":1}", "{\"type\":1}", "{\"type\":null}", "{\"type\":\"leave\""})
    EXPECT_EQ(refused(frame), ErrorCode::bad_request) << frame;
  EXPECT_EQ(parse_client_request(R"({"id":1})").id, "");
}

TEST(ClientRequestTest, NumbersItsTypeForWhoCounts) {
  const auto name_of = [](const std::string& frame) { return client_type_name(parse_client_request(frame).type); };
  EXPECT_EQ(name_of(R"({"type":"ping"})"), "ping");
  EXPECT_EQ(name_of(R"({"type":"candidate","candidate":null})"), "candidate");
  EXPECT_EQ(name_of(R"({"type":"stats"})"), "stats") << "refused, but one of them";
  for (const char* other : {R"({"type":"dance"})", R"({"type":1})", "[]", ""}) EXPECT_EQ(name_of(other), "other");
}

TEST(ClientRequestTest, NamesTheRequestWhoseTypeIsUnknown) {
  const ClientRequest request = parse_client_request(R"({"type":"dance","id":1})");
  ASSERT_TRUE(request.message.has_error());
  EXPECT_EQ(request.message.error().code, ErrorCode::unknown_type);
  EXPECT_EQ(request.id, "1");
}

TEST(ClientRequestTest, DrawsFromTheBucketOfItsType_G80) {
  EXPECT_EQ(parse_client_request(R"({"type":"chat","message":"a"})").rate, RateClass::chat);
  EXPECT_EQ(parse_client_request(R"({"type":"candidate","candidate":null})").rate, RateClass::candidates);
  EXPECT_EQ(parse_client_request(R"({"type":"join","meetingId":"a"})").rate, RateClass::join);
  EXPECT_EQ(parse_client_request(R"({"type":"stats","peers":{}})").rate, RateClass::stats);
  EXPECT_EQ(parse_client_request(R"({"type":"data","topic":"a","payload":1})").rate, RateClass::data);
  EXPECT_EQ(parse_client_request(R"({"type":"chat","message":1})").rate, RateClass::chat) << "a mistake costs the same";
  EXPECT_EQ(parse_client_request(R"({"type":"chat-edit","messageId":1,"message":"a"})").rate, RateClass::total);
  EXPECT_EQ(parse_client_request(R"({"type":"chat-react","messageId":1,"kind":"a"})").rate, RateClass::chat);
  EXPECT_EQ(parse_client_request(R"({"type":"ping"})").rate, RateClass::total);
}

TEST(ClientRequestTest, ReadsAuth) {
  const auto auth = parsed<Auth>(
      R"({"type":"auth","guest":{"name":"Ann","secret":"s"},"resume":{"sessionId":"a","resumeToken":"b","s":7},)"
      R"("client":{"name":"web","version":"1","features":["x","perfect-negotiation"]}})");
  EXPECT_EQ(auth.token, std::nullopt);
  EXPECT_EQ(auth.guest->name, "Ann");
  EXPECT_EQ(auth.guest->secret, "s");
  EXPECT_EQ(auth.resume->session_id, "a");
  EXPECT_EQ(auth.resume->s, 7U);
  EXPECT_TRUE(auth.perfect_negotiation);
  EXPECT_EQ(parsed<Auth>(R"({"type":"auth","token":"t"})").token, "t");
  EXPECT_EQ(refused(R"({"type":"auth","token":1})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"auth","guest":{}})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"auth","resume":{"sessionId":"a"}})"), ErrorCode::bad_request);
}

TEST(ClientRequestTest, KeepsTheTracksOfMediaAsTheyStand) {
  const auto media = parsed<Media>(R"({"type":"media","video":true,"tracks":{"0": "audio","1":"screen"}})");
  EXPECT_EQ(media.change.tracks, R"({"0": "audio","1":"screen"})");
  EXPECT_EQ(parsed<Media>(R"({"type":"media"})").change.tracks, std::nullopt);
  EXPECT_EQ(parsed<Join>(R"({"type":"join","meetingId":"m","media":{"tracks":{}}})").media.tracks, "{}");
  for (const std::string tracks : {R"("0")", "[]", R"({"0":1})", R"({"0":{}})", R"({"0":null})"})
    EXPECT_EQ(refused(R"({"type":"media","tracks":)" + tracks + "}"), ErrorCode::bad_request) << tracks;
  const auto sized = [](std::size_t size) {
    return R"({"type":"media","tracks":{"0":")" + std::string(size - 8, 'x') + R"("}})";
  };
  EXPECT_TRUE(parse_client_request(sized(1024)).message.has_value());
  EXPECT_EQ(refused(sized(1025)), ErrorCode::bad_request);
}

TEST(ClientRequestTest, ReadsIdsAsTextOrNumbers_G7) {
  const auto join =
      parsed<Join>(R"({"type":"join","meetingId":123456,"userId":42,"media":{"audio":true,"screen":null}})");
  EXPECT_EQ(join.meeting_id, "123456");
  EXPECT_EQ(join.user_id, "42");
  EXPECT_EQ(join.media.audio, true);
  EXPECT_EQ(join.media.video, std::nullopt);
  EXPECT_FALSE(join.replace);
  EXPECT_EQ(refused(R"({"type":"join"})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"join","meetingId":true})"), ErrorCode::bad_request);
}

TEST(ClientRequestTest, RelaysWhatItDoesNotRead_G42) {
  const std::string offer = R"({"type":"offer","targetId":"p","offer":{"type":"offer", "sdp":"v=0"},"n":5,"x":1})";
  const auto relay = parsed<Relay>(offer);
  EXPECT_EQ(relay.value, R"({"type":"offer", "sdp":"v=0"})");
  EXPECT_EQ(relay.n, "5");
  EXPECT_EQ(relay.sdp, SdpType::offer);
  EXPECT_EQ(parsed<Relay>(R"({"type":"answer","answer":"v=0"})").target_id, "");
  EXPECT_EQ(refused(R"({"type":"offer","targetId":"p"})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"offer","offer":7})"), ErrorCode::bad_request);
}

TEST(ClientRequestTest, KnowsTheTypeOfADescription) {
  EXPECT_EQ(parsed<Relay>(R"({"type":"description","description":{"type":"offer"}})").sdp, SdpType::offer);
  EXPECT_EQ(parsed<Relay>(R"({"type":"description","description":{"type":"answer"}})").sdp, SdpType::answer);
  EXPECT_EQ(parsed<Relay>(R"({"type":"description","description":{"type":"rollback"}})").sdp, SdpType::other);
}

TEST(ClientRequestTest, TakesOneCandidateSeveralOrTheEnd) {
  EXPECT_EQ(parsed<Relay>(R"({"type":"ice-candidate","candidate":{"a":1}})").value, R"({"a":1})");
  EXPECT_EQ(parsed<Relay>(R"({"type":"ice-candidate","candidate":[{},{}]})").value, "[{},{}]");
  const auto end = parsed<Relay>(R"({"type":"candidate","candidate":null})");
  EXPECT_EQ(end.value, "null");
  EXPECT_TRUE(end.alias);
  EXPECT_EQ(refused(R"({"type":"ice-candidate","targetId":"p"})"), ErrorCode::bad_request);
}

TEST(ClientRequestTest, KnowsWhyIceServersAreAskedFor) {
  for (const std::string reason : {"initial", "refresh", "restart"})
    EXPECT_EQ(parsed<IceRequest>(R"({"type":"ice-request","reason":")" + reason + "\"}").reason, reason);
  EXPECT_EQ(parsed<IceRequest>(R"({"type":"ice-request","reason":null})").reason, "");
  EXPECT_EQ(parsed<IceRequest>(R"({"type":"ice-request"})").reason, "");
  for (const std::string reason : {R"("because")", R"("")", "1"})
    EXPECT_EQ(refused(R"({"type":"ice-request","reason":)" + reason + "}"), ErrorCode::bad_request) << reason;
}

TEST(ClientRequestTest, BoundsReactionsAndCaptions_G49) {
  EXPECT_EQ(parsed<Reaction>(R"({"type":"reaction","kind":"👍"})").kind, "👍");
  EXPECT_EQ(refused(R"({"type":"reaction","kind":""})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"reaction","kind":")" + std::string(33, 'x') + "\"}"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"caption","text":")" + std::string(1001, 'x') + "\"}"), ErrorCode::bad_request);
}

TEST(ClientRequestTest, BoundsAHistory_G68) {
  EXPECT_EQ(parsed<ChatHistory>(R"({"type":"chat-history"})").limit, 50);
  EXPECT_EQ(parsed<ChatHistory>(R"({"type":"chat-history","limit":1000,"after":0})").limit, 200);
  for (const char* wrong : {R"("limit":0)", R"("limit":1.5)", R"("before":0)", R"("after":-1)", R"("limit":"5")"})
    EXPECT_EQ(refused(std::string(R"({"type":"chat-history",)") + wrong + "}"), ErrorCode::bad_request) << wrong;
}

TEST(ClientRequestTest, ReadsAHistoryThatIsSearched_K6) {
  EXPECT_EQ(parsed<ChatHistory>(R"({"type":"chat-history"})").q, std::nullopt);
  EXPECT_TRUE(parsed<ChatHistory>(R"({"type":"chat-history"})").reactions);
  const auto search = parsed<ChatHistory>(R"({"type":"chat-history","q":"two words","reactions":false})");
  EXPECT_EQ(search.q, "two words");
  EXPECT_FALSE(search.reactions);
  EXPECT_EQ(parsed<ChatHistory>(R"({"type":"chat-history","q":""})").q, "");
  EXPECT_EQ(refused(R"({"type":"chat-history","q":1})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"chat-history","q":")" + std::string(1001, 'x') + "\"}"), ErrorCode::bad_request);
}

TEST(ClientRequestTest, BoundsAReactionToAMessageInBytes_K8) {
  const auto react = parsed<ChatReact>(R"({"type":"chat-react","messageId":7,"kind":"👍"})");
  EXPECT_EQ(react.message_id, "7");
  EXPECT_EQ(react.kind, "👍");
  EXPECT_FALSE(react.remove);
  EXPECT_TRUE(parsed<ChatReact>(R"({"type":"chat-react","messageId":"7","kind":"x","remove":true})").remove);
  const std::string longest(32, 'x');
  EXPECT_EQ(parsed<ChatReact>(R"({"type":"chat-react","messageId":7,"kind":")" + longest + "\"}").kind, longest);
  for (const std::string& wrong :
       {R"("messageId":7,"kind":"")" + std::string(), R"("messageId":7,"kind":"x)" + longest + "\"",
        R"("messageId":7,"kind":1)" + std::string(), R"("kind":"x")" + std::string()})
    EXPECT_EQ(refused(R"({"type":"chat-react",)" + wrong + "}"), ErrorCode::bad_request) << wrong;
}

TEST(ClientRequestTest, TellsConversationsFromTopics_G70) {
  EXPECT_EQ(std::get<Topic>(parsed<Subscribe>(R"({"type":"subscribe","topic":"presence"})").what), Topic::presence);
  EXPECT_EQ(std::get<std::string>(parsed<Subscribe>(R"({"type":"subscribe","conversationId":"general"})").what),
            "general");
  EXPECT_EQ(refused(R"({"type":"subscribe","topic":"weather"})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"subscribe"})"), ErrorCode::bad_request);
}

TEST(ClientRequestTest, ReadsCallsRequestsAndModeration) {
  EXPECT_EQ(parsed<Call>(R"({"type":"call","action":"invite","to":"ann"})").to, "ann");
  EXPECT_EQ(refused(R"({"type":"call","action":"invite"})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"call","action":"accept"})"), ErrorCode::bad_request);
  EXPECT_EQ(refused(R"({"type":"call","action":"shout","to":"ann"})"), ErrorCode::bad_request);
  const auto admit = parsed<HandleRequests>(R"({"type":"admit","requestIds":[1,"2"]})");
  EXPECT_EQ(admit.request_ids, (std::vector<std::string>{"1", "2"}));
  EXPECT_TRUE(parsed<HandleRequests>(R"({"type":"deny","all":true})").all);
  EXPECT_EQ(refused(R"({"type":"deny"})"), ErrorCode::bad_request);
  EXPECT_EQ(parsed<Moderate>(R"({"type":"moderate","action":"ask-unmute","targetId":"p"})").action,
            ModerateAction::ask_unmute);
  EXPECT_EQ(parsed<Moderate>(R"({"type":"moderate","action":"settings","value":{}})").value, "{}");
  EXPECT_EQ(refused(R"({"type":"moderate","action":"sing"})"), ErrorCode::bad_request);
}

}  // namespace
}  // namespace signaling::protocol
