#include "signaling/service/participants.h"

#include <gmock/gmock.h>

#include "signaling/service/notifications.h"
#include "tests/signaling/service/service_fixture.h"

namespace signaling::service {
namespace {

class ParticipantsTest : public ServiceTest {
 protected:
  auto join(const NameRequest& request, const Identity& who = {}) {
    return participants_.join(db_, who, request, now_, effects_);
  }
  // Why not; empty when he holds it.
  std::optional<ErrorCode> hold(std::string_view username, std::string_view holder, const Identity& who = {}) {
    const auto refused = participants_.hold(db_, who, username, holder, now_, effects_);
    return refused ? std::optional(refused->code) : std::nullopt;
  }
  auto leave(std::string_view username, const Identity& who = {}) {
    return participants_.leave(db_, who, username, now_, effects_);
  }
  void release(std::string_view username, std::string_view holder) {
    participants_.release(db_, username, holder, now_, effects_);
  }
  [[nodiscard]] bool is_online(std::string_view username) {
    for (const Participant& each : participants_.online(db_, now_))
      if (each.username == username) return true;
    return false;
  }

  [[nodiscard]] std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const Participant& each : participants_.list(db_, now_)) all.push_back(each.username);
    return all;
  }

  Participants participants_{counting_random()};
};

TEST_F(ParticipantsTest, JoiningAgainIsTheSameParticipant_K14) {
  const auto first = join({.username = "Alice"}), second = join({.username = "alice"});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->participant.id, first->participant.id);
  EXPECT_TRUE(second->participant.is_online);
  EXPECT_EQ(join({.username = "Alice", .secret = second->secret})->secret, second->secret);
}

TEST_F(ParticipantsTest, LooksAsItDidInSeed000) {
  EXPECT_EQ(boost::json::serialize(participant_json(join({.username = "Alice"})->participant)),
            R"({"_id":"000000000000000000000001","username":"Alice","isOnline":true,)"
            R"("joinedAt":"2023-11-14T22:13:20.000Z"})");
}

TEST_F(ParticipantsTest, AnAccountAlwaysHoldsItsUsername_K14) {
  const User ann = add_user("ann@example.org", {.username = "ann"});
  EXPECT_EQ(join({.username = "Ann"}).error().code, ErrorCode::username_taken);
  EXPECT_TRUE(join({.username = "ann"}, identity_of(ann)));
  EXPECT_EQ(hold("ann", "s1"), ErrorCode::username_taken);
}

TEST_F(ParticipantsTest, ALiveSocketHoldsItsName_K14) {
  const auto joined = join({.username = "Alice"});
  ASSERT_EQ(hold("Alice", "s1"), std::nullopt);
  EXPECT_EQ(join({.username = "Alice"}).error().code, ErrorCode::username_taken);
  EXPECT_EQ(join({.username = "Alice", .secret = "wrong"}).error().code, ErrorCode::username_taken);
  EXPECT_EQ(hold("Alice", "s2"), ErrorCode::username_taken);
  EXPECT_EQ(join({.username = "Alice", .secret = joined->secret}).error().code, ErrorCode::username_taken);
  EXPECT_EQ(hold("Alice", "s1"), std::nullopt);

  release("Alice", "s1");
  EXPECT_EQ(hold("Alice", "s2"), std::nullopt);
}

TEST_F(ParticipantsTest, AnotherSocketsEndReleasesNothing) {
  ASSERT_EQ(hold("Alice", "s1"), std::nullopt);
  release("Alice", "s2");
  EXPECT_TRUE(is_online("Alice"));
  release("Alice", "s1");
  EXPECT_FALSE(is_online("Alice"));
}

TEST_F(ParticipantsTest, LeaveEndsOnlyWhatAnHttpJoinBegan_K15) {
  EXPECT_EQ(leave("Alice").error().code, ErrorCode::not_found);
  join({.username = "Alice"}).value();
  EXPECT_FALSE(leave("Alice")->is_online);
  ASSERT_EQ(hold("Bob", "s1"), std::nullopt);
  EXPECT_TRUE(leave("Bob")->is_online);
}

TEST_F(ParticipantsTest, AnAccountIsLeftByItselfAlone_WIdor) {
  const Identity ann = identity_of(add_user("ann@example.org", {.username = "ann"}));
  const Identity bob = identity_of(add_user("bob@example.org", {.username = "bob"}));
  join({.username = "ann"}, ann).value();
  for (const Identity& other : {Identity(), bob}) {
    EXPECT_EQ(leave("ann", other).error().code, ErrorCode::forbidden);
    EXPECT_EQ(leave("ANN", other).error().code, ErrorCode::forbidden);
  }
  EXPECT_TRUE(is_online("ann"));
  EXPECT_FALSE(leave("ann", ann)->is_online);
}

TEST_F(ParticipantsTest, HttpPresenceEndsAfterFiveMinutesOfSilence_K15) {
  join({.username = "Alice"}).value();
  now_ += 4min;
  participants_.touch(db_, "Alice", now_);
  now_ += 5min - 1ms;
  EXPECT_TRUE(is_online("Alice"));
  now_ += 1ms;
  EXPECT_FALSE(is_online("Alice"));
}

TEST_F(ParticipantsTest, ASocketsPresenceDoesNotAge) {
  ASSERT_EQ(hold("Alice", "s1"), std::nullopt);
  now_ += 24h;
  EXPECT_TRUE(is_online("Alice"));
  participants_.release_all(db_, now_);
  EXPECT_FALSE(is_online("Alice"));
}

TEST_F(ParticipantsTest, SilenceIsWrittenDownOnce_K15) {
  join({.username = "Alice"}).value();
  ASSERT_EQ(hold("Bob", "s1"), std::nullopt);
  effects_ = {};
  now_ += 5min;
  participants_.expire(db_, now_, effects_);
  participants_.expire(db_, now_, effects_);
  EXPECT_EQ(events(), std::vector<std::string>{"participant_left"});
  EXPECT_EQ(db_.value<std::string>("SELECT group_concat(username) FROM participants WHERE is_online = 1"), "Bob");
}

TEST_F(ParticipantsTest, CountsAddUp) {
  join({.username = "Alice"}).value();
  now_ += 24h;
  join({.username = "Bob"}).value();
  join({.username = "Carol"}).value();
  leave("Carol").value();
  const auto counts = participants_.counts(db_, now_);
  EXPECT_EQ(counts.total, 3);
  EXPECT_EQ(counts.online, 1);
  EXPECT_EQ(counts.recently_active, 2);
  EXPECT_EQ(participants_.list(db_, now_).size(), 3U);
}

TEST_F(ParticipantsTest, NobodyAtAllIsCountedAsNone) { EXPECT_EQ(participants_.counts(db_, now_).online, 0); }

TEST_F(ParticipantsTest, NamesAreThreeToTwentyOfFewCharacters_K16) {
  EXPECT_EQ(read_name_request(parse_object(R"({"username": " Alice "})"))->username, "Alice");
  for (const char* wrong : {R"({})", R"({"username": "ab"})", R"({"username": "a b c"})", R"({"username": 5})",
                            R"({"username": "abcdefghijklmnopqrstu"})"})
    EXPECT_TRUE(read_name_request(parse_object(wrong)).error().errors.contains("username")) << wrong;
}

// The oldest first, whoever is online or holds his name never.
TEST_F(ParticipantsTest, NoMoreNamesAreKeptThanThatMany) {
  const Participants few(counting_random(), 2);
  ASSERT_EQ(hold("Held", "s1"), std::nullopt);
  for (const char* name : {"Anna", "Bert", "Carl"}) {
    now_ += 1s;
    ASSERT_TRUE(join({.username = name}));
    ASSERT_TRUE(leave(name));
  }
  few.prune(db_, 100, now_);
  EXPECT_THAT(names(), testing::UnorderedElementsAre("Held", "Carl"));
}

TEST_F(ParticipantsTest, ForgettingGoesASliceAtATime) {
  for (const char* name : {"Anna", "Bert", "Carl"}) {
    ASSERT_TRUE(join({.username = name}));
    ASSERT_TRUE(leave(name));
    now_ += 1s;
  }
  now_ += std::chrono::days(30);
  participants_.prune(db_, 2, now_);
  EXPECT_THAT(names(), testing::ElementsAre("Carl"));
  participants_.prune(db_, 2, now_);
  EXPECT_THAT(names(), testing::IsEmpty());
}

class NotificationsTest : public ServiceTest {
 protected:
  NotificationsTest() : ann_(add_user("ann@example.org").id), bob_(add_user("bob@example.org").id) {
    db_.execute("INSERT INTO meetings(uuid, code, title, created_at, updated_at) VALUES ('0b', 'BCD', 'Talk', 1, 1)");
  }
  std::int64_t tell(std::int64_t whom) {
    return notify(db_,
                  {.recipient_id = whom,
                   .sender_id = bob_,
                   .type = "meeting_invitation",
                   .title = "Invitation",
                   .message = "Come",
                   .meeting_id = 1,
                   .data = {{"invite", 4}}},
                  now_, effects_);
  }

  std::int64_t ann_, bob_;
};

TEST_F(NotificationsTest, AreShownWithSenderAndMeeting_P3) {
  const auto id = tell(ann_);
  const auto page = list_notifications(db_, ann_, 20, 1);
  ASSERT_EQ(page.notifications.size(), 1U);
  EXPECT_EQ(page.unread, 1);
  EXPECT_EQ(boost::json::serialize(page.notifications[0]),
            R"({"id":1,"type":"meeting_invitation","notification_type":"meeting_invitation","title":"Invitation",)"
            R"("message":"Come","sender":{"id":2,"name":"bob"},"meeting":{"id":1,"meeting_id":"0b","title":"Talk"},)"
            R"("data":{"invite":4},"is_read":false,"read_at":null,"created_at":"2023-11-14T22:13:20.000Z"})");
  ASSERT_EQ(effects_.notices.size(), 1U);
  EXPECT_EQ(effects_.notices[0].notification_id, id);
  EXPECT_EQ(effects_.notices[0].recipient_id, ann_);
  EXPECT_EQ(effects_.notices[0].body, page.notifications[0]);
}

TEST_F(NotificationsTest, AreReadOnceAndOnlyByTheirRecipient_P3) {
  const auto first = tell(ann_), second = tell(ann_), others = tell(bob_);
  EXPECT_EQ(mark_as_read(db_, ann_, {first, others, 99}, now_), 1);
  EXPECT_EQ(mark_as_read(db_, ann_, {first}, now_), 0);
  EXPECT_EQ(count_unread(db_, ann_), 1);
  EXPECT_EQ(mark_all_as_read(db_, ann_, now_), 1);
  EXPECT_EQ(count_unread(db_, ann_), 0);
  EXPECT_EQ(count_unread(db_, bob_), 1);
  const auto newest = list_notifications(db_, ann_, 1, 1).notifications.at(0);
  EXPECT_EQ(newest.at("id"), second);
  EXPECT_EQ(newest.at("is_read"), true);
}

TEST_F(NotificationsTest, AreDeletedByTheirRecipientAlone_P3) {
  const auto id = tell(ann_);
  EXPECT_FALSE(delete_notification(db_, bob_, id));
  EXPECT_TRUE(delete_notification(db_, ann_, id));
  EXPECT_FALSE(delete_notification(db_, ann_, id));
}

TEST_F(NotificationsTest, IdsAreAListOfIntegers_P3) {
  EXPECT_EQ(*read_notification_ids(parse_object(R"({"notificationIds": [1, 2]})")), (std::vector<std::int64_t>{1, 2}));
  for (const char* wrong : {"{}", R"({"notification_ids": 1})", R"({"notification_ids": ["1"]})"})
    EXPECT_FALSE(read_notification_ids(parse_object(wrong))) << wrong;
}

}  // namespace
}  // namespace signaling::service
