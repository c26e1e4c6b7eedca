#include "turnctl/output.h"

#include <gtest/gtest.h>
#include <boost/json/array.hpp>

namespace turnctl {
namespace {

TEST(Table, AlignsItsColumnsAndLeavesNoSpaceAtTheEnd) {
  Table table({"NAME", "SESSIONS"});
  table.add({"alice", "2"});
  table.add({"bo", "10"});
  EXPECT_EQ(table.text(0), "NAME   SESSIONS\nalice  2\nbo     10\n");
}

TEST(Table, CountsCharactersAndNotBytes) {
  Table table({"NAME", "X"});
  table.add({"jürgen", "1"});
  EXPECT_EQ(table.text(0), "NAME    X\njürgen  1\n");
}

TEST(Table, IsCutAtTheWidthOfATerminalBetweenCharacters) {
  Table table({"NÄME"});
  EXPECT_EQ(table.text(2), "NÄ\n");
  EXPECT_EQ(table.text(80), "NÄME\n");
}

TEST(Table, IsEmptyWithoutItems) {
  Table table({"NAME"});
  EXPECT_TRUE(table.empty());
  table.add({"alice"});
  EXPECT_FALSE(table.empty());
}

TEST(HumanFigures, ScaleBytesInThousands) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1200), "1.2 kB");
  EXPECT_EQ(human_bytes(2.5e9), "2.5 GB");
}

TEST(HumanFigures, ShowRatesInBits) {
  EXPECT_EQ(human_rate(0), "0 bit/s");
  EXPECT_EQ(human_rate(150'000), "1.2 Mbit/s");
}

TEST(HumanFigures, ShowTheTwoLargestUnitsOfADuration) {
  EXPECT_EQ(human_duration(0), "0s");
  EXPECT_EQ(human_duration(59), "59s");
  EXPECT_EQ(human_duration(61), "1m 01s");
  EXPECT_EQ(human_duration(3720), "1h 02m");
  EXPECT_EQ(human_duration(90000), "1d 01h");
}

TEST(Cell, ShowsWhatIsMissingAsADash) {
  const boost::json::object object{{"nothing", nullptr}, {"none", boost::json::array{}}};
  EXPECT_EQ(cell(object, "nothing"), "-");
  EXPECT_EQ(cell(object, "none"), "-");
  EXPECT_EQ(cell(object, "absent"), "-");
}

TEST(Cell, JoinsListsAndNamesFlags) {
  const boost::json::object object{{"list", {"a", "b"}}, {"flag", true}, {"count", 3}};
  EXPECT_EQ(cell(object, "list"), "a,b");
  EXPECT_EQ(cell(object, "flag"), "yes");
  EXPECT_EQ(cell(object, "count"), "3");
}

// security.md T-LOG: a user's name is a stranger's text, and a terminal obeys escape codes.
TEST(Cell, NeverHandsEscapeCodesToATerminal) {
  const boost::json::object object{{"user", "\x1B[2Jbob\n"}};
  const std::string shown = cell(object, "user");
  EXPECT_EQ(shown.find('\x1B'), std::string::npos);
  EXPECT_EQ(shown.find('\n'), std::string::npos);
  EXPECT_NE(shown.find("bob"), std::string::npos);
}

}  // namespace
}  // namespace turnctl
