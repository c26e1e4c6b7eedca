#include "signaling/service/account_requests.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>

#include "tests/signaling/service/service_fixture.h"

namespace signaling::service {
namespace {

using boost::json::object;

object sign_up_with(std::string_view name, const boost::json::value& value) {
  object body{{"email", "ann@example.org"}, {"password", "secret"}};
  body[name] = value;
  return body;
}

void expect_fault(std::string_view name, const boost::json::value& value) {
  const auto read = read_sign_up(sign_up_with(name, value));
  ASSERT_FALSE(read) << name << " " << value;
  EXPECT_EQ(read.error().code, ErrorCode::bad_request);
  EXPECT_TRUE(read.error().errors.contains(std::string(name))) << name;
}

TEST(AccountRequestsTest, TakesWhatSignUpAllows_A1) {
  const auto read = read_sign_up(parse_object(
      R"({"email": " Ann@Example.org ", "password": " 6char", "name": "Ann", "age": 0, "username": "a_-9"})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->email, "Ann@Example.org");
  EXPECT_EQ(read->password, " 6char");
  EXPECT_EQ(read->name, "Ann");
  EXPECT_EQ(read->age, 0);
  EXPECT_EQ(read->username, "a_-9");
}

TEST(AccountRequestsTest, TheNameDefaultsToTheLocalPart) {
  EXPECT_EQ(read_sign_up(parse_object(R"({"email": "a.b@c.org", "password": "secret"})"))->name, "a.b");
}

TEST(AccountRequestsTest, RefusesWhatSignUpRefuses_A1) {
  for (const char* email : {"", "ann", "@example.org", "ann@", "a nn@example.org", "ann@exam\nple.org"})
    expect_fault("email", email);
  expect_fault("email", boost::json::value(std::string(250, 'a') + "@b.org"));
  expect_fault("email", nullptr);
  expect_fault("password", "12345");
  expect_fault("password", boost::json::value(std::string(1025, 'x')));
  expect_fault("password", 123456);
  expect_fault("name", "A");
  expect_fault("name", boost::json::value(std::string(101, 'x')));
  for (const boost::json::value& age :
       {boost::json::value(-1), boost::json::value(151), boost::json::value(1.5), boost::json::value("20")})
    expect_fault("age", age);
  for (const char* username : {"ab", "abcdefghijklmnopqrstu", "a b", "\xC3\xA4\xC3\xA4\xC3\xA4"})
    expect_fault("username", username);
}

TEST(AccountRequestsTest, SignUpSetsNoRole_R8) {
  EXPECT_FALSE(read_sign_up(sign_up_with("role", "admin"))->is_admin);
  EXPECT_TRUE(read_new_user(sign_up_with("role", "admin"))->is_admin);
  EXPECT_FALSE(read_new_user(sign_up_with("role", "root")));
}

TEST(AccountRequestsTest, LogInAsksForLittle) {
  EXPECT_TRUE(read_log_in(parse_object(R"({"email": "x", "password": "y"})")));
  EXPECT_FALSE(read_log_in(parse_object(R"({"email": "x"})")));
  EXPECT_FALSE(read_log_in({{"email", "x"}, {"password", std::string(1025, 'y')}}));
}

TEST(AccountRequestsTest, ANewPasswordIsHeldToTheSameRules_A5) {
  EXPECT_TRUE(read_password_change(parse_object(R"({"current_password": "x", "newPassword": "secret"})")));
  EXPECT_FALSE(read_password_change(parse_object(R"({"current_password": "x", "new_password": "short"})")));
  EXPECT_FALSE(read_password_reset(parse_object(R"({"token": "x", "password": "short"})")));
  EXPECT_FALSE(read_password_reset(parse_object(R"({"password": "secret"})")));
}

TEST(AccountRequestsTest, AChangeNamesOnlyWhatIsThere_A10) {
  const auto change = read_account_change(parse_object(R"({"name": "Ann B", "age": null, "is_active": false})"));
  ASSERT_TRUE(change);
  EXPECT_EQ(change->name, "Ann B");
  ASSERT_TRUE(change->age);
  EXPECT_FALSE(*change->age);
  EXPECT_EQ(change->is_active, false);
  EXPECT_FALSE(change->email || change->username || change->is_admin);
  EXPECT_FALSE(read_account_change(parse_object("{}"))->age);
}

}  // namespace
}  // namespace signaling::service
