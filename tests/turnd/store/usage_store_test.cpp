#include "turnd/store/usage_store.h"

#include "tests/turnd/store/store_fixture.h"

namespace turnd::store {
namespace {

class UsageStoreTest : public StoreTest {
 protected:
  UsageStoreTest() {
    std::vector<UsageRecord> records;
    for (int i = 0; i < 10; ++i) records.push_back(record(i));
    records[3].username = records[3].user = "alice";
    EXPECT_TRUE(usage_.append(records));
  }
  std::vector<std::string> ids(const UsageQuery& query) {
    std::vector<std::string> found;
    const auto records = usage_.query(query);
    for (const UsageRecord& each : *records) found.push_back(each.id);
    return found;
  }
  std::unique_ptr<Database> database_ = open();
  UsageStore usage_{*database_};
};

TEST_F(UsageStoreTest, GivesBackWhatItWasGiven_D12) {
  const auto newest = *usage_.query({.user = {}, .since = {}, .until = {}, .after = {}, .limit = 1});

  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest[0], record(9));
}

TEST_F(UsageStoreTest, PagesFromTheNewestToTheOldest) {
  UsageQuery query;
  query.limit = 4;
  EXPECT_EQ(ids(query), (std::vector<std::string>{"s-1009", "s-1008", "s-1007", "s-1006"}));

  query.after = UsagePosition{record(6).ended, record(6).id};
  EXPECT_EQ(ids(query), (std::vector<std::string>{"s-1005", "s-1004", "s-1003", "s-1002"}));
}

TEST_F(UsageStoreTest, PagesThroughSessionsThatEndedTogether) {
  UsageRecord twin = record(9);
  twin.id = "s-0001";
  ASSERT_TRUE(usage_.append({&twin, 1}));

  UsageQuery query;
  query.limit = 1;
  query.after = UsagePosition{record(9).ended, record(9).id};
  EXPECT_EQ(ids(query), std::vector<std::string>{"s-0001"});
}

TEST_F(UsageStoreTest, FindsAUserByWholeNameOrItsUserPart_D12) {
  UsageQuery query;
  query.user = "alice";
  EXPECT_EQ(ids(query), std::vector<std::string>{"s-1003"});
  query.user = "bob";
  EXPECT_EQ(ids(query).size(), 9U);
  query.user = "1700000000:bob";
  EXPECT_EQ(ids(query).size(), 9U);
  query.user = "ali";
  EXPECT_TRUE(ids(query).empty());
}

TEST_F(UsageStoreTest, SinceIsIncludedUntilIsNot_D12) {
  UsageQuery query;
  query.since = record(4).ended;
  query.until = record(6).ended;

  EXPECT_EQ(ids(query), (std::vector<std::string>{"s-1005", "s-1004"}));
}

TEST_F(UsageStoreTest, ARecordWrittenTwiceIsThereOnce) {
  const UsageRecord again = record(9);
  ASSERT_TRUE(usage_.append({&again, 1}));

  EXPECT_EQ(ids({}).size(), 10U);
}

TEST_F(UsageStoreTest, PurgesWhatEndedBefore) {
  EXPECT_EQ(*usage_.purge(record(4).ended), 4);

  EXPECT_EQ(ids({}).back(), "s-1004");
}

TEST_F(UsageStoreTest, ABatchIsWrittenWholeOrNotAtAll) {
  fill_disk(*database_);
  std::vector<UsageRecord> many;
  for (int i = 100; i < 2000; ++i) many.push_back(record(i));

  const auto refused = usage_.append(many);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, StoreErrorKind::unavailable);
  EXPECT_EQ(ids({}).size(), 10U);
}

}  // namespace
}  // namespace turnd::store
