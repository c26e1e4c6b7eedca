// Batches of datagrams: whole ones in, and one that cannot leave does not hold up the others.
#include "turnd/net/udp_batch.h"

#include <gtest/gtest.h>

#include "tests/turnd/net/udp_socket.h"

namespace turnd::net {
namespace {

TEST(ReceiveBatch, TakesADatagramOfTheLargestSizeWhole) {
  UdpSocket sender;
  UdpSocket receiver;
  const base::Bytes largest(65'507, 0x5A);
  sender.send(receiver.local(), largest);

  ReceiveBatch& batch = ReceiveBatch::mine();
  const std::size_t count = batch.receive(receiver.descriptor());

  ASSERT_EQ(count, 1u);
  EXPECT_EQ(base::to_owned(batch.datagram(0)), largest);
  EXPECT_EQ(batch.from(0), sender.local());
}

TEST(ReceiveBatch, TakesAtMostABatchAndThenTheRest) {
  UdpSocket sender;
  UdpSocket receiver;
  for (std::size_t i = 0; i < kBatch + 3; ++i) sender.send(receiver.local(), std::to_string(i));

  ReceiveBatch& batch = ReceiveBatch::mine();

  EXPECT_EQ(batch.receive(receiver.descriptor()), kBatch);
  EXPECT_EQ(batch.receive(receiver.descriptor()), 3u);
  EXPECT_EQ(base::as_text(batch.datagram(2)), std::to_string(kBatch + 2));
  EXPECT_EQ(batch.receive(receiver.descriptor()), 0u);
}

TEST(ReceiveBatch, KnowsTheAddressThatWasAskedOnlyWhereTheSocketTells) {
  UdpSocket sender;
  UdpSocket receiver;
  sender.send(receiver.local(), "datagram");

  ReceiveBatch& batch = ReceiveBatch::mine();
  ASSERT_EQ(batch.receive(receiver.descriptor()), 1u);

  EXPECT_EQ(batch.sent_to(0), std::nullopt);
}

TEST(SendBatch, SendsInOrder) {
  const UdpSocket sender;
  UdpSocket receiver;
  SendBatch& batch = SendBatch::mine();
  NotSent failed;

  batch.add(receiver.local(), {.header = base::as_bytes("a"), .payload = base::as_bytes("bc"), .padding = 2});
  batch.add(receiver.local(), {.payload = base::as_bytes("second")});
  batch.flush(sender.descriptor(), failed);

  EXPECT_EQ(failed.packets, 0u);
  EXPECT_EQ(receiver.receive().value().bytes, std::string("abc\0\0", 5));
  EXPECT_EQ(receiver.receive().value().bytes, "second");
}

TEST(SendBatch, SendsTheOthersWhenOneIsRefused) {
  const UdpSocket sender;
  UdpSocket receiver;
  const base::Endpoint broadcast{base::IpAddress::v4({127, 255, 255, 255}), 9};
  SendBatch& batch = SendBatch::mine();
  NotSent failed;

  for (const base::Endpoint& to : {receiver.local(), broadcast, receiver.local(), broadcast})
    batch.add(to, {.payload = base::as_bytes("12345")});
  batch.flush(sender.descriptor(), failed);

  EXPECT_EQ(failed.why, turn::DropReason::send_failed);
  EXPECT_EQ(failed.packets, 2u);
  EXPECT_EQ(failed.bytes, 10u);
  EXPECT_TRUE(receiver.receive());
  EXPECT_TRUE(receiver.receive());
}

}  // namespace
}  // namespace turnd::net
