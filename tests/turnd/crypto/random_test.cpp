// Unpredictable bytes, and numbers without a bias.
#include "turnd/crypto/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace turnd::crypto {
namespace {

// Gives these numbers as bytes, in order; more must not be asked for.
RandomSource scripted(std::vector<std::uint32_t> numbers) {
  return [numbers, at = std::size_t{0}](base::MutableBytes into) mutable {
    ASSERT_EQ(into.size(), 4U);
    const std::uint32_t number = numbers.at(at++);
    for (std::size_t i = 0; i < 4; ++i) into[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i) & 0xFF);
  };
}

TEST(SystemRandom, FillsTheWholeSpanAndNeverTwiceAlike) {
  std::set<std::array<std::uint8_t, 16>> seen;
  std::array<bool, 16> was_not_zero{};
  for (int i = 0; i < 1000; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    system_random(bytes);
    seen.insert(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) was_not_zero[at] = was_not_zero[at] || bytes[at] != 0;
  }

  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(std::count(was_not_zero.begin(), was_not_zero.end(), true), 16);
}

TEST(DrawnAhead, NeverGivesTheSameTwiceNorAnyZeroesOfItsOwn) {
  const RandomSource random = drawn_ahead();
  const RandomSource copy = random;  // draws from the same
  std::set<std::vector<std::uint8_t>> seen;
  for (std::size_t i = 0; i < 1000; ++i) {
    std::vector<std::uint8_t> bytes(16 + i % 5);
    (i % 2 == 0 ? random : copy)(bytes);
    seen.emplace(bytes.begin(), bytes.begin() + 16);
  }
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_FALSE(seen.contains(std::vector<std::uint8_t>(16)));
}

TEST(DrawnAhead, FillsWhatIsLargerThanItHolds) {
  std::vector<std::uint8_t> bytes(100'000);
  drawn_ahead()(bytes);
  EXPECT_LT(std::count(bytes.end() - 1000, bytes.end(), 0), 100);
}

TEST(Uniform, StaysBelowItsBound) {
  EXPECT_EQ(uniform(scripted({0xFFFFFFFF}), 1), 0U);
  EXPECT_EQ(uniform(scripted({0xFFFFFFFF}), 2), 1U);
  EXPECT_EQ(uniform(scripted({0xFFFFFFFF}), 0xFFFFFFFF), 0U);
}

TEST(Uniform, DrawsAgainWhereSomeResultsWouldBeLikelier) {
  // 2^32 mod 6 = 4: with all of the numbers 0 to 3 would come up once more often than 4 and 5.
  EXPECT_EQ(uniform(scripted({0, 1, 2, 3, 4}), 6), 4U);
  EXPECT_EQ(uniform(scripted({0}), 0x80000000), 0U) << "a power of two divides evenly";
}

TEST(Uniform, GivesEachResultAboutEquallyOften) {
  std::array<int, 5> counts{};
  for (int i = 0; i < 50'000; ++i) ++counts[uniform(system_random, 5)];

  for (const int count : counts) EXPECT_NEAR(count, 10'000, 600) << "more than six standard deviations off";
}

}  // namespace
}  // namespace turnd::crypto
