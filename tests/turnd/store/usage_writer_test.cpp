#include "turnd/store/usage_writer.h"

#include <thread>

#include "tests/turnd/store/store_fixture.h"
#include "turnd/store/usage_store.h"

namespace turnd::store {
namespace {

class UsageWriterTest : public StoreTest {
 protected:
  std::size_t on_disk() {
    UsageQuery query;
    query.limit = 100'000;
    return UsageStore(*reader_).query(query)->size();
  }
  // The writer has a thread and a disk of its own: asked again until it holds, for at most ten seconds.
  template <class Condition>
  static bool becomes_true(const Condition& holds) {
    for (int i = 0; i < 1000 && !holds(); ++i) std::this_thread::sleep_for(10ms);
    return holds();
  }
  // A transaction of another connection: the writer waits, then is refused.
  [[nodiscard]] static Transaction block(Database& other) { return *Transaction::begin(other); }

  std::unique_ptr<Database> reader_ = open();
};

TEST_F(UsageWriterTest, ARecordIsVisibleWithinTwoSeconds_D12) {
  UsageWriter writer(open(), {});
  const auto begun = std::chrono::steady_clock::now();
  writer.submit(record(1));

  ASSERT_TRUE(becomes_true([&] { return on_disk() == 1; }));
  EXPECT_LE(std::chrono::steady_clock::now() - begun, 2s);
  EXPECT_TRUE(becomes_true([&] { return writer.stored() == 1 && writer.queued() == 0; }));
}

TEST_F(UsageWriterTest, WritesWhatIsLeftWhenItStops) {
  {
    UsageWriter writer(open(), {});
    for (int i = 0; i < 1200; ++i) writer.submit(record(i));
  }
  EXPECT_EQ(on_disk(), 1200U);
}

TEST_F(UsageWriterTest, LosesTheNewestBeyondItsBoundAndStoresTheRestLater_D56) {
  UsageWriter writer(open(), {.retention = {}, .capacity = 10});
  {
    const Transaction disk_is_busy = block(*reader_);
    for (int i = 0; i < 15; ++i) writer.submit(record(i));
    EXPECT_EQ(writer.lost(), 5U);
    EXPECT_EQ(writer.queued(), 10U);
    EXPECT_EQ(writer.stored(), 0U);
  }
  ASSERT_TRUE(becomes_true([&] { return writer.stored() == 10; }));
  const auto kept = *UsageStore(*reader_).query({});
  ASSERT_EQ(kept.size(), 10U);
  EXPECT_EQ(kept.front().id, record(9).id);
}

TEST_F(UsageWriterTest, PurgesWhatIsOlderThanTheRetention) {
  const UsageRecord old = record(1);  // of 2023
  ASSERT_TRUE(UsageStore(*reader_).append({&old, 1}));
  UsageRecord fresh = record(2);
  fresh.ended = std::chrono::system_clock::now();

  UsageWriter writer(open(), {.retention = 24h});
  writer.submit(fresh);

  ASSERT_TRUE(becomes_true([&] {
    const auto kept = *UsageStore(*reader_).query({});
    return kept.size() == 1 && kept[0].id == fresh.id;
  }));
}

}  // namespace
}  // namespace turnd::store
