#include "turnd/control/cursor.h"

#include <gtest/gtest.h>

namespace turnd::control {
namespace {

CursorSeal::Key key(std::uint8_t first) {
  CursorSeal::Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(first + i);
  return key;
}

TEST(CursorSeal, OpensItsOwn) {
  const CursorSeal seal(key(0));

  EXPECT_EQ(seal.open("users", seal.seal("users", "alice")), "alice");
  EXPECT_EQ(seal.open("users", seal.seal("users", "")), "");
  EXPECT_EQ(seal.open("users", seal.seal("users", "Zoë, eight or more")), "Zoë, eight or more");
}

// The reference vector of the SipHash paper, appendix A: key 00..0f, message 00..0e.
TEST(CursorSeal, SealsWithSipHash24) {
  std::string position;
  for (char c = 1; c < 15; ++c) position += c;

  const std::string cursor = CursorSeal(key(0)).seal("", position);

  EXPECT_EQ(cursor.substr(0, 16), "a129ca6149be45e5");
}

TEST(CursorSeal, RefusesWhatItHasNotGivenOut) {
  const CursorSeal seal(key(0));
  const std::string good = seal.seal("users", "alice");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_EQ(seal.open("users", changed), std::nullopt) << i;
  }
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(seal.open("users", good.substr(0, size)), std::nullopt) << size;
  EXPECT_EQ(seal.open("users", "alice"), std::nullopt);
  EXPECT_EQ(seal.open("secrets", good), std::nullopt);
  EXPECT_EQ(CursorSeal(key(1)).open("users", good), std::nullopt);
}

}  // namespace
}  // namespace turnd::control
