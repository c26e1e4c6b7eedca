#include "signaling/api/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace signaling::api {
namespace {

using net::Method;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    const Direct nothing = [](const std::shared_ptr<Call>&) {};
    router_.direct(Method::get, "/api/meeting/{id}", Access::open, nothing);
    router_.direct(Method::del, "/api/meeting/{id}", Access::open, nothing);
    router_.direct(Method::post, "/api/meeting/join/{id}", Access::open, nothing);
    router_.direct(Method::post, "/api/meeting/{id}/invite", Access::open, nothing);
    router_.direct(Method::post, "/api/auth/login", Access::open, nothing, {.aliases = {"/auth/login"}});
  }
  std::string found(Method method, std::string_view path) {
    return std::string(router_.find(method, path).path_template);
  }
  Router router_;
};

TEST_F(RouterTest, TakesALiteralBeforeAParameter) {
  EXPECT_EQ(found(Method::post, "/api/meeting/join/invite"), "/api/meeting/join/{id}");
  EXPECT_EQ(found(Method::post, "/api/meeting/x/invite"), "/api/meeting/{id}/invite");
  EXPECT_EQ(found(Method::get, "/api/meeting/join"), "/api/meeting/{id}") << "an id that is a word all the same";
}

TEST_F(RouterTest, DecodesParametersAndPassesOverASlashAtTheEnd) {
  const auto match = router_.find(Method::get, "/api/meeting/a%2Fb%20c/");
  EXPECT_THAT(match.parameters, ElementsAre(Pair("id", "a/b c")));
  ASSERT_NE(match.route, nullptr);
}

TEST_F(RouterTest, FindsNothingForBrokenPaths) {
  for (const char* path : {"/api/meeting/%zz", "/api/meeting/a%", "/api//meeting/a", "/api/meeting/%00", "/", "/api"})
    EXPECT_EQ(found(Method::get, path), "") << path;
}

TEST_F(RouterTest, TellsWhichMethodsAPathHas_R4) {
  const auto match = router_.find(Method::put, "/api/meeting/x");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(allow_field(match.methods), "GET, HEAD, DELETE, OPTIONS");
  EXPECT_NE(router_.find(Method::head, "/api/meeting/x").route, nullptr);
}

TEST_F(RouterTest, AnswersUnderAliasesToo) {
  EXPECT_EQ(router_.find(Method::post, "/auth/login").route, router_.find(Method::post, "/api/auth/login").route);
  EXPECT_EQ(router_.operations().size(), 6U);
}

TEST_F(RouterTest, RefusesTwoRoutesForOneOperation) {
  EXPECT_THROW(router_.direct(Method::get, "/api/meeting/{id}", Access::open, nullptr), std::logic_error);
  EXPECT_THROW(router_.direct(Method::put, "/api/meeting/{meeting}", Access::open, nullptr), std::logic_error);
}

}  // namespace
}  // namespace signaling::api
