#include "signaling/service/conversations.h"

#include "tests/signaling/service/chat_world.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;

class ConversationsTest : public ChatWorld {
 protected:
  std::int64_t unread(const Identity& who, std::int64_t id) { return conversations.find(db, who, id).value().unread; }
};

TEST_F(ConversationsTest, OpensOneDirectConversationAPair_K9) {
  const auto first = conversations.open_direct(db, anna, bob.user_id, now, effects).value();
  const auto again = conversations.open_direct(db, bob, anna.user_id, now, effects).value();

  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(first.view.conversation.id, again.view.conversation.id);
  ASSERT_EQ(first.view.members.size(), 2u);
  EXPECT_EQ(first.view.members[0].name, "Name of anna");
  EXPECT_EQ(code_of(conversations.open_direct(db, anna, anna.user_id, now, effects)), ErrorCode::bad_request);
  EXPECT_EQ(code_of(conversations.open_direct(db, anna, 999, now, effects)), ErrorCode::not_found);
}

TEST_F(ConversationsTest, ListsOnesOwnTheLastUsedFirst) {
  const std::int64_t one = direct(anna, bob);
  const std::int64_t two = group(anna, {carl}).conversation.id;
  meeting(anna);
  now += std::chrono::seconds(1);
  say(bob, one, "hello");

  const auto list = conversations.list(db, anna);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].conversation.id, one);
  EXPECT_EQ(list[1].conversation.id, two);
  EXPECT_EQ(conversations.list(db, carl).size(), 1u);
  EXPECT_TRUE(conversations.list(db, nobody).empty());
}

TEST_F(ConversationsTest, RefusesABadGroup_K9) {
  const auto create = [&](NewGroup group) {
    return code_of(conversations.create_group(db, anna, group, now, effects));
  };
  EXPECT_EQ(create({"  ", {bob.user_id}}), ErrorCode::bad_request);
  EXPECT_EQ(create({std::string(201, 'x'), {}}), ErrorCode::bad_request);
  EXPECT_EQ(create({"Team", {999}}), ErrorCode::bad_request);
  EXPECT_EQ(create({"Team", {}, History::session, 0}), ErrorCode::bad_request);
  EXPECT_EQ(create({"Team", std::vector<std::int64_t>(500, bob.user_id)}), ErrorCode::bad_request);
}

TEST_F(ConversationsTest, LetsTheOwnerAddAndRemoveMembers_K9) {
  const std::int64_t id = group(anna, {bob}).conversation.id;
  say(anna, id, "before Carl");

  EXPECT_EQ(code_of(conversations.add_member(db, bob, id, carl.user_id, now, effects)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(conversations.add_member(db, carl, id, carl.user_id, now, effects)), ErrorCode::not_found);
  EXPECT_EQ(code_of(conversations.add_member(db, anna, id, 999, now, effects)), ErrorCode::not_found);
  EXPECT_EQ(conversations.add_member(db, anna, id, carl.user_id, now, effects).value().members.size(), 3u);
  EXPECT_EQ(unread(carl, id), 0);

  EXPECT_EQ(code_of(conversations.remove_member(db, bob, id, carl.user_id, effects)), ErrorCode::forbidden);
  EXPECT_TRUE(conversations.remove_member(db, anna, id, carl.user_id, effects));
  EXPECT_EQ(effects.chat.back().members.size(), 3u);  // who was removed hears it
  EXPECT_EQ(code_of(conversations.find(db, carl, id)), ErrorCode::not_found);
  EXPECT_EQ(code_of(conversations.remove_member(db, anna, id, carl.user_id, effects)), ErrorCode::not_found);
}

TEST_F(ConversationsTest, HandsTheGroupOnWhenItsOwnerLeaves_K9) {
  const std::int64_t id = group(anna, {bob}).conversation.id;
  now += std::chrono::seconds(1);
  ASSERT_TRUE(conversations.add_member(db, anna, id, carl.user_id, now, effects));

  EXPECT_TRUE(conversations.remove_member(db, anna, id, anna.user_id, effects));

  EXPECT_EQ(conversations.find(db, bob, id).value().conversation.owner_id, bob.user_id);
  EXPECT_TRUE(conversations.remove_member(db, bob, id, carl.user_id, effects));
  EXPECT_TRUE(conversations.remove_member(db, bob, id, bob.user_id, effects));
  EXPECT_FALSE(find_conversation(db, id));
}

TEST_F(ConversationsTest, KeepsADirectConversationsMembers_K9) {
  const std::int64_t id = direct(anna, bob);

  EXPECT_EQ(code_of(conversations.add_member(db, anna, id, carl.user_id, now, effects)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(conversations.remove_member(db, anna, id, anna.user_id, effects)), ErrorCode::forbidden);
}

TEST_F(ConversationsTest, ChangesAGroupByItsOwnerAlone_K18) {
  const std::int64_t id = group(anna, {bob}).conversation.id;

  EXPECT_EQ(code_of(conversations.change(db, bob, id, {"Mine"}, effects)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(conversations.change(db, anna, id, {" "}, effects)), ErrorCode::bad_request);
  ConversationPatch patch{" New name ", History::session};
  patch.retention_s = 60;
  const Conversation changed = conversations.change(db, anna, id, patch, effects).value().conversation;
  EXPECT_EQ(changed.title, "New name");
  EXPECT_EQ(changed.history, History::session);
  EXPECT_EQ(changed.retention_s, 60);
  const Conversation kept = conversations.change(db, anna, id, {}, effects).value().conversation;
  EXPECT_EQ(kept.retention_s, 60);
  EXPECT_EQ(find_conversation(db, id)->title, "New name");
}

TEST_F(ConversationsTest, MovesTheReadMarkerForwardOnly_K7) {
  const std::int64_t id = direct(anna, bob);
  for (int i = 0; i < 5; ++i) say(anna, id, "x");
  EXPECT_EQ(unread(bob, id), 5);
  EXPECT_EQ(unread(anna, id), 0);

  const auto read = [&](std::int64_t seq) { return conversations.mark_read(db, bob, id, seq, now, effects).value(); };
  EXPECT_EQ(read(3).unread, 2);
  EXPECT_EQ(last_told<ConversationRead>().seq, 3);
  const std::size_t told = effects.chat.size();
  EXPECT_EQ(read(1).last_read_seq, 3);
  EXPECT_EQ(effects.chat.size(), told);
  EXPECT_EQ(read(99).last_read_seq, 5);
  EXPECT_EQ(unread(bob, id), 0);
  EXPECT_EQ(code_of(conversations.mark_read(db, carl, id, 1, now, effects)), ErrorCode::not_found);
}

TEST_F(ConversationsTest, KeepsAMarkerInTheLobbyWithoutMakingAMember_K7) {
  const std::int64_t id = ensure_lobby(db, now).id;
  say(anna, id, "one");
  say(anna, id, "two");

  EXPECT_EQ(conversations.mark_read(db, bob, id, 1, now, effects).value().unread, 1);
  EXPECT_TRUE(conversations.list(db, bob).empty());
}

TEST_F(ConversationsTest, ClearsByOwnersWithANewEpoch_K10) {
  const std::int64_t id = group(anna, {bob}).conversation.id;
  const Message gone = say(bob, id, "one apple");
  say(anna, id, "two");
  ASSERT_EQ(found(anna, id, "apple").size(), 1u);

  EXPECT_EQ(code_of(conversations.clear(db, bob, id, effects)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(conversations.clear(db, carl, id, effects)), ErrorCode::not_found);
  EXPECT_EQ(conversations.clear(db, anna, id, effects).value(), 2);

  EXPECT_EQ(last_told<ConversationCleared>().epoch, 2);
  EXPECT_TRUE(history(anna, id).empty());
  EXPECT_TRUE(found(anna, id, "apple").empty());
  EXPECT_EQ(unread(bob, id), 0);
  EXPECT_EQ(code_of(messages.edit(db, bob, {gone.id}, "x", now, effects)), ErrorCode::not_found);
  EXPECT_EQ(say(anna, id, "three").seq, 3);
  EXPECT_EQ(messages.page(db, bob, id, {}).value().epoch, 2);
}

TEST_F(ConversationsTest, LetsAnybodyClearTheLobbyOnlyWhereItIsOpen_K10) {
  const std::int64_t id = ensure_lobby(db, now).id;
  Identity admin = account("root");
  admin.is_admin = true;

  EXPECT_EQ(code_of(conversations.clear(db, anna, id, effects)), ErrorCode::forbidden);
  EXPECT_TRUE(conversations.clear(db, admin, id, effects));
  EXPECT_TRUE(Conversations({.open_clear = true}).clear(db, nobody, id, effects));
  EXPECT_EQ(code_of(Conversations({.open_clear = true}).clear(db, bob, group(anna, {bob}).conversation.id, effects)),
            ErrorCode::forbidden);
}

TEST_F(ConversationsTest, HasOneLobby) {
  const Conversation first = ensure_lobby(db, now);
  EXPECT_EQ(ensure_lobby(db, now).id, first.id);
  EXPECT_EQ(find_lobby(db)->id, first.id);
  EXPECT_EQ(first.kind, ConversationKind::lobby);
}

TEST_F(ConversationsTest, SweepsWhatIsClearedOldOrOutlived_C10) {
  const std::int64_t cleared = group(anna).conversation.id;
  NewGroup brief{"Brief", {}, {}, 60};
  const std::int64_t minute = conversations.create_group(db, anna, brief, now, effects).value().conversation.id;
  NewGroup session{"Session", {}, History::session};
  const std::int64_t day = conversations.create_group(db, anna, session, now, effects).value().conversation.id;
  const std::int64_t kept = direct(anna, bob);
  for (const std::int64_t id : {cleared, minute, day, kept}) say(anna, id, "apple");
  ASSERT_EQ(found(anna, kept, "apple").size(), 1u);
  ASSERT_TRUE(conversations.clear(db, anna, cleared, effects));
  const auto rows = [&] { return db.value<std::int64_t>("SELECT count(*) FROM messages").value(); };
  const auto left = [&](ChatRetention retention = {}) {
    sweep(retention);
    return rows();
  };

  EXPECT_EQ(left(), 3);
  now += std::chrono::seconds(61);
  EXPECT_EQ(left(), 2);
  now += std::chrono::hours(24);
  EXPECT_EQ(left(), 1);
  EXPECT_EQ(left({std::chrono::hours(100)}), 1);
  EXPECT_EQ(left({std::chrono::hours(1)}), 0);
  while (store::index_some(db, 10)) continue;
  EXPECT_FALSE(db.exists("SELECT 1 FROM messages_fts WHERE messages_fts MATCH 'apple'"));
}

// Every row of a persistent conversation that is looked at is an error here.
TEST_F(ConversationsTest, SweepsWithoutALookAtWhatIsKept) {
  const std::int64_t kept = direct(anna, bob);
  NewGroup brief{"Brief", {}, {}, 60};
  const std::int64_t minute = conversations.create_group(db, anna, brief, now, effects).value().conversation.id;
  for (const std::int64_t id : {kept, minute}) say(anna, id, "apple");
  const std::string view =
      "CREATE TEMP VIEW messages AS SELECT * FROM main.messages WHERE"
      " CASE WHEN conversation_id = " +
      std::to_string(kept) + " THEN abs(seq * 0 - 9223372036854775807 - 1) ELSE 1 END";
  db.run_script(view.c_str());

  EXPECT_THROW((void)db.exists("SELECT 1 FROM messages WHERE conversation_id = ?1", kept), store::StorageError);
  EXPECT_NO_THROW(sweep());
}

TEST_F(ConversationsTest, SaysOnlyWhereItStandsToWhoAsksForNoMessages) {
  const std::int64_t id = direct(anna, bob);
  say(bob, id, "hi");

  const auto page = messages.page(db, anna, id, {.limit = 0}).value();

  EXPECT_TRUE(page.messages.empty());
  EXPECT_EQ(page.last_seq, 1);
  EXPECT_EQ(page.epoch, 1);
}

TEST_F(ConversationsTest, KeepsTheNameOfADeletedAccount_A11) {
  const std::int64_t id = direct(anna, bob);
  say(bob, id, "bye");
  db.execute("DELETE FROM users WHERE id = ?1", bob.user_id);

  const auto page = messages.page(db, anna, id, {}).value();
  EXPECT_EQ(page.messages[0].sender_name, "Name of bob");
  EXPECT_FALSE(page.messages[0].sender_id);
}

}  // namespace
}  // namespace signaling::service
