#include "turnd/offload/filter_handle.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <random>
#include <string>

namespace turnd::offload {
namespace {

// The handles from here to twice as many.
constexpr unsigned kBeyond = 1U << 30U;

}  // namespace

std::optional<FilterHandle> FilterHandle::claim(unsigned number) {
  posix::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // Abstract (unix(7)): no file, and each network namespace has its own, as it has its own interfaces.
  const std::string name = std::string(1, '\0') + "turnd/tc/" + std::to_string(number);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) return std::nullopt;
  return FilterHandle(number, std::move(socket));
}

std::optional<FilterHandle> FilterHandle::claim_any() {
  for (unsigned number = 1; number <= kMost; ++number)
    if (auto handle = claim(number)) return handle;
  return claim(kBeyond | (std::random_device{}() & (kBeyond - 1)));  // nobody holds a billion
}

}  // namespace turnd::offload
