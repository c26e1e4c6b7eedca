// The parts that allocations are kept in: index, tables, queue, ticks.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "turnd/turn/allocation_table.h"
#include "turnd/turn/cached_decision.h"
#include "turnd/turn/channel_table.h"
#include "turnd/turn/expiry_queue.h"
#include "turnd/turn/permission_table.h"
#include "turnd/turn/tag_index.h"
#include "turnd/turn/tick.h"
#include "turnd/turn/traffic_meter.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }

 private:
  std::mt19937 engine_;
};

base::TimePoint at(base::Duration since) { return base::TimePoint(since); }

TEST(TagIndex, AgreesWithAMapThroughInsertionsAndErasures) {
  Dice dice(7);
  TagIndex index;
  std::map<std::uint32_t, std::uint32_t> reference;  // slot to tag
  for (int step = 0; step < 20'000; ++step) {
    const std::uint32_t slot = dice.below(300);
    if (const auto known = reference.find(slot); known != reference.end()) {
      EXPECT_TRUE(index.erase(known->second, slot));
      reference.erase(known);
    } else {
      const std::uint32_t tag = dice.below(40);  // many collide
      index.insert(tag, slot);
      reference[slot] = tag;
    }
    ASSERT_EQ(index.size(), reference.size());
    if (step % 100 != 0) continue;
    for (const auto& [each, tag] : reference)
      ASSERT_EQ(index.find(tag, [slot = each](std::uint32_t found) { return found == slot; }), each);
    ASSERT_EQ(index.find(41, [](std::uint32_t) { return true; }), TagIndex::kNone);
  }
}

TEST(TagIndex, EraseOfWhatIsNotThereChangesNothing) {
  TagIndex index;
  EXPECT_FALSE(index.erase(1, 1));
  index.insert(1, 1);
  EXPECT_FALSE(index.erase(1, 2));
  EXPECT_FALSE(index.erase(2, 1));
  EXPECT_EQ(index.guess(1), 1u);
}

TEST(ExpiryQueue, GivesTheEarliestFirst) {
  ExpiryQueue queue;
  Dice dice(3);
  std::map<std::uint32_t, base::TimePoint> reference;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint32_t slot = dice.below(200);
    const base::TimePoint when = at(std::chrono::seconds(dice.below(1000)));
    switch (dice.below(4)) {
      case 0:
        queue.disarm(slot);
        reference.erase(slot);
        break;
      case 1:
        queue.arm_earlier(slot, when);
        if (!reference.contains(slot) || when < reference[slot]) reference[slot] = when;
        break;
      default:
        queue.arm(slot, when);
        reference[slot] = when;
    }
    ASSERT_EQ(queue.size(), reference.size());
    const auto earliest = std::ranges::min_element(reference, {}, [](const auto& each) { return each.second; });
    ASSERT_EQ(queue.next().has_value(), earliest != reference.end());
    if (earliest != reference.end()) {
      ASSERT_EQ(*queue.next(), earliest->second);
    }
    ASSERT_EQ(queue.deadline(slot).has_value(), reference.contains(slot));
  }
  std::optional<base::TimePoint> last;
  while (const auto next = queue.next()) {
    EXPECT_TRUE(!last || *last <= *next);
    last = next;
    EXPECT_FALSE(queue.pop_due(*next - 1ns));
    const auto slot = queue.pop_due(*next);
    ASSERT_TRUE(slot);
    EXPECT_EQ(reference[*slot], *next);
  }
}

TEST(Tick, EndsExactlyOnWholeSeconds) {
  const Tick end = Tick::end_at(at(600s));
  EXPECT_FALSE(end.is_over(Tick::at(at(600s) - 1ns)));
  EXPECT_TRUE(end.is_over(Tick::at(at(600s))));
  EXPECT_EQ(end.near(at(1s)), at(600s));
}

TEST(Tick, NeverEndsEarlyAndLateByLessThanASixtyFourth) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1000; ++i) {
    const base::TimePoint end = at(std::chrono::nanoseconds(random() % 1'000'000'000'000'000ULL));
    EXPECT_FALSE(Tick::end_at(end).is_over(Tick::at(end - 1ns)));
    EXPECT_TRUE(Tick::end_at(end).is_over(Tick::at(end + 15'625us)));
  }
}

TEST(Tick, SurvivesItsWrapAround) {
  const base::TimePoint wrap(std::chrono::seconds((1LL << 32) / 64));
  const Tick end = Tick::end_at(wrap + 5s);
  EXPECT_FALSE(end.is_over(Tick::at(wrap - 10s)));
  EXPECT_FALSE(end.is_over(Tick::at(wrap + 4s)));
  EXPECT_TRUE(end.is_over(Tick::at(wrap + 5s)));
  EXPECT_EQ(end.near(wrap - 10s), wrap + 5s);
  EXPECT_EQ(Tick::at(wrap - 10s).plus(15s), end);
}

TEST(CachedDecision, IsAskedAgainByEachGenerationAndWhenItDependsOnRelays) {
  PolicyDecision yes;
  yes.allowed = true;
  PolicyDecision hairpin = yes;
  hairpin.depends_on_relays = true;

  EXPECT_FALSE(CachedDecision().is_current(0));
  EXPECT_TRUE(CachedDecision(yes, 7) == CachedDecision::plain_yes(7));
  EXPECT_FALSE(CachedDecision(yes, 7) == CachedDecision::plain_yes(8));
  EXPECT_FALSE(CachedDecision(yes, 7).is_current(8));
  EXPECT_FALSE(CachedDecision(PolicyDecision{}, 7) == CachedDecision::plain_yes(7));
  EXPECT_TRUE(CachedDecision(PolicyDecision{}, 7).is_current(7));
  EXPECT_FALSE(CachedDecision(PolicyDecision{}, 7).allowed());
  EXPECT_FALSE(CachedDecision(hairpin, 7) == CachedDecision::plain_yes(7));
  EXPECT_FALSE(CachedDecision(hairpin, 7).is_current(7));
  EXPECT_TRUE(CachedDecision(hairpin, 7).allowed());
}

base::Endpoint peer_number(std::uint16_t number) {
  return {base::IpAddress::v4({9, 9, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number & 255)}),
          7000};
}

TEST(ChannelTable, FindsByNumberAndByPeer) {
  ChannelTable table;
  for (std::uint16_t i = 0; i < 4096; ++i)
    table.add({peer_number(i), {static_cast<std::uint16_t>(0x4000 + i)}, false, {}, {}});
  ASSERT_TRUE(table.is_consistent());
  table.remove_if([](const Channel& channel) { return channel.number.value % 3 == 0; });
  ASSERT_TRUE(table.is_consistent());

  for (std::uint16_t i = 0; i < 4096; ++i) {
    const stun::ChannelNumberValue number{static_cast<std::uint16_t>(0x4000 + i)};
    const Channel* by_number = table.find(number);
    EXPECT_EQ(by_number != nullptr, number.value % 3 != 0);
    EXPECT_EQ(by_number, table.find(peer_number(i)));
  }
}

TEST(PermissionTable, FindsByAddress) {
  PermissionTable table;
  for (std::uint16_t i = 0; i < 2000; ++i) table.add({peer_number(i).address, true, 0, {}, {}});
  table.remove_if([](const Permission& each) { return each.address.octets()[3] % 2 == 0; });
  ASSERT_TRUE(table.is_consistent());
  for (std::uint16_t i = 0; i < 2000; ++i) EXPECT_EQ(table.find(peer_number(i).address) != nullptr, i % 2 == 1);
}

FiveTuple tuple_number(std::uint16_t number) {
  return {{base::IpAddress::v4({10, 0, 0, 1}), number}, {base::IpAddress::v4({192, 0, 2, 1}), 3478}, {}};
}

std::unique_ptr<AllocationDetails> some_details() {
  auto details = std::make_unique<AllocationDetails>(auth::Candidate{}, QuotaUnit(nullptr, nullptr), nullptr);
  details->waiting.emplace();
  return details;
}

TEST(AllocationTable, NeverUsesARelayIdAgain) {
  AllocationTable table(42);
  std::set<RelayId> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t slot = table.add(tuple_number(1), some_details());
    const RelayId relay = table.relay_id(slot, base::Family::ipv6);
    EXPECT_TRUE(seen.insert(relay).second);
    EXPECT_EQ(table.find(relay), slot);
    EXPECT_EQ(AllocationTable::family_of(relay), base::Family::ipv6);
    table.remove(slot);
    EXPECT_EQ(table.find(relay), AllocationTable::kNone);
  }
  EXPECT_EQ(table.find(RelayId{0xFFFFFFFFFFFFFFFF}), AllocationTable::kNone);
}

TEST(AllocationTable, FindsEachOfManyAndKeepsThemWhereTheyAre) {
  AllocationTable table(42);
  std::map<std::uint16_t, const Allocation*> places;
  for (std::uint16_t i = 0; i < 5000; ++i) places[i] = &table.at(table.add(tuple_number(i), some_details()));
  for (std::uint16_t i = 0; i < 5000; i = static_cast<std::uint16_t>(i + 2)) table.remove(table.find(tuple_number(i)));

  EXPECT_TRUE(table.is_consistent());
  EXPECT_EQ(table.size(), 2500u);
  for (std::uint16_t i = 0; i < 5000; ++i) {
    const std::uint32_t slot = table.find(tuple_number(i));
    ASSERT_EQ(slot != AllocationTable::kNone, i % 2 == 1);
    if (slot != AllocationTable::kNone) {
      EXPECT_EQ(&table.at(slot), places[i]);
    }
  }
}

TEST(FiveTuple, EveryPartOfItCounts) {
  const FiveTuple one = tuple_number(1);
  std::vector<FiveTuple> all(7, one);
  all[1].client.port = 2;
  all[2].server.port = 2;
  all[3].transport = base::Transport::tls;
  all[4].server.address = base::IpAddress::v4({192, 0, 2, 2});
  all[5].client.address = base::IpAddress::v6({0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  all[6].client.address = base::IpAddress::v6({});
  std::set<std::uint64_t> hashes;
  for (const FiveTuple& each : all) {
    const FiveTupleWords words(each);
    EXPECT_EQ(words.tuple(), each);
    EXPECT_EQ(words.transport(), each.transport);
    EXPECT_EQ(words == FiveTupleWords(one), each == one);
    hashes.insert(words.hash(9));
  }

  EXPECT_EQ(hashes.size(), all.size());
  EXPECT_NE(FiveTupleWords(one).hash(9), FiveTupleWords(one).hash(10));
}

TEST(TrafficMeter, TellsRatesOfTheLastSeconds_D11) {
  TrafficMeter meter;
  Volumes volumes{};
  meter.roll(volumes, at(100s));
  for (int second = 0; second < 3; ++second) {
    volumes[0].packets += 50;
    volumes[0].bytes += 5000;
    if (second < 2) meter.roll(volumes, at(101s + std::chrono::seconds(second)));
  }
  EXPECT_DOUBLE_EQ(meter.rate(Direction::to_peer, volumes, at(102500ms)).packets_per_second, 50);
  EXPECT_DOUBLE_EQ(meter.rate(Direction::to_peer, volumes, at(103s)).bytes_per_second, 5000);
  EXPECT_DOUBLE_EQ(meter.rate(Direction::to_client, volumes, at(103s)).packets_per_second, 0);
  EXPECT_DOUBLE_EQ(meter.rate(Direction::to_peer, volumes, at(107s)).packets_per_second, 0);
}

// Each of two channels relays 50 packets a second, and is read at a moment of its own.
TEST(TrafficMeter, CountsWhatItHearsLateIntoTheTimeInWhichItWasRelayed_D11) {
  TrafficMeter meter;
  Volumes volumes{};
  const auto read = [&](std::uint64_t packets, base::TimePoint since, base::TimePoint now) {
    const Offloaded late{{{{packets, 0}, {0, 0}}}, since};
    meter.add(late, volumes, now);
    volumes[0] += late.volumes[0];
  };
  read(200, at(100s), at(104s));
  read(200, at(100010ms), at(104010ms));
  EXPECT_NEAR(meter.rate(Direction::to_peer, volumes, at(104020ms)).packets_per_second, 100, 2);
  for (auto second = 105s; second < 110s; ++second) {
    read(50, at(second - 1s), at(second));
    read(50, at(second - 990ms), at(second + 10ms));
    EXPECT_NEAR(meter.rate(Direction::to_peer, volumes, at(second + 20ms)).packets_per_second, 100, 2);
  }
  read(25, at(109s), at(109500ms));  // somebody asks
  read(25, at(109010ms), at(109500ms));
  EXPECT_NEAR(meter.rate(Direction::to_peer, volumes, at(109500ms)).packets_per_second, 100, 2);
  read(25, at(109500ms), at(110s));
  read(25, at(109500ms), at(110s));
  EXPECT_NEAR(meter.rate(Direction::to_peer, volumes, at(110s)).packets_per_second, 100, 2);
  EXPECT_DOUBLE_EQ(meter.rate(Direction::to_peer, volumes, at(116s)).packets_per_second, 0);
}

TEST(TrafficMeter, TakesNoBurstForARate_D11) {
  TrafficMeter meter;
  meter.add({{{{2, 0}, {0, 0}}}, at(100s)}, {}, at(100001ms));
  EXPECT_DOUBLE_EQ(meter.rate(Direction::to_peer, {{{2, 0}, {0, 0}}}, at(100001ms)).packets_per_second, 2);
}

}  // namespace
}  // namespace turnd::turn
