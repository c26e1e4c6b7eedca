// What a first byte announces.
#include "turnd/stun/classify.h"

#include <gtest/gtest.h>

namespace turnd::stun {
namespace {

PacketKind slow_reference(int byte) {
  if (byte <= 3) return PacketKind::stun;
  if (byte >= 20 && byte <= 63) return PacketKind::tls_or_dtls;
  if (byte >= 64 && byte <= 79) return PacketKind::channel_data;
  return PacketKind::other;
}

TEST(Classify, DividesAllFirstBytesAsTheDemultiplexersTable_Rfc7983_s7) {
  for (int byte = 0; byte < 256; ++byte)
    EXPECT_EQ(classify(static_cast<std::uint8_t>(byte)), slow_reference(byte)) << byte;
}

TEST(Classify, RecognisesWhatReallyArrives) {
  EXPECT_EQ(classify(0x00), PacketKind::stun);
  EXPECT_EQ(classify(0x01), PacketKind::stun);
  EXPECT_EQ(classify(0x16), PacketKind::tls_or_dtls) << "ClientHello";
  EXPECT_EQ(classify(0x40), PacketKind::channel_data);
  EXPECT_EQ(classify(0x50), PacketKind::other) << "a reserved channel, or the P of POST";
  EXPECT_EQ(classify(0x80), PacketKind::other) << "RTP";
}

}  // namespace
}  // namespace turnd::stun
