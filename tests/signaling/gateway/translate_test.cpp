#include "signaling/gateway/translate.h"

#include <gmock/gmock.h>

#include <utility>
#include <variant>
#include <vector>

namespace signaling::gateway {
namespace {

using testing::ElementsAre;

class TranslateTest : public testing::Test {
 protected:
  static service::ChatChange change_in_a_group(decltype(service::ChatChange::what) what) {
    return {7, service::ConversationKind::group, {42, 43}, std::move(what)};
  }
  std::vector<room::Notice> notices() { return to_notices(effects, ConversationNames(1)); }

  service::Effects effects;
};

TEST_F(TranslateTest, TellsWhoIsInAConversationThatItChanged) {
  effects.chat.push_back(change_in_a_group(service::ConversationChanged{}));

  const auto told = notices();

  ASSERT_EQ(told.size(), 1U);
  const auto& changed = std::get<room::ConversationChanged>(told[0]);
  EXPECT_EQ(changed.conversation_id, "7");
  EXPECT_THAT(changed.person_ids, ElementsAre("42", "43"));
}

TEST_F(TranslateTest, EndsTheSubscriptionOfWhoLeavesBeforeAllHearIt) {
  effects.chat.push_back(change_in_a_group(service::MemberLeft{43}));

  const auto told = notices();

  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(std::get<room::ConversationLeft>(told[0]).person_id, "43");
  EXPECT_EQ(std::get<room::ConversationChanged>(told[1]).conversation_id, "7");
  EXPECT_THAT(std::get<room::ConversationChanged>(told[1]).person_ids, ElementsAre("42", "43"));
}

TEST_F(TranslateTest, TellsOfReactionsWhoseTheyAre) {
  effects.chat.push_back(change_in_a_group(service::MessageReacted{9, "+1", 3, "u:42", false}));
  effects.chat.push_back(change_in_a_group(service::MessageReacted{9, "+1", 2, "g:x", true}));

  const auto told = notices();

  ASSERT_EQ(told.size(), 2U);
  const auto& reacted = std::get<room::ChatReacted>(told[0]);
  EXPECT_EQ(reacted.message_id, "9");
  EXPECT_EQ(reacted.conversation_id, "7");
  EXPECT_EQ(reacted.kind, "+1");
  EXPECT_EQ(reacted.count, 3);
  EXPECT_EQ(reacted.person_id, "42");
  EXPECT_FALSE(reacted.removed);
  EXPECT_EQ(std::get<room::ChatReacted>(told[1]).person_id, "g:x");
  EXPECT_TRUE(std::get<room::ChatReacted>(told[1]).removed);
}

TEST_F(TranslateTest, ShowsTheReactionsOfALine) {
  service::Message message;
  message.reactions = {{"+1", 2, true}};

  const protocol::ChatLine line = to_line(message, ConversationNames(1));

  ASSERT_EQ(line.reactions.size(), 1U);
  EXPECT_EQ(line.reactions[0].kind, "+1");
  EXPECT_EQ(line.reactions[0].count, 2);
  EXPECT_TRUE(line.reactions[0].mine);
}

TEST_F(TranslateTest, ShowsAReadMarkerToWhoIsInTheConversation_G67) {
  effects.chat.push_back(change_in_a_group(service::ConversationRead{43, 5}));

  const auto told = notices();

  ASSERT_EQ(told.size(), 1U);
  const auto& read = std::get<room::ChatMarkedRead>(told[0]);
  EXPECT_EQ(read.person_id, "43");
  EXPECT_EQ(read.seq, 5);
  EXPECT_THAT(read.readers, ElementsAre("42", "43"));
}

TEST_F(TranslateTest, CallsTheLobbyByItsName) {
  effects.chat.push_back({1, service::ConversationKind::lobby, {}, service::ConversationCleared{2}});

  const auto told = notices();

  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(std::get<room::ChatCleared>(told[0]).conversation_id, "general");
}

}  // namespace
}  // namespace signaling::gateway
