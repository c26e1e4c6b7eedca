#include <memory>

#include "tests/support/temporary_folder.h"
#include "tests/turnd/admin/routes_fixture.h"
#include "turnd/auth/rest_credential.h"
#include "turnd/store/database.h"

namespace turnd::admin {
namespace {

namespace json = boost::json;

// With a database, unless a test takes it away.
class CredentialRoutesTest : public RoutesTest {
 protected:
  CredentialRoutesTest() {
    auto opened = store::Database::open(directory_.file("turnd.db"));
    if (!opened) {
      ADD_FAILURE() << opened.error().what;
      return;
    }
    database_ = std::move(*opened);
    users_ = std::make_unique<store::UserStore>(*database_, "example.org");
    secrets_ = std::make_unique<store::SecretStore>(*database_);
    usage_ = std::make_unique<store::UsageStore>(*database_);
    host_.databases = {users_.get(), secrets_.get(), usage_.get(), nullptr};
  }
  void add_record(const std::string& id, const std::string& username, int ended) {
    store::UsageRecord record;
    record.id = id;
    record.username = username;
    record.user = username.substr(username.find(':') + 1);
    record.ended = base::WallTime(std::chrono::seconds(ended));
    EXPECT_TRUE(usage_->append(std::vector{record}));
  }
  std::vector<std::string> names_at(std::string_view target, std::string_view member) {
    std::vector<std::string> names;
    const json::value list = json_of(get(target));
    for (const json::value& item : list.at("items").as_array()) names.emplace_back(item.at(member).as_string());
    return names;
  }

  support::TemporaryFolder directory_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::UserStore> users_;
  std::unique_ptr<store::SecretStore> secrets_;
  std::unique_ptr<store::UsageStore> usage_;
};

using Names = std::vector<std::string>;

TEST_F(CredentialRoutesTest, SignsACredentialWithItsIceServerEntry_D19) {
  host_.sources.secrets = {{"main", base::Secret("north")}};

  const json::value reply = json_of(post("/v1/credentials", R"({"user": "alice", "ttl": 600})"));

  EXPECT_EQ(reply.at("username"), "1700000600:alice");
  EXPECT_EQ(reply.at("password").as_string(), auth::rest_password(base::Secret("north"), "1700000600:alice"));
  EXPECT_EQ(reply.at("ttl"), 600);
  EXPECT_EQ(reply.at("expires"), "2023-11-14T22:23:20.000Z");
  EXPECT_EQ(reply.at("secret_id"), "main");
  EXPECT_EQ(reply.at("ice_server").at("urls"), reply.at("uris"));
  EXPECT_EQ(reply.at("ice_server").at("credential"), reply.at("password"));
  EXPECT_EQ(json_of(post("/v1/credentials", "")).at("username"), "1700003600");
}

TEST_F(CredentialRoutesTest, ChoosesTheNewestSecretOfTheDatabaseThenTheFilesThenTheGenerated_D19) {
  const auto signed_with = [this] {
    return std::string(json_of(post("/v1/credentials", "")).at("secret_id").as_string());
  };
  EXPECT_EQ(code_of(post("/v1/credentials", ""), 409), "conflict");
  host_.made = auth::SharedSecret{"generated", base::Secret("g")};
  EXPECT_EQ(signed_with(), "generated");
  host_.sources.secrets = {{"z-first", base::Secret("f")}, {"a-second", base::Secret("s")}};
  EXPECT_EQ(signed_with(), "z-first");
  EXPECT_EQ(post("/v1/secrets", R"({"id": "z-old", "value": "o"})").status, 201);
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(post("/v1/secrets", R"({"id": "b-new", "value": "n"})").status, 201);
  EXPECT_EQ(signed_with(), "b-new");
}

TEST_F(CredentialRoutesTest, TheGeneratedSecretGoesWithTheFirstUser_D20) {
  host_.made = auth::SharedSecret{"generated", base::Secret("g")};
  EXPECT_EQ(names_at("/v1/secrets", "id"), (Names{"generated"}));

  EXPECT_EQ(post("/v1/users", R"({"name": "alice"})").status, 201);

  EXPECT_EQ(names_at("/v1/secrets", "id"), (Names{}));
  EXPECT_EQ(post("/v1/credentials", "").status, 409);
}

TEST_F(CredentialRoutesTest, MakesASecretAndShowsItOnce_D20) {
  const json::value made = json_of(post("/v1/secrets", R"({"id": "2026-11"})"), 201);

  EXPECT_EQ(made, json::parse(R"({"id": "2026-11", "source": "database", "created": "2023-11-14T22:13:20.000Z",
    "signing": true, "value": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"})"));
  EXPECT_EQ(get("/v1/secrets").body.find("000102"), std::string::npos);
  EXPECT_EQ(host_.credential_changes, 1);
  EXPECT_FALSE(json_of(post("/v1/secrets", R"({"id": "mine", "value": "v"})"), 201).as_object().contains("value"));
}

TEST_F(CredentialRoutesTest, RefusesAnIdThatExists_D20) {
  host_.sources.secrets = {{"main", base::Secret("f")}};
  EXPECT_EQ(post("/v1/secrets", R"({"id": "other"})").status, 201);

  for (const char* id : {"main", "other", "generated"})
    EXPECT_EQ(code_of(post("/v1/secrets", "{\"id\":\"" + std::string(id) + "\"}"), 409), "conflict") << id;
}

TEST_F(CredentialRoutesTest, RemovesASecretAndItsSessionsWhenAsked_D20) {
  EXPECT_EQ(post("/v1/secrets", R"({"id": "a"})").status, 201);
  EXPECT_EQ(post("/v1/secrets", R"({"id": "b"})").status, 201);
  add_session("1:x").secret_id = "a";
  add_session("1:y").secret_id = "b";

  EXPECT_EQ(json_of(del("/v1/secrets/a?kill=true")), json::parse(R"({"closed": 1})"));
  EXPECT_EQ(json_of(del("/v1/secrets/b")), json::parse(R"({"closed": 0})"));

  EXPECT_EQ(code_of(del("/v1/secrets/a"), 404), "not_found");
  ASSERT_EQ(host_.relay.closed.size(), 1u);
  EXPECT_EQ(host_.relay.closed[0].second, turn::CloseReason::credential_removed);
}

TEST_F(CredentialRoutesTest, LeavesTheOperatorsFileAlone_D22) {
  host_.sources.secrets = {{"main", base::Secret("f")}};
  host_.sources.users["alice"].password = base::Secret("p");

  const Response secret = del("/v1/secrets/main");
  EXPECT_EQ(code_of(secret, 409), "conflict");
  EXPECT_NE(secret.body.find("/etc/turnd/turnd.yaml"), std::string::npos);
  EXPECT_EQ(code_of(del("/v1/users/alice"), 409), "conflict");
  EXPECT_EQ(host_.credential_changes, 0);
}

TEST_F(CredentialRoutesTest, AddsUsersAndMakesTheirPasswords_D21) {
  const json::value made = json_of(post("/v1/users", R"({"name": "alice"})"), 201);
  EXPECT_EQ(made.at("name"), "alice");
  EXPECT_EQ(made.at("source"), "database");
  EXPECT_EQ(made.at("sessions"), 0);
  EXPECT_EQ(made.at("password").as_string().size(), 24u);

  const json::value given = json_of(post("/v1/users", R"({"name": "bob", "password": "pw"})"), 201);
  EXPECT_FALSE(given.as_object().contains("password"));
  const json::value key =
      json_of(post("/v1/users", R"({"name": "carol", "key": "00112233445566778899aabbccddeeff"})"), 201);
  EXPECT_FALSE(key.as_object().contains("password"));
  EXPECT_EQ(names_at("/v1/users", "name"), (Names{"alice", "bob", "carol"}));
  EXPECT_EQ(host_.credential_changes, 3);
}

TEST_F(CredentialRoutesTest, RefusesAUserThatExistsOrCannotLogIn_D21) {
  host_.sources.users["alice"].password = base::Secret("p");
  EXPECT_EQ(post("/v1/users", R"({"name": "bob"})").status, 201);

  EXPECT_EQ(code_of(post("/v1/users", R"({"name": "alice"})"), 409), "conflict");
  EXPECT_EQ(code_of(post("/v1/users", R"({"name": "bob"})"), 409), "conflict");
  EXPECT_EQ(code_of(post("/v1/users", R"({"name": "soft\u00adhyphen"})"), 400), "bad_request");
  EXPECT_EQ(code_of(post("/v1/users", R"({"name": "x", "password": "soft\u00adhyphen"})"), 400), "bad_request");
}

TEST_F(CredentialRoutesTest, CountsAndEndsOnlyTheUsersOwnSessions_D21) {
  EXPECT_EQ(post("/v1/users", R"({"name": "a/b"})").status, 201);
  add_session("a/b");
  add_session("a/b").secret_id = "main";  // an ephemeral user of that name
  add_session("1700000000:a/b").secret_id = "main";

  EXPECT_EQ(json_of(get("/v1/users")).at("items").at(0).at("sessions"), 1);
  EXPECT_EQ(json_of(del("/v1/users/a%2Fb?kill=true")), json::parse(R"({"closed": 1})"));
  EXPECT_EQ(host_.relay.live.size(), 2u);
  EXPECT_EQ(code_of(del("/v1/users/a%2Fb"), 404), "not_found");
}

TEST_F(CredentialRoutesTest, ListsByNameInParts_D8) {
  for (const char* name : {"c", "a", "e", "b", "d"})
    EXPECT_EQ(post("/v1/users", "{\"name\":\"" + std::string(name) + "\"}").status, 201);

  const json::value first = json_of(get("/v1/users?limit=2"));
  const std::string cursor(first.at("next").as_string());
  EXPECT_EQ(names_at("/v1/users?limit=2", "name"), (Names{"a", "b"}));
  EXPECT_EQ(names_at("/v1/users?limit=3&cursor=" + cursor, "name"), (Names{"c", "d", "e"}));
  EXPECT_TRUE(json_of(get("/v1/users?limit=3&cursor=" + cursor)).at("next").is_null());
  EXPECT_EQ(code_of(get("/v1/secrets?cursor=" + cursor), 400), "bad_request");
}

TEST_F(CredentialRoutesTest, DoesNotDoWhatCannotBeStored_D23_D74) {
  host_.databases = {};

  EXPECT_EQ(code_of(post("/v1/users", R"({"name": "alice"})"), 503), "unavailable");
  EXPECT_EQ(code_of(post("/v1/secrets", R"({"id": "a"})"), 503), "unavailable");
  EXPECT_EQ(names_at("/v1/users", "name"), (Names{}));
  EXPECT_EQ(names_at("/v1/usage", "id"), (Names{}));
  EXPECT_EQ(host_.credential_changes, 0);
}

TEST_F(CredentialRoutesTest, ListsUsageNewestFirstInParts_D12) {
  add_record("0000000000000001", "1800000000:alice", 100);
  add_record("0000000000000002", "alice", 200);
  add_record("0000000000000003", "bob", 200);
  add_record("0000000000000004", "alice", 300);

  EXPECT_EQ(names_at("/v1/usage?user=alice", "id"),
            (Names{"0000000000000004", "0000000000000002", "0000000000000001"}));
  EXPECT_EQ(names_at("/v1/usage?user=1800000000:alice", "id"), (Names{"0000000000000001"}));
  EXPECT_EQ(names_at("/v1/usage?since=200&until=300", "id").size(), 2u);
  EXPECT_EQ(code_of(get("/v1/usage?since=soon"), 400), "bad_request");
  Names walked;
  std::string target = "/v1/usage?limit=1";
  for (int part = 0; part < 5; ++part) {
    const json::value list = json_of(get(target));
    for (const json::value& item : list.at("items").as_array()) walked.emplace_back(item.at("id").as_string());
    if (list.at("next").is_null()) break;
    target = "/v1/usage?limit=1&cursor=" + std::string(list.at("next").as_string());
  }
  EXPECT_EQ(walked, names_at("/v1/usage", "id"));
  EXPECT_EQ(walked.size(), 4u);
}

}  // namespace
}  // namespace turnd::admin
