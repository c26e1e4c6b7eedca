#include "signaling/service/users.h"

#include "signaling/service/api_keys.h"
#include "signaling/service/conversations.h"
#include "signaling/service/meetings.h"
#include "signaling/service/messages.h"
#include "tests/signaling/service/service_fixture.h"

namespace signaling::service {
namespace {

class UsersTest : public ServiceTest {
 protected:
  UsersTest()
      : admin_(add_administrator("root@example.org")), ann_(add_user("ann@example.org", {.username = "ann_x"})) {
    effects_ = {};
  }
  auto update(const User& who, const User& whom, std::string_view change) {
    return users_.update(db_, identity_of(who), whom.id, read_account_change(parse_object(change)).value(), now_,
                         effects_);
  }
  auto remove(const User& who, const User& whom) {
    return users_.remove(db_, identity_of(who), whom.id, meetings_, now_, effects_);
  }
  std::int64_t count(std::string_view sql) { return db_.value<std::int64_t>(sql).value_or(-1); }
  std::vector<std::string> search(const User& who, const std::string& query) {
    std::vector<std::string> names;
    const auto found = users_.search(db_, identity_of(who), {.query = query});
    for (const User& user : found.value()) names.push_back(user.name);
    return names;
  }
  static constexpr auto kForbidden = ErrorCode::forbidden;

  User admin_, ann_;
};

TEST_F(UsersTest, AnAccountSeesItselfAndNobodyElse_A9) {
  EXPECT_EQ(users_.get(db_, identity_of(ann_), ann_.id)->email, "ann@example.org");
  EXPECT_EQ(users_.get(db_, identity_of(ann_), admin_.id).error().code, kForbidden);
  EXPECT_EQ(users_.get(db_, identity_of(ann_), 999).error().code, kForbidden);
  EXPECT_EQ(users_.get(db_, identity_of(admin_), ann_.id)->name, "ann");
  EXPECT_EQ(users_.get(db_, identity_of(admin_), 999).error().code, ErrorCode::not_found);
  EXPECT_EQ(users_.get(db_, {}, ann_.id).error().code, ErrorCode::unauthenticated);
}

TEST_F(UsersTest, AccountsSearchNamesOnlyAndWithTwoCharacters_A9) {
  EXPECT_EQ(search(ann_, "ROO"), std::vector<std::string>{"root"});
  EXPECT_EQ(search(ann_, "n_x"), std::vector<std::string>{"ann"});
  EXPECT_EQ(search(ann_, "example"), std::vector<std::string>{});
  EXPECT_EQ(search(ann_, "%%"), std::vector<std::string>{});
  EXPECT_TRUE(users_.search(db_, identity_of(ann_), {.query = "a"}).error().errors.contains("query"));
  EXPECT_EQ(boost::json::serialize(public_user_json(ann_)), R"({"id":2,"name":"ann","username":"ann_x"})");
}

TEST_F(UsersTest, AdministratorsSearchEverything_A9) {
  EXPECT_EQ(search(admin_, ""), (std::vector<std::string>{"root", "ann"}));
  EXPECT_EQ(search(admin_, "example.org"), (std::vector<std::string>{"root", "ann"}));
  update(admin_, ann_, R"({"isActive": false})").value();
  EXPECT_EQ(search(admin_, "ann"), std::vector<std::string>{"ann"});
  EXPECT_EQ(users_.search(db_, identity_of(admin_), {.limit = 1, .page = 2})->front().name, "ann");
}

TEST_F(UsersTest, DeactivatedAccountsAreNotFoundByOthers_A9) {
  const User bob = add_user("bob@example.org");
  update(admin_, ann_, R"({"isActive": false})").value();
  EXPECT_EQ(search(bob, "ann"), std::vector<std::string>{});
}

TEST_F(UsersTest, GuestsAndKeysSearchNobody) {
  Identity guest;
  guest.kind = Identity::Kind::guest;
  EXPECT_EQ(users_.search(db_, guest, {.query = "ann"}).error().code, kForbidden);
  EXPECT_EQ(users_.search(db_, {}, {.query = "ann"}).error().code, ErrorCode::unauthenticated);
}

TEST_F(UsersTest, AnAccountChangesItselfInPart_A10) {
  const auto changed = update(ann_, ann_, R"({"name": "Ann B", "age": 30, "username": "annb"})");
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->name, "Ann B");
  EXPECT_EQ(changed->age, 30);
  EXPECT_EQ(changed->username, "annb");
  EXPECT_EQ(changed->email, "ann@example.org");
  EXPECT_EQ(update(ann_, admin_, R"({"name": "Eve"})").error().code, kForbidden);
}

TEST_F(UsersTest, ANewAddressIsUnverifiedAndGetsAMail_A10) {
  db_.execute("UPDATE users SET is_verified = 1");
  EXPECT_TRUE(update(ann_, ann_, R"({"email": "ann@example.org"})")->is_verified);
  const auto mails_before = mails().size();
  EXPECT_FALSE(update(ann_, ann_, R"({"email": "new@example.org"})")->is_verified);
  EXPECT_EQ(mails().size(), mails_before + 1);
  EXPECT_EQ(update(ann_, ann_, R"({"email": "ROOT@example.org"})").error().code, ErrorCode::email_taken);
}

TEST_F(UsersTest, NobodyMakesHimselfAnAdministrator_R8) {
  EXPECT_FALSE(update(ann_, ann_, R"({"role": "admin", "isAdmin": true, "id": 9})")->is_admin);
  EXPECT_TRUE(update(admin_, ann_, R"({"role": "admin"})")->is_admin);
}

TEST_F(UsersTest, EndsTheSocketsOfWhoIsNoAdministratorAnyMore) {
  const SignedIn session = log_in("ann@example.org");
  ASSERT_TRUE(update(admin_, ann_, R"({"role": "admin"})")->is_admin);
  EXPECT_TRUE(effects_.revoked.empty());
  ASSERT_FALSE(update(admin_, ann_, R"({"role": "user"})")->is_admin);
  ASSERT_EQ(effects_.revoked.size(), 1U);
  EXPECT_EQ(effects_.revoked[0].user_id, ann_.id);
  EXPECT_FALSE(effects_.revoked[0].deactivated);
  EXPECT_TRUE(is_alive(session.tokens)) << "he comes back with the same";
}

TEST_F(UsersTest, DeactivationEndsEveryToken_A11) {
  const SignedIn session = log_in("ann@example.org");
  ASSERT_FALSE(update(ann_, ann_, R"({"isActive": false})")->is_active);
  EXPECT_FALSE(is_alive(session.tokens));
  ASSERT_EQ(effects_.revoked.size(), 1U);
  EXPECT_EQ(effects_.revoked[0].user_id, ann_.id);
  EXPECT_EQ(effects_.revoked[0].family, "");

  EXPECT_TRUE(update(admin_, ann_, R"({"isActive": true})")->is_active);
  EXPECT_FALSE(is_alive(session.tokens));
}

TEST_F(UsersTest, TheLastAdministratorStays_A11) {
  EXPECT_EQ(update(admin_, admin_, R"({"isActive": false})").error().code, ErrorCode::conflict);
  EXPECT_EQ(update(admin_, admin_, R"({"role": "user"})").error().code, ErrorCode::conflict);
  EXPECT_EQ(remove(admin_, admin_).error().code, ErrorCode::conflict);
  EXPECT_TRUE(update(admin_, admin_, R"({"name": "Root"})"));

  update(admin_, ann_, R"({"role": "admin"})").value();
  EXPECT_TRUE(update(admin_, admin_, R"({"isActive": false})"));
  ann_ = find_user(db_, ann_.id).value();
  EXPECT_EQ(remove(ann_, ann_).error().code, ErrorCode::conflict);
}

TEST_F(UsersTest, ADeletedAccountLeavesItsMessages_A11) {
  db_.execute("INSERT INTO conversations(kind, created_at) VALUES ('group', 1)");
  db_.execute(
      "INSERT INTO messages(conversation_id, seq, sender_id, sender_name, content, created_at)"
      " VALUES (1, 1, ?1, 'ann', 'hello', 1)",
      ann_.id);
  const SignedIn session = log_in("ann@example.org");

  ASSERT_TRUE(remove(ann_, ann_));

  EXPECT_FALSE(is_alive(session.tokens));
  EXPECT_EQ(effects_.revoked.back().user_id, ann_.id);
  EXPECT_EQ(db_.value<std::string>("SELECT sender_name FROM messages WHERE sender_id IS NULL"), "ann");
  EXPECT_EQ(remove(admin_, ann_).error().code, ErrorCode::not_found);
}

TEST_F(UsersTest, ADeletedAccountTakesItsMeetingsAlong_A11_M16) {
  const Identity ann = identity_of(ann_);
  Meetings meetings(meetings_);
  const turnd::base::Now now{turnd::base::TimePoint(std::chrono::hours(1)), now_};
  MeetingFields planned;
  planned.scheduled_time = now_ + std::chrono::hours(1);
  planned.invites = {"bob@example.org"};
  ASSERT_TRUE(meetings.create(db_, ann, planned, now, effects_));
  const Meeting running = meetings.create(db_, ann, {}, now, effects_)->view.meeting;
  const Meeting others = meetings.create(db_, identity_of(admin_), {}, now, effects_)->view.meeting;
  const Messages messages{ChatSettings{}};
  ASSERT_TRUE(messages.post(db_, ann, {*running.conversation_id, "hello"}, now_, effects_));
  const auto recording =
      db_.insert("INSERT INTO recordings(meeting_id, started_by, started_at, status) VALUES (?1, ?2, 1, 'ready')",
                 running.id, ann_.id);
  effects_ = {};

  ASSERT_TRUE(remove(ann_, ann_));

  EXPECT_EQ(count("SELECT count(*) FROM meetings"), 1);
  EXPECT_TRUE(meeting_by_id(db_, others.id).has_value());
  EXPECT_EQ(count("SELECT count(*) FROM recordings"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM messages"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM conversations WHERE kind = 'meeting'"), 1);
  EXPECT_EQ(effects_.dropped_recordings, std::vector<std::int64_t>{recording});
  ASSERT_EQ(effects_.meetings.size(), 2U) << "both rooms close";
  EXPECT_EQ(effects_.meetings[1].meeting, running.uuid);
  EXPECT_TRUE(std::holds_alternative<MeetingDeleted>(effects_.meetings[1].what));
  EXPECT_EQ(count("SELECT count(*) FROM outbox WHERE payload LIKE '%METHOD:CANCEL%'"), 1);
}

TEST_F(UsersTest, MeetingsOfAnAccountGoInSlices_A11) {
  for (int i = 0; i < 120; ++i)
    db_.execute("INSERT INTO meetings(uuid, code, host_id, created_at, updated_at) VALUES (?1, ?1, ?2, 1, 1)",
                std::to_string(i), ann_.id);
  const User bob = add_user("bob@example.org");
  const auto some = [this](const User& who) {
    return users_.remove_meetings(db_, identity_of(who), ann_.id, meetings_, now_, effects_);
  };

  EXPECT_EQ(some(bob).error().code, kForbidden);
  EXPECT_EQ(some(ann_).value(), true);
  EXPECT_EQ(count("SELECT count(*) FROM meetings"), 70);
  EXPECT_EQ(some(ann_).value(), true);
  EXPECT_EQ(some(ann_).value(), false);
  EXPECT_EQ(count("SELECT count(*) FROM meetings"), 0);
  EXPECT_TRUE(find_user(db_, ann_.id).has_value());
}

TEST_F(UsersTest, ADeletedAccountHandsItsGroupsOn_A11) {
  const Identity ann = identity_of(ann_);
  const User bob = add_user("bob@example.org", {.username = "bob_y"});
  const Conversations conversations{{}};
  const auto kept = conversations.create_group(db_, ann, {"Team", {bob.id}}, now_, effects_)->conversation.id;
  const auto empty = conversations.create_group(db_, ann, {"Alone", {}}, now_, effects_)->conversation.id;
  const auto direct = conversations.open_direct(db_, ann, bob.id, now_, effects_)->view.conversation.id;
  effects_ = {};

  ASSERT_TRUE(remove(ann_, ann_));
  EXPECT_EQ(find_conversation(db_, kept)->owner_id, bob.id);
  EXPECT_TRUE(conversations.change(db_, identity_of(bob), kept, {.title = "Ours"}, effects_)) << "he owns it";
  ASSERT_FALSE(effects_.chat.empty());
  EXPECT_EQ(std::get<MemberLeft>(effects_.chat[0].what).user_id, ann_.id);
  EXPECT_FALSE(find_conversation(db_, empty).has_value());
  EXPECT_TRUE(find_conversation(db_, direct).has_value());

  ASSERT_TRUE(remove(bob, bob));
  EXPECT_FALSE(find_conversation(db_, kept).has_value());
  EXPECT_FALSE(find_conversation(db_, direct).has_value()) << "nobody is in it any more";
}

TEST_F(UsersTest, OnlyAdministratorsMakeUsers_A13) {
  const NewAccount account{.email = "new@example.org", .name = "New", .is_admin = true};
  EXPECT_EQ(users_.create(db_, identity_of(ann_), account, kHash, now_, effects_).error().code, kForbidden);
  EXPECT_TRUE(users_.create(db_, identity_of(admin_), account, kHash, now_, effects_)->is_admin);
}

TEST_F(UsersTest, AKeyIsShownOnceAndKnownByItsHash_C13) {
  const auto key = add_key(db_, {"django", {"turn", "rooms"}, now_}, counting_random());
  ASSERT_TRUE(key);
  const auto who = identify_key(db_, *key, now_);
  ASSERT_TRUE(who);
  EXPECT_TRUE(who->has_scope("turn"));
  EXPECT_FALSE(who->has_scope("admin"));
  EXPECT_EQ(who->name, "django");
  EXPECT_EQ(identify_key(db_, *key + "x", now_).error().code, ErrorCode::unauthenticated);
  EXPECT_FALSE(db_.exists("SELECT 1 FROM api_keys WHERE CAST(key_hash AS TEXT) = ?1", *key));
}

TEST_F(UsersTest, ARevokedKeyIsNobodyAndItsNameIsFree_C13) {
  const auto random = counting_random();
  const auto key = add_key(db_, {"django", {}, now_}, random);
  EXPECT_EQ(add_key(db_, {"django", {}, now_}, random).error().code, ErrorCode::conflict);
  EXPECT_TRUE(revoke_key(db_, "django", now_));
  EXPECT_FALSE(revoke_key(db_, "django", now_));
  EXPECT_FALSE(identify_key(db_, *key, now_));
  const auto next = add_key(db_, {"django", {"turn"}, now_}, random);
  EXPECT_TRUE(identify_key(db_, *next, now_));
  const auto keys = list_keys(db_);
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_TRUE(keys[0].revoked);
  EXPECT_EQ(keys[1].scopes, std::vector<std::string>{"turn"});
}

TEST_F(UsersTest, ScopesAreNames_C13) {
  EXPECT_EQ(parse_scopes("turn,rooms"), (std::vector<std::string>{"turn", "rooms"}));
  EXPECT_EQ(parse_scopes(""), std::vector<std::string>{});
  for (const char* wrong : {",", "turn,,rooms", "Turn", "turn rooms"}) EXPECT_FALSE(parse_scopes(wrong)) << wrong;
}

}  // namespace
}  // namespace signaling::service
