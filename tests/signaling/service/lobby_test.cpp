#include "signaling/service/lobby.h"

#include "signaling/service/body.h"
#include "tests/signaling/service/chat_world.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using Texts = std::vector<std::string>;

class LobbyTest : public ChatWorld {
 protected:
  protocol::Outcome<Message> post(const Identity& who, const std::string& name, const std::string& text = "hello") {
    return lobby.post(db, who, {name, text}, now, effects);
  }
  Texts page(std::int64_t page, std::size_t limit, LobbyKinds kinds = LobbyKinds::all) {
    return texts(lobby.page(db, {kinds, page, limit}, now).messages);
  }

  Identity without_username(const std::string& name) {
    Identity who;
    who.kind = Identity::Kind::account;
    who.user_id =
        db.insert("INSERT INTO users(name, email, created_at, updated_at) VALUES (?1, ?1 || '@x', ?2, ?2)", name, now);
    who.name = name;
    return who;
  }
  // Through HTTP, and through a socket.
  Texts names_of(const Identity& who) {
    return {post(who, "").value().sender_name, say(who, room.id, "hi").sender_name};
  }

  Conversation room = ensure_lobby(db, now);
  Participants participants{[](turnd::base::MutableBytes into) { std::ranges::fill(into, std::uint8_t{1}); }};
  Lobby lobby{messages, participants};
};

TEST_F(LobbyTest, StampsAnAccountsOwnUsername_K11) {
  EXPECT_EQ(post(anna, "somebody else").value().sender_name, "anna");
}

TEST_F(LobbyTest, LetsAnybodySpeakUnderAFreeName_K11) {
  EXPECT_EQ(post(nobody, " Visitor-1 ").value().sender_name, "Visitor-1");
  EXPECT_EQ(post(guest("g", "Gerd"), "gerd_1").value().sender_guest, "g");
  EXPECT_EQ(code_of(post(nobody, "ANNA")), ErrorCode::username_taken);
}

TEST_F(LobbyTest, KeepsTheNameOfALiveSocket_K11) {
  db.execute(
      "INSERT INTO participants(username, is_online, holder, joined_at, last_seen_at) VALUES ('Alice', 1, 'g:a', 0, "
      "0)");
  db.execute("INSERT INTO participants(username, is_online, joined_at, last_seen_at) VALUES ('Berta', 1, 0, ?1)", now);

  EXPECT_EQ(code_of(post(nobody, "alice")), ErrorCode::username_taken);
  EXPECT_TRUE(post(guest("a", "Alice"), "Alice"));
  EXPECT_TRUE(post(nobody, "Berta"));  // an HTTP join holds nothing
  EXPECT_EQ(lobby.users(db, now), (Texts{"Alice", "Berta"}));
}

TEST_F(LobbyTest, AnAccountWithoutAUsernameSpeaksUnderThatOfNobody_K11) {
  for (const std::string name : {"Anna", " anna ", "\xEF\xBC\xA1nna"}) {  // with a full-width A
    const Identity mallory = without_username(name);
    const std::string shown = std::string(trimmed(name)) + " (" + std::to_string(mallory.user_id) + ")";
    EXPECT_EQ(names_of(mallory), (Texts{shown, shown}));
  }
  EXPECT_EQ(names_of(without_username("Dora D.")), (Texts{"Dora D.", "Dora D."}));
}

TEST_F(LobbyTest, AnAccountWithoutAUsernameSpeaksUnderNoNameOfALiveSocket_K11) {
  const Identity gerd = without_username("Gerd");
  ASSERT_FALSE(participants.hold(db, guest("g", "gerd"), "gerd", "g:g", now, effects));
  const std::string shown = "Gerd (" + std::to_string(gerd.user_id) + ")";
  EXPECT_EQ(names_of(gerd), (Texts{shown, shown}));

  participants.release(db, "gerd", "g:g", now, effects);
  ASSERT_FALSE(participants.hold(db, gerd, "Gerd", gerd.key(), now, effects));
  EXPECT_EQ(names_of(gerd), (Texts{"Gerd", "Gerd"})) << "it holds it itself";
}

TEST_F(LobbyTest, AMessageNamesItsParticipant_K15) {
  Effects ignored;
  (void)participants.join(db, {}, {.username = "Berta"}, now, ignored);
  now += std::chrono::minutes(4);
  ASSERT_TRUE(post(nobody, "Berta"));
  now += std::chrono::minutes(4);
  EXPECT_EQ(lobby.users(db, now), Texts{"Berta"});
}

TEST_F(LobbyTest, ChecksNameAndLength_K16) {
  for (const std::string name : {"", "ab", "a b", "name!", "123456789012345678901", "\xC3\xBC\xC3\xBC\xC3\xBC"})
    EXPECT_EQ(code_of(post(nobody, name)), ErrorCode::bad_request) << name;
  EXPECT_EQ(code_of(post(anna, "", " ")), ErrorCode::bad_request);
  std::string long_text;
  for (int i = 0; i < 1000; ++i) long_text += "\xC3\xBC";
  EXPECT_TRUE(post(anna, "", long_text));
  EXPECT_EQ(code_of(post(anna, "", long_text + "x")), ErrorCode::bad_request);
}

TEST_F(LobbyTest, PagesFromTheNewestOldestFirst_K12) {
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(post(anna, "", std::to_string(i)));
  messages.announce(db, room.id, "joined", now, effects);

  EXPECT_EQ(page(1, 2), (Texts{"5", "joined"}));
  EXPECT_EQ(page(2, 2), (Texts{"3", "4"}));
  EXPECT_EQ(page(3, 2), (Texts{"1", "2"}));
  EXPECT_TRUE(page(4, 2).empty());
  EXPECT_EQ(page(1, 2, LobbyKinds::user), (Texts{"4", "5"}));
  EXPECT_EQ(lobby.page(db, {LobbyKinds::all, 1, 2}, now).pages, 3);
  EXPECT_EQ(lobby.page(db, {LobbyKinds::user, 1, 2}, now).total, 5);
}

TEST_F(LobbyTest, DeletesByItsAuthorsAccountAndAdministrators_K13) {
  Identity admin = account("root");
  admin.is_admin = true;
  const Message own = post(anna, "").value(), other = post(nobody, "Visitor").value();

  EXPECT_EQ(code_of(lobby.remove(db, nobody, other.id, now, effects)), ErrorCode::unauthenticated);
  EXPECT_EQ(code_of(lobby.remove(db, bob, own.id, now, effects)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(lobby.remove(db, guest("g", "Visitor"), other.id, now, effects)), ErrorCode::forbidden);
  EXPECT_TRUE(lobby.remove(db, anna, own.id, now, effects));
  EXPECT_TRUE(lobby.remove(db, admin, other.id, now, effects));
  EXPECT_TRUE(page(1, 10).empty());
  EXPECT_EQ(code_of(lobby.remove(db, admin, 999, now, effects)), ErrorCode::not_found);
  const Message elsewhere = say(anna, direct(anna, bob), "x");
  EXPECT_EQ(code_of(lobby.remove(db, anna, elsewhere.id, now, effects)), ErrorCode::not_found);
}

TEST_F(LobbyTest, CountsTheLastDay) {
  ASSERT_TRUE(post(anna, ""));
  now += std::chrono::hours(25);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(post(bob, ""));
  ASSERT_TRUE(post(nobody, "Visitor"));
  messages.announce(db, room.id, "joined", now, effects);

  const LobbyStats stats = lobby.stats(db, now);
  EXPECT_EQ(stats.messages, 4);
  EXPECT_EQ(stats.last_day, 3);
  ASSERT_EQ(stats.most_active.size(), 2u);
  EXPECT_EQ(stats.most_active[0].username, "bob");
  EXPECT_EQ(stats.most_active[0].messages, 2);
}

TEST_F(LobbyTest, SaysAtOnceWhoSaysMost) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(post(anna, ""));
  ASSERT_TRUE(post(carl, ""));
  const auto names = [this] {
    Texts all;
    for (const auto& talker : lobby.stats(db, now).most_active)
      all.push_back(talker.username + std::to_string(talker.messages));
    return all;
  };
  EXPECT_EQ(names(), (Texts{"anna2", "carl1"}));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(post(bob, ""));
  ASSERT_TRUE(post(carl, ""));
  EXPECT_EQ(names(), (Texts{"bob3", "anna2", "carl2"}));
}

// A row up to that number that is looked at is an error from now on.
void forbid_a_look(store::Connection& db, const std::string& table, std::int64_t seq) {
  const std::string view = "CREATE TEMP VIEW " + table + " AS SELECT * FROM main." + table +
                           " WHERE CASE WHEN seq <= " + std::to_string(seq) +
                           " THEN abs(seq * 0 - 9223372036854775807 - 1) ELSE 1 END";
  db.run_script(view.c_str());
}

TEST_F(LobbyTest, GivesTheNewestWithoutALookAtTheRest) {
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(post(anna, "", std::to_string(i)));
  forbid_a_look(db, "shown_messages", 3);

  EXPECT_EQ(texts(lobby.newest(db, LobbyKinds::all, 2)), (Texts{"4", "5"}));
  EXPECT_EQ(texts(lobby.newest(db, LobbyKinds::user, 2)), (Texts{"4", "5"}));
  EXPECT_EQ(page(1, 2), (Texts{"4", "5"}));
}

TEST_F(LobbyTest, CountsWhatIsNewAtOnceAndTheRestNowAndThen) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(post(anna, "", std::to_string(i)));
  const auto total = [this] { return lobby.page(db, {LobbyKinds::all, 1, 2}, now).total; };
  EXPECT_EQ(total(), 3);
  EXPECT_EQ(lobby.stats(db, now).messages, 3);
  const Message fourth = post(anna, "").value();
  forbid_a_look(db, "messages", 3);

  EXPECT_EQ(total(), 4);
  EXPECT_EQ(lobby.stats(db, now).messages, 4);
  EXPECT_EQ(lobby.stats(db, now).last_day, 4);
  EXPECT_EQ(lobby.stats(db, now).most_active.at(0).messages, 4);
  db.run_script("DROP VIEW temp.messages");
  ASSERT_TRUE(lobby.remove(db, anna, fourth.id, now, effects));
  now += std::chrono::minutes(1);
  EXPECT_EQ(total(), 3);
  ASSERT_TRUE(Conversations({.open_clear = true}).clear(db, anna, room.id, effects));
  EXPECT_EQ(total(), 0);
  EXPECT_EQ(lobby.stats(db, now).last_day, 0);
}

}  // namespace
}  // namespace signaling::service
