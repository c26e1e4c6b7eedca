#include "turnctl/poll_wait.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

namespace turnctl {
namespace {

// A server that takes nothing for so long takes nothing any more.
constexpr auto kSendPatience = std::chrono::seconds(1);

// Bytes that the other end has not taken.
int outstanding(int descriptor) {
  int bytes = 0;
  return ioctl(descriptor, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

}  // namespace

bool wait_for(int descriptor, short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd ready{descriptor, events, 0};
    const int count = poll(&ready, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (count > 0) return true;
    if (count < 0 && errno != EINTR) return false;
  }
}

bool wait_for_room(int descriptor) {
  for (int before = outstanding(descriptor);;) {
    if (wait_for(descriptor, POLLOUT, std::chrono::steady_clock::now() + kSendPatience)) return true;
    const int left = outstanding(descriptor);
    if (left >= before) return false;
    before = left;
  }
}

}  // namespace turnctl
