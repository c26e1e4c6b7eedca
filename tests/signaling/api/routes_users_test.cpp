#include <gtest/gtest.h>

#include "signaling/service/notifications.h"
#include "tests/signaling/api/api_fixture.h"

namespace signaling::api {
namespace {

using net::Method;

class RoutesUsersTest : public ApiTest {
 protected:
  RoutesUsersTest() : root_(sign_up("root").text("access_token")), ann_(sign_up("ann").text("access_token")) {
    make_administrator("root");
  }

  std::string root_, ann_;  // ids 1 and 2
};

TEST_F(RoutesUsersTest, AdministratorsManageUsers_A13) {
  const Answer made =
      post("/api/users", R"({"email":"bob@example.org","password":"secret","role":"admin","age":30})", root_);
  EXPECT_EQ(made.status, 201U);
  EXPECT_EQ(made.body.at("data").at("role"), "admin");
  EXPECT_EQ(post("/api/users", R"({"email":"x@example.org","password":"secret"})", ann_).status, 403U);
  EXPECT_EQ(post("/api/users", R"({"email":"x@example.org","password":"secret"})").status, 401U);

  const Answer all = get("/api/users?query=example&limit=2", root_);
  EXPECT_EQ(all.body.at("data").as_array().size(), 2U);
  EXPECT_EQ(all.body.at("data").at(0).at("email"), "root@example.org");
}

TEST_F(RoutesUsersTest, AccountsFindOthersWithoutTheirAddress_A9) {
  const Answer found = get("/api/users?query=roo", ann_);
  EXPECT_EQ(boost::json::serialize(found.body), R"({"success":true,"data":[{"id":1,"name":"root","username":null}]})");
  EXPECT_EQ(get("/api/users?query=r", ann_).status, 400U);
  EXPECT_EQ(get("/api/users/1", ann_).status, 403U);
  EXPECT_EQ(get("/api/users/2", ann_).status, 200U);
  EXPECT_EQ(get("/api/users?query=roo").status, 401U);
}

TEST_F(RoutesUsersTest, PagingIsOfPositiveIntegers_R12) {
  for (const char* query : {"limit=0", "limit=x", "page=-1", "limit=1.5"})
    EXPECT_EQ(get(std::string("/api/users?") + query, root_).status, 400U) << query;
  EXPECT_EQ(get("/api/users?limit=100000", root_).status, 200U);
}

TEST_F(RoutesUsersTest, AnIdThatIsNoneIsNotFound_R13) {
  EXPECT_EQ(get("/api/users/abc", root_).status, 404U);
  EXPECT_EQ(get("/api/users/99", root_).status, 404U);
}

TEST_F(RoutesUsersTest, APatchIsPartialAndRoleIsNotForTheCaller_A10) {
  const Answer patched =
      send(Method::patch, "/api/users/2", {.token = ann_, .body = R"({"name":"Ann B","role":"admin"})"});
  EXPECT_EQ(patched.status, 200U);
  EXPECT_EQ(patched.body.at("data").at("name"), "Ann B");
  EXPECT_EQ(patched.body.at("data").at("role"), "user");
  EXPECT_EQ(send(Method::put, "/api/users/2", {.token = ann_, .body = R"({"age":5})"}).body.at("data").at("name"),
            "Ann B");
}

TEST_F(RoutesUsersTest, ADeactivatedAccountIsOut_A11) {
  EXPECT_EQ(send(Method::patch, "/api/users/2", {.token = ann_, .body = R"({"isActive":false})"}).status, 200U);
  EXPECT_EQ(get("/api/auth/me", ann_).status, 401U);
  EXPECT_EQ(log_in("ann", "secret").status, 403U);
  EXPECT_EQ(log_in("ann", "wrong!").status, 401U);
  EXPECT_EQ(send(Method::del, "/api/users/1", {.token = root_}).code(), "conflict");
}

TEST_F(RoutesUsersTest, ADeletedAccountIsGone_A11) {
  const Answer gone = send(Method::del, "/api/users/2", {.token = ann_});
  EXPECT_EQ(gone.status, 200U);
  EXPECT_EQ(gone.body.at("success"), true);
  EXPECT_EQ(get("/api/auth/me", ann_).status, 401U);
  EXPECT_EQ(revoked().back().user_id, 2);
}

TEST_F(RoutesUsersTest, ADeletedAccountTakesAllItsMeetingsAlong_A11) {
  const auto meetings = [](store::Connection& db) { return *db.value<int>("SELECT count(*) FROM meetings"); };
  store::write_and_wait(database_, [](store::Connection& db) {
    for (int i = 0; i < 120; ++i)
      db.execute("INSERT INTO meetings(uuid, code, host_id, created_at, updated_at) VALUES (?1, ?1, 2, 1, 1)",
                 std::to_string(i));
  });
  EXPECT_EQ(send(Method::del, "/api/users/1", {.token = ann_}).status, 403U);
  EXPECT_EQ(store::read_and_wait(database_, meetings), 120);
  EXPECT_EQ(send(Method::del, "/api/users/2", {.token = ann_}).status, 200U);
  EXPECT_EQ(store::read_and_wait(database_, meetings), 0);
  EXPECT_EQ(get("/api/auth/me", ann_).status, 401U);
}

TEST_F(RoutesUsersTest, ParticipantsComeAndGoWithoutAToken_R1) {
  const Answer joined = post("/api/participants/join", R"({"username":"Alice"})");
  EXPECT_EQ(joined.status, 200U);
  EXPECT_EQ(joined.text("message"), "Participant joined successfully");
  EXPECT_EQ(joined.body.at("participant").at("_id"), "000000000000000000000001");
  EXPECT_EQ(post("/api/participants", R"({"username":"a"})").body.at("errors").at("username").as_array().size(), 1U);

  EXPECT_EQ(get("/api/participants/stats").body.at("online"), 1);
  EXPECT_EQ(get("/api/participants/online").body.at("participants").at(0).at("username"), "Alice");
  const Answer left = post("/api/participants/leave", R"({"username":"Alice"})");
  EXPECT_EQ(left.body.at("participant").at("isOnline"), false);
  EXPECT_EQ(post("/api/participants/leave", R"({"username":"Nobody"})").status, 404U);
  const Answer stats = get("/api/participants/stats");
  EXPECT_EQ(stats.body.at("offline"), 1);
  EXPECT_EQ(stats.body.at("stats").at("totalUsers"), 1);
}

TEST_F(RoutesUsersTest, ATokenThatIsNoneIsNobodysOnAnOpenDoor_R17) {
  EXPECT_EQ(get("/api/participants", "broken").status, 401U);
}

TEST_F(RoutesUsersTest, WithGuestsOffAnonymousIsUnauthenticated_R1) {
  around_.guests_allowed = [] { return false; };
  EXPECT_EQ(get("/api/participants").status, 401U);
  EXPECT_EQ(get("/api/participants", ann_).status, 200U);
}

TEST_F(RoutesUsersTest, NotificationsAreReadAndDeleted_P3) {
  store::write_and_wait(database_, [](store::Connection& db) {
    service::Effects effects;
    for (const std::int64_t whom : {2, 2, 1})
      service::notify(db, {.recipient_id = whom, .type = "join_request", .title = "t", .message = "m"}, store::kToday,
                      effects);
  });
  const Answer all = get("/api/notifications", ann_);
  EXPECT_EQ(all.body.at("count"), 2);
  EXPECT_EQ(all.body.at("unread_count"), 2);
  EXPECT_EQ(all.body.at("notifications").at(0).at("id"), 2);

  const Answer marked = post("/api/notifications/mark-as-read", R"({"notification_ids":[1,3]})", ann_);
  EXPECT_EQ(marked.body.at("updated_count"), 1);
  EXPECT_EQ(get("/api/notifications/unread-count", ann_).body.at("unread_count"), 1);
  EXPECT_EQ(post("/api/notifications/mark-all-as-read", "", ann_).body.at("updated_count"), 1);
  EXPECT_EQ(send(Method::del, "/api/notifications/3", {.token = ann_}).status, 404U);
  EXPECT_EQ(send(Method::del, "/api/notifications/1", {.token = ann_}).status, 200U);
  EXPECT_EQ(get("/api/notifications").status, 401U);
}

}  // namespace
}  // namespace signaling::api
