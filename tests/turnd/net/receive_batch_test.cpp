// ReceiveBatch: whole datagrams, in order, merged by the kernel or not.
#include "turnd/net/receive_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/turnd/net/udp_socket.h"
#include "turnd/net/send_batch.h"

namespace turnd::net {
namespace {

using testing::ElementsAre;

std::vector<std::string> datagrams_of(const ReceiveBatch& batch, std::size_t message) {
  std::vector<std::string> all;
  batch.for_each_datagram(message, [&](base::ByteView each) { all.emplace_back(base::as_text(each)); });
  return all;
}

// As one message, where the kernel can.
void send_together(const UdpSocket& from, const base::Endpoint& to, const std::vector<std::string>& datagrams) {
  SendBatch sends(probe_kernel_features());
  for (const std::string& each : datagrams) sends.add(to, {.payload = base::as_bytes(each)});
  NotSent failed;
  sends.flush(from.descriptor(), failed);
  ASSERT_EQ(failed.packets, 0u);
}

TEST(ReceiveBatch, TakesADatagramOfTheLargestSizeWhole) {
  UdpSocket sender;
  UdpSocket receiver;
  const base::Bytes largest(65'507, 0x5A);
  sender.send(receiver.local(), largest);

  ReceiveBatch& batch = ReceiveBatch::mine();
  const std::size_t count = batch.receive(receiver.descriptor());

  ASSERT_EQ(count, 1u);
  EXPECT_THAT(datagrams_of(batch, 0), ElementsAre(std::string(base::as_text(largest))));
  EXPECT_EQ(batch.from(0), sender.local());
}

TEST(ReceiveBatch, TakesAtMostABatchAndThenTheRest) {
  UdpSocket sender;
  UdpSocket receiver;
  for (std::size_t i = 0; i < ReceiveBatch::kMessages + 3; ++i) sender.send(receiver.local(), std::to_string(i));

  ReceiveBatch& batch = ReceiveBatch::mine();

  EXPECT_EQ(batch.receive(receiver.descriptor()), ReceiveBatch::kMessages);
  EXPECT_EQ(batch.receive(receiver.descriptor()), 3u);
  EXPECT_THAT(datagrams_of(batch, 2), ElementsAre(std::to_string(ReceiveBatch::kMessages + 2)));
  EXPECT_EQ(batch.receive(receiver.descriptor()), 0u);
}

TEST(ReceiveBatch, KnowsTheAddressThatWasAskedAndHeaderFieldsOnlyWhereTheSocketTells) {
  UdpSocket sender;
  UdpSocket receiver;
  sender.send(receiver.local(), "datagram");

  ReceiveBatch& batch = ReceiveBatch::mine();
  ASSERT_EQ(batch.receive(receiver.descriptor()), 1u);

  EXPECT_EQ(batch.sent_to(0), std::nullopt);
  EXPECT_EQ(batch.header_fields(0), std::nullopt);
}

TEST(ReceiveBatch, HandsOverAnEmptyDatagram) {
  UdpSocket sender;
  UdpSocket receiver;
  sender.send(receiver.local(), "");

  ReceiveBatch& batch = ReceiveBatch::mine();
  ASSERT_EQ(batch.receive(receiver.descriptor()), 1u);

  EXPECT_THAT(datagrams_of(batch, 0), ElementsAre(""));
}

class MergedDatagrams : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const KernelFeatures kernel = probe_kernel_features();
    if (!kernel.udp_gso || !kernel.udp_gro) GTEST_SKIP() << "this kernel does not merge";
    ask_for_merging(receiver.descriptor(), kernel);
  }

  UdpSocket sender{GetParam()};
  UdpSocket receiver{GetParam()};
  ReceiveBatch& batch = ReceiveBatch::mine();
};

TEST_P(MergedDatagrams, AreToldApart) {
  send_together(sender, receiver.local(), {"one", "two", "6"});

  ASSERT_EQ(batch.receive(receiver.descriptor()), 1u);

  EXPECT_THAT(datagrams_of(batch, 0), ElementsAre("one", "two", "6"));
  EXPECT_EQ(batch.from(0), sender.local());
}

TEST_P(MergedDatagrams, OfOneSizeAreToldApartToTheLastByte) {
  send_together(sender, receiver.local(), {"one", "two", "six"});

  ASSERT_EQ(batch.receive(receiver.descriptor()), 1u);

  EXPECT_THAT(datagrams_of(batch, 0), ElementsAre("one", "two", "six"));
}

TEST_P(MergedDatagrams, KnowTheAddressThatWasAskedAndTheirHeaderFields) {
  const int one = 1;
  const bool is_v4 = receiver.local().address.is_v4();
  setsockopt(receiver.descriptor(), is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_PKTINFO : IPV6_RECVPKTINFO, &one,
             sizeof one);
  ask_for_header_fields(receiver.descriptor(), receiver.local().address.family());
  constexpr turn::HeaderFields kFields{7, 46 << 2 | 1};
  sender.mark(kFields);
  send_together(sender, receiver.local(), {"one", "two"});

  ASSERT_EQ(batch.receive(receiver.descriptor()), 1u);

  EXPECT_EQ(batch.sent_to(0), receiver.local().address);
  EXPECT_EQ(batch.header_fields(0), kFields);
  EXPECT_THAT(datagrams_of(batch, 0), ElementsAre("one", "two"));
}

TEST_P(MergedDatagrams, EachHaveTheirOwnHeaderFields) {
  ask_for_header_fields(receiver.descriptor(), receiver.local().address.family());
  for (const turn::HeaderFields& fields : {turn::HeaderFields{1, 255}, {255, 0}}) {
    sender.mark(fields);
    send_together(sender, receiver.local(), {"one", "two"});
  }

  ASSERT_EQ(batch.receive(receiver.descriptor()), 2u);

  EXPECT_EQ(batch.header_fields(0), (turn::HeaderFields{1, 255}));
  EXPECT_EQ(batch.header_fields(1), (turn::HeaderFields{255, 0}));
}

TEST_P(MergedDatagrams, LeaveNothingBehindForTheNextMessage) {
  send_together(sender, receiver.local(), {"one", "two"});
  ASSERT_EQ(batch.receive(receiver.descriptor()), 1u);
  sender.send(receiver.local(), "a longer one");

  ASSERT_EQ(batch.receive(receiver.descriptor()), 1u);

  EXPECT_THAT(datagrams_of(batch, 0), ElementsAre("a longer one"));
}

INSTANTIATE_TEST_SUITE_P(Loopback, MergedDatagrams, testing::Values("127.0.0.1:0", "[::1]:0"));

TEST(ReceiveBatch, IsNotMergedWithoutTheFeature) {
  UdpSocket sender;
  UdpSocket receiver;
  ask_for_merging(receiver.descriptor(), {});
  send_together(sender, receiver.local(), {"one", "two"});

  ReceiveBatch& batch = ReceiveBatch::mine();

  ASSERT_EQ(batch.receive(receiver.descriptor()), 2u);
  EXPECT_THAT(datagrams_of(batch, 1), ElementsAre("two"));
}

}  // namespace
}  // namespace turnd::net
