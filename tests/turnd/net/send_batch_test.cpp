// SendBatch: what goes in comes out, cut by the kernel or one by one, and one that cannot leave holds up no other.
#include "turnd/net/send_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/turnd/net/udp_socket.h"
#include "turnd/net/receive_batch.h"

namespace turnd::net {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

constexpr KernelFeatures kPlain{};
constexpr int kAmple = 4 * 1024 * 1024;

std::vector<std::string> all_of(UdpSocket& socket) {
  std::vector<std::string> all;
  while (auto datagram = socket.receive()) all.push_back(std::move(datagram->bytes));
  return all;
}

// Of each message that waits there.
std::vector<turn::HeaderFields> header_fields_at(const UdpSocket& socket) {
  ReceiveBatch& batch = ReceiveBatch::mine();
  std::vector<turn::HeaderFields> all(batch.receive(socket.descriptor()));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = batch.header_fields(i).value();
  return all;
}

constexpr turn::HeaderFields kOwn{64, 0};
constexpr turn::HeaderFields kExpedited{7, 46 << 2 | 1};
constexpr turn::HeaderFields kLastHop{1, 0};
constexpr turn::HeaderFields kCongested{255, 3};

// With and without the kernel's help the same bytes must leave.
class SendBatchTest : public testing::TestWithParam<KernelFeatures> {
 protected:
  void SetUp() override {
    if (GetParam().udp_gso && !probe_kernel_features().udp_gso) GTEST_SKIP() << "this kernel does not cut";
  }
  void add(const base::Endpoint& to, std::string_view payload) { batch.add(to, {.payload = base::as_bytes(payload)}); }
  void flush() { batch.flush(sender.descriptor(), failed); }

  const UdpSocket sender;
  UdpSocket receiver;
  SendBatch batch{GetParam()};
  NotSent failed;
};

TEST_P(SendBatchTest, GathersHeaderPayloadAndPaddingInOrder) {
  batch.add(receiver.local(), {.header = base::as_bytes("a"), .payload = base::as_bytes("bc"), .padding = 2});
  batch.add(receiver.local(), {.header = base::as_bytes("de"), .payload = base::as_bytes("fgh")});
  batch.add(receiver.local(), {.payload = base::as_bytes("last")});
  flush();

  EXPECT_EQ(failed.packets, 0u);
  EXPECT_THAT(all_of(receiver), ElementsAre(std::string("abc\0\0", 5), "defgh", "last"));
}

TEST_P(SendBatchTest, KeepsTheBoundsOfMixedSizes) {
  const std::vector<std::string> mixed{"four", "four", "two", "four", "longer", "longer", "", "longer", "x", "x"};
  for (const std::string& each : mixed) add(receiver.local(), each);
  flush();

  EXPECT_EQ(failed.packets, 0u);
  EXPECT_THAT(all_of(receiver), ElementsAreArray(mixed));
}

TEST_P(SendBatchTest, KeepsDestinationsApart) {
  UdpSocket other;
  for (int i = 0; i < 3; ++i) {
    add(receiver.local(), "to one");
    add(other.local(), "to two");
  }
  add(other.local(), "to two");
  flush();

  EXPECT_EQ(failed.packets, 0u);
  EXPECT_THAT(all_of(receiver), ElementsAre("to one", "to one", "to one"));
  EXPECT_THAT(all_of(other), ElementsAre("to two", "to two", "to two", "to two"));
}

TEST_P(SendBatchTest, LeavesFromTheAddressThatWasAsked) {
  const UdpSocket wildcard("0.0.0.0:0");
  const base::IpAddress second = base::IpAddress::v4({127, 0, 0, 2});
  const base::IpAddress third = base::IpAddress::v4({127, 0, 0, 3});
  for (const base::IpAddress& from : {second, second, third})
    batch.add(receiver.local(), {.payload = base::as_bytes("same")}, from);
  batch.flush(wildcard.descriptor(), failed);

  std::vector<base::IpAddress> sources;
  while (const auto datagram = receiver.receive()) sources.push_back(datagram->from.address);
  EXPECT_THAT(sources, ElementsAre(second, second, third));
}

TEST_P(SendBatchTest, TakesAsManyAsItHolds) {
  std::vector<std::string> sent;
  for (std::size_t i = 0; i < SendBatch::kDatagrams; ++i) {
    ASSERT_FALSE(batch.full());
    sent.push_back(std::string(1200, static_cast<char>('A' + i % 26)));
  }
  for (const std::string& each : sent) add(receiver.local(), each);
  EXPECT_TRUE(batch.full());
  flush();

  EXPECT_EQ(failed.packets, 0u);
  EXPECT_FALSE(batch.full());
  EXPECT_THAT(all_of(receiver), ElementsAreArray(sent));
}

TEST_P(SendBatchTest, SendsTheOthersWhenOneIsRefused) {
  const base::Endpoint broadcast{base::IpAddress::v4({127, 255, 255, 255}), 9};
  for (const base::Endpoint& to : {receiver.local(), broadcast, broadcast, receiver.local(), broadcast})
    add(to, "12345");
  flush();

  EXPECT_EQ(failed.why, turn::DropReason::send_failed);
  EXPECT_EQ(failed.packets, 3u);
  EXPECT_EQ(failed.bytes, 15u);
  EXPECT_THAT(all_of(receiver), ElementsAre("12345", "12345"));
}

TEST_P(SendBatchTest, TellsWhatIsTooBigAndSendsTheRest) {
  const std::string huge(65'508, 'h');
  for (const std::string_view payload : {std::string_view("small"), std::string_view(huge), std::string_view("small")})
    add(receiver.local(), payload);
  flush();

  EXPECT_EQ(failed.why, turn::DropReason::too_big);
  EXPECT_EQ(failed.packets, 1u);
  EXPECT_EQ(failed.bytes, huge.size());
  EXPECT_THAT(all_of(receiver), ElementsAre("small", "small"));
}

// The kernel refuses to cut what a socket without checksums sends, as it does for devices without checksum offload.
TEST_P(SendBatchTest, SendsOneByOneWhatIsNotCut) {
  const int one = 1;
  ASSERT_EQ(setsockopt(sender.descriptor(), SOL_SOCKET, SO_NO_CHECK, &one, sizeof one), 0);
  for (const char* each : {"one", "two", "3", "four", "five"}) add(receiver.local(), each);
  flush();

  EXPECT_EQ(failed.packets, 0u);
  EXPECT_THAT(all_of(receiver), ElementsAre("one", "two", "3", "four", "five"));
}

TEST_P(SendBatchTest, CountsEveryDatagramThatAFullSocketDoesNotTake) {
  const int smallest = 1;
  ASSERT_EQ(setsockopt(sender.descriptor(), SOL_SOCKET, SO_SNDBUF, &smallest, sizeof smallest), 0);
  ASSERT_EQ(setsockopt(receiver.descriptor(), SOL_SOCKET, SO_RCVBUF, &kAmple, sizeof kAmple), 0);
  const std::string payload(60'000, 'p');  // beyond the smallest buffer at once
  for (int i = 0; i < 3; ++i) add(receiver.local(), payload);
  flush();

  EXPECT_EQ(failed.packets + all_of(receiver).size(), 3u);
  EXPECT_EQ(failed.bytes, failed.packets * payload.size());
}

TEST_P(SendBatchTest, GivesEveryDatagramTheHeaderOfOneSentAlone) {
  ask_for_header_fields(receiver.descriptor(), base::Family::ipv4);
  for (int i = 0; i < 3; ++i) add(receiver.local(), "same");
  flush();

  EXPECT_THAT(header_fields_at(receiver), ElementsAre(kOwn, kOwn, kOwn));
}

TEST_P(SendBatchTest, SendsEachDatagramWithItsFieldsFromTheAddressThatWasAsked_Rfc8656_s14) {
  for (const char* loopback : {"127.0.0.1:0", "[::1]:0"}) {
    const UdpSocket from(loopback);
    const UdpSocket to(loopback);
    ask_for_header_fields(to.descriptor(), to.local().address.family());
    const auto add_with = [&](const std::optional<turn::HeaderFields>& fields) {
      batch.add(to.local(), {.payload = base::as_bytes("same"), .fields = fields}, from.local().address);
    };
    for (const turn::HeaderFields& fields : {kExpedited, kExpedited, kLastHop, kCongested}) add_with(fields);
    add_with(std::nullopt);
    batch.flush(from.descriptor(), failed);

    EXPECT_EQ(failed.packets, 0u);
    EXPECT_THAT(header_fields_at(to), ElementsAre(kExpedited, kExpedited, kLastHop, kCongested, kOwn)) << loopback;
  }
}

TEST_P(SendBatchTest, KeepsTheFieldsOfWhatIsNotCut) {
  const int one = 1;
  ASSERT_EQ(setsockopt(sender.descriptor(), SOL_SOCKET, SO_NO_CHECK, &one, sizeof one), 0);
  ask_for_header_fields(receiver.descriptor(), base::Family::ipv4);
  for (int i = 0; i < 2; ++i) batch.add(receiver.local(), {.payload = base::as_bytes("same"), .fields = kExpedited});
  flush();

  EXPECT_THAT(header_fields_at(receiver), ElementsAre(kExpedited, kExpedited));
}

INSTANTIATE_TEST_SUITE_P(Loopback, SendBatchTest,
                         testing::Values(kPlain, KernelFeatures{.udp_gso = true, .udp_gro = false, .epoll_pwait2 = {}}),
                         [](const auto& with) { return with.param.udp_gso ? "CutByTheKernel" : "OneByOne"; });

// A way out that does not cut is remembered for the networks behind it, and for no other. (Loopback refuses nothing.)
TEST(CutRefusals, HoldForANetworkAndForAWhile) {
  CutRefusals refusals;
  const auto rests = [&](std::string_view to) { return refusals.rests(*base::IpAddress::parse(to)); };
  EXPECT_FALSE(rests("192.0.2.1"));

  refusals.on_refused(*base::IpAddress::parse("192.0.2.1"));
  refusals.on_refused(*base::IpAddress::parse("2001:db8:1:2::1"));

  for (const char* behind : {"192.0.2.1", "192.0.2.200", "2001:db8:1:2:ffff::9"}) EXPECT_TRUE(rests(behind)) << behind;
  for (const char* other : {"192.0.3.1", "10.0.0.1", "2001:db8:1:3::1", "::1"}) EXPECT_FALSE(rests(other)) << other;

  for (std::uint64_t i = 0; i < CutRefusals::kRest; ++i) refusals.on_flush();
  for (const char* asked_again : {"192.0.2.1", "2001:db8:1:2::1"}) EXPECT_FALSE(rests(asked_again)) << asked_again;
}

TEST(CutRefusals, AreThoseOfAllWaysWhenNothingIsCutInBetween) {
  const auto network = [](unsigned i) { return base::IpAddress::v4({10, 0, static_cast<std::uint8_t>(i), 1}); };
  const base::IpAddress other = base::IpAddress::v4({198, 51, 100, 7});
  CutRefusals some;
  for (unsigned i = 0; i < 4 * CutRefusals::kAll; ++i) {
    some.on_refused(network(i));
    if (i % 4 == 0) some.on_cut();
  }
  EXPECT_FALSE(some.rests(other));

  CutRefusals all;
  for (unsigned i = 0; i < CutRefusals::kAll; ++i) all.on_refused(network(i));
  EXPECT_TRUE(all.rests(other));
  const auto wait = [&] {
    for (std::uint64_t i = 0; i < CutRefusals::kRest; ++i) all.on_flush();
  };
  wait();
  EXPECT_FALSE(all.rests(other));

  all.on_refused(network(0));
  EXPECT_TRUE(all.rests(other)) << "one refusal tells that it is still so";

  wait();
  all.on_cut();
  all.on_refused(network(0));
  EXPECT_FALSE(all.rests(other)) << "there is a way that cuts";
}

// One message for a run: what the receiver is given when it asks for merged ones.
TEST(SendBatch, MakesOneMessageOfARun) {
  const KernelFeatures kernel = probe_kernel_features();
  if (!kernel.udp_gso || !kernel.udp_gro) GTEST_SKIP() << "this kernel does not merge";
  const UdpSocket sender;
  const UdpSocket receiver;
  ask_for_merging(receiver.descriptor(), kernel);
  SendBatch batch(kernel);
  NotSent failed;

  for (const char* each : {"abc", "def", "g", "hij", "klm"})
    batch.add(receiver.local(), {.payload = base::as_bytes(each)});
  batch.flush(sender.descriptor(), failed);

  EXPECT_EQ(ReceiveBatch::mine().receive(receiver.descriptor()), 2u);
}

TEST(SendBatch, JoinsOnlyDatagramsWithTheSameFields) {
  const KernelFeatures kernel = probe_kernel_features();
  if (!kernel.udp_gso || !kernel.udp_gro) GTEST_SKIP() << "this kernel does not merge";
  const UdpSocket sender;
  const UdpSocket receiver;
  ask_for_merging(receiver.descriptor(), kernel);
  ask_for_header_fields(receiver.descriptor(), base::Family::ipv4);
  SendBatch batch(kernel);
  NotSent failed;

  for (const turn::HeaderFields& fields : {kExpedited, kExpedited, kCongested, kCongested, kCongested, kExpedited})
    batch.add(receiver.local(), {.payload = base::as_bytes("same"), .fields = fields});
  batch.flush(sender.descriptor(), failed);

  EXPECT_THAT(header_fields_at(receiver), ElementsAre(kExpedited, kCongested, kExpedited));
}

}  // namespace
}  // namespace turnd::net
