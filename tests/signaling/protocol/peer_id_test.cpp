#include "signaling/protocol/peer_id.h"

#include <gtest/gtest.h>

namespace signaling::protocol {
namespace {

TEST(PeerIdTest, BeginsWithWhatWasDrawnForIt) {
  EXPECT_EQ(peer_seed("0123456789abcdefABCDwxyz0189-_-_"), "0123456789abcdef");
}

TEST(PeerIdTest, HasNoOtherForm) {
  for (const char* other :
       {"", "0123456789abcdef", "0123456789abcdefABCDwxyz0189-_-", "0123456789abcdefABCDwxyz0189-_-_0",
        "0123456789ABCDEFABCDwxyz0189-_-_", "0123456789abcde ABCDwxyz0189-_-_", "jBnYQS-QQ0b_aXXnAAAB"})
    EXPECT_EQ(peer_seed(other), "") << other;
}

}  // namespace
}  // namespace signaling::protocol
