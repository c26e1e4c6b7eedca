#include "signaling/mail/retry.h"

#include <gtest/gtest.h>

namespace signaling::mail {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kMiddle = 100;  // neither more nor less

TEST(Retry, ComesAfterASecondAndDoublesToAQuarterOfAnHour_M27) {
  EXPECT_EQ(delay_after(1, kMiddle), 1s);
  EXPECT_EQ(delay_after(2, kMiddle), 2s);
  EXPECT_EQ(delay_after(3, kMiddle), 4s);
  EXPECT_EQ(delay_after(10, kMiddle), 512s);
  EXPECT_EQ(delay_after(11, kMiddle), 15min);
  EXPECT_EQ(delay_after(1'000'000, kMiddle), 15min);
}

TEST(Retry, IsSpreadByTenPerCent_M27) {
  EXPECT_EQ(delay_after(1, 0), 900ms);
  EXPECT_EQ(delay_after(1, 200), 1100ms);
  EXPECT_EQ(delay_after(1, 201), 900ms);
}

TEST(Retry, IsGivenUpAfterThreeDays_M27) {
  const turnd::base::WallTime created(1000h);
  EXPECT_EQ(next_try({created, 300}, created + 71h, kMiddle), created + 71h + 15min);
  EXPECT_EQ(next_try({created, 300}, created + 72h, kMiddle), std::nullopt);
}

}  // namespace
}  // namespace signaling::mail
