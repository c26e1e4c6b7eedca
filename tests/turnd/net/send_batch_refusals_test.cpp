// What SendBatch makes of a kernel that refuses: this test answers its calls.
#include <gtest/gtest.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <span>

#include "turnd/net/send_batch.h"

namespace {

enum class Kernel : std::uint8_t { cuts_nothing, is_full };

struct Answered {
  Kernel as = Kernel::cuts_nothing;
  std::size_t asked_to_cut = 0;
};
thread_local std::optional<Answered> answered;  // nothing: the real kernel answers

bool is_to_be_cut(mmsghdr& message) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&message.msg_hdr); each != nullptr; each = CMSG_NXTHDR(&message.msg_hdr, each))
    if (each->cmsg_level == IPPROTO_UDP && each->cmsg_type == UDP_SEGMENT) return true;
  return false;
}

int refuse(int error) {
  errno = error;
  return -1;
}

}  // namespace

// In the place of the C library's, for the whole program.
extern "C" int sendmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags) {
  if (!answered) return static_cast<int>(syscall(SYS_sendmmsg, descriptor, messages, count, flags));
  if (answered->as == Kernel::is_full) return refuse(EAGAIN);
  const std::span all(messages, count);
  const auto taken = std::ranges::find_if(all, is_to_be_cut) - all.begin();
  if (static_cast<std::size_t>(taken) < all.size()) ++answered->asked_to_cut;
  return taken == 0 ? refuse(EIO) : static_cast<int>(taken);
}

namespace turnd::net {
namespace {

class SendBatchRefusals : public testing::Test {
 protected:
  SendBatchRefusals() { answered.emplace(); }
  ~SendBatchRefusals() override { answered.reset(); }

  void add_run(unsigned network) {
    const base::Endpoint to{base::IpAddress::v4({10, 0, static_cast<std::uint8_t>(network), 1}), 9};
    for (int i = 0; i < 2; ++i) batch.add(to, {.payload = base::as_bytes("same")});
  }
  void flush() {
    answered->asked_to_cut = 0;
    batch.flush(-1, failed);
  }
  // A run to that network; whether the kernel was asked to cut it.
  bool asks(unsigned network) {
    add_run(network);
    flush();
    return answered->asked_to_cut != 0;
  }

  SendBatch batch{KernelFeatures{.udp_gso = true, .udp_gro = false, .epoll_pwait2 = {}}};
  NotSent failed;
};

TEST_F(SendBatchRefusals, EndWithAllAtRestAlsoWhenTheSocketWasFullInBetween) {
  for (unsigned i = 1; i < CutRefusals::kAll; ++i) EXPECT_TRUE(asks(i));
  answered->as = Kernel::is_full;  // nothing leaves, so nothing was cut
  for (const unsigned network : {100u, 101u}) add_run(network);
  flush();
  EXPECT_EQ(failed.packets, 4u);
  answered->as = Kernel::cuts_nothing;
  EXPECT_TRUE(asks(CutRefusals::kAll));

  EXPECT_FALSE(asks(200));
  EXPECT_EQ(failed.packets, 4u) << "all others went one by one";
}

TEST_F(SendBatchRefusals, AreOneForEachRestOnceAllRest) {
  for (unsigned i = 1; i <= CutRefusals::kAll; ++i) EXPECT_TRUE(asks(i));
  std::size_t refused = 0;
  for (unsigned i = 0; i < 2 * CutRefusals::kRest; ++i) refused += asks(i % 100) ? 1 : 0;
  EXPECT_LE(refused, 2u);
  EXPECT_GT(refused, 0u);
}

}  // namespace
}  // namespace turnd::net
