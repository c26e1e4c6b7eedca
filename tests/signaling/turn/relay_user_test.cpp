#include "signaling/turn/relay_user.h"

#include <gtest/gtest.h>

namespace signaling::turn {
namespace {

TEST(RelayUserTest, IsAnAccountsNumberAndAGuestsName_T1) {
  EXPECT_EQ(account_user(42), "42");
  for (const char* name : {"Anna", "Anna 42", "42nd", "-42", "g:x", ""}) EXPECT_EQ(guest_user(name), name);
}

TEST(RelayUserTest, IsNeverAnAccountForAGuest) {
  EXPECT_EQ(guest_user("42"), "g:42");
  EXPECT_EQ(guest_user("007"), "g:007");
}

}  // namespace
}  // namespace signaling::turn
