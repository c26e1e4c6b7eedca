#include "signaling/protocol/server_frame.h"

#include <gtest/gtest.h>

#include "signaling/protocol/chat_line.h"
#include "signaling/protocol/meeting_terms.h"

namespace signaling::protocol {
namespace {

TEST(ServerFrameTest, HasTheSequenceOfItsRecipientAtTheEnd_Y1) {
  FrameWriter writer(ServerType::peer_away);
  const SharedFrame frame = writer.text("peerId", "p").finish();

  EXPECT_EQ(whole_text(*frame, 12), R"({"type":"peer-away","peerId":"p","s":12})");
  EXPECT_EQ(whole_text(*frame), R"({"type":"peer-away","peerId":"p"})");
}

TEST(ServerFrameTest, RepeatsTheIdOfTheRequest_G1) {
  EXPECT_EQ(whole_text(*FrameWriter(ServerType::ok, "\"a\"").finish()), R"({"type":"ok","id":"a"})");
  EXPECT_EQ(whole_text(*FrameWriter(ServerType::pong, "").finish()), R"({"type":"pong"})");
}

TEST(ServerFrameTest, SaysWhatWentWrong) {
  Failure limited = rate_limited(std::chrono::milliseconds(20));
  limited.details["bucket"] = "chat";
  EXPECT_EQ(whole_text(*error_frame("7", limited)),
            R"({"type":"error","id":7,"code":"rate_limited","message":"Too many requests","retryable":true,)"
            R"("retryAfterMs":20,"details":{"bucket":"chat"}})");
}

TEST(ChatLineTest, HasAKindBesideTheTypeOfTheFrame_G59) {
  ChatLine line{"9", "general", "", "42", "ann", "hello", WallTime{}, 3, false, "", {}, {}};
  FrameWriter writer(ServerType::chat);
  write_members(writer.json(), line);
  EXPECT_EQ(whole_text(*writer.finish()),
            R"({"type":"chat","messageId":"9","conversationId":"general","fromId":null,"userId":"42","username":"ann",)"
            R"("message":"hello","timestamp":"1970-01-01T00:00:00.000Z","seq":3,"kind":"user"})");
}

TEST(ChatLineTest, HasItsReactionsWhereThereAreAny_K8) {
  ChatLine line{"9", "general", "", "42", "ann", "hello", WallTime{}, 3, false, "", {}, {}, {{"+1", 2, true}}};
  line.reactions.push_back({"\"", 1, false});
  FrameWriter writer(ServerType::chat);
  write_members(writer.json(), line);
  const std::string text = whole_text(*writer.finish());
  EXPECT_EQ(text.substr(text.find(R"("kind":"user")")),
            R"("kind":"user","reactions":[{"kind":"+1","count":2,"mine":true},{"kind":"\"","count":1,"mine":false}]})");
}

TEST(ChatLineTest, ShowsOfADeletedOneThatItWasThere_G65) {
  ChatLine line{"9", "general", "", "42", "ann", "secret", WallTime{}, 3, false, "", {}, WallTime{}};
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_members(json, line);
  json.end_object();
  EXPECT_EQ(
      out,
      R"({"messageId":"9","conversationId":"general","seq":3,"message":"","deletedAt":"1970-01-01T00:00:00.000Z"})");
}

TEST(MeetingTermsTest, AreSpeltAsTheProtocolSpellsThem) {
  EXPECT_EQ(to_string(Role::co_host), "co_host");
  EXPECT_EQ(assignable_role("participant"), Role::participant);
  EXPECT_EQ(assignable_role("guest"), std::nullopt);
  EXPECT_EQ(to_string(LeaveReason::node_lost), "node_lost");
  EXPECT_EQ(to_string(WaitReason::approval_required), "approval_required");
  EXPECT_EQ(to_string(MeetingStatus::ended), "ended");
}

TEST(MeetingTermsTest, ChangeOnlyTheMediaThatIsNamed_G48) {
  EXPECT_EQ(changed({true, false, false}, {{}, true, {}}), (MediaState{true, true, false}));
}

}  // namespace
}  // namespace signaling::protocol
