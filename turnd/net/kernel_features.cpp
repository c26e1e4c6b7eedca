#include "turnd/net/kernel_features.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

#include "turnd/posix/file_descriptor.h"

namespace turnd::net {
namespace {

bool knows_option(int option) {
  const posix::FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int one = 1;
  return socket && setsockopt(socket.get(), IPPROTO_UDP, option, &one, sizeof one) == 0;
}

// A filter of system calls may not know it either.
bool knows_epoll_pwait2() {
  const posix::FileDescriptor epoll(epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  const timespec at_once{};
  return epoll && epoll_pwait2(epoll.get(), &event, 1, &at_once, nullptr) == 0;
}

constexpr std::array<std::pair<std::string_view, bool KernelFeatures::*>, 3> kNames{
    {{"gso", &KernelFeatures::udp_gso},
     {"gro", &KernelFeatures::udp_gro},
     {"epoll_pwait2", &KernelFeatures::epoll_pwait2}}};

}  // namespace

KernelFeatures probe_kernel_features() {
  return {.udp_gso = knows_option(UDP_SEGMENT), .udp_gro = knows_option(UDP_GRO), .epoll_pwait2 = knows_epoll_pwait2()};
}

std::vector<std::string_view> switch_off(std::string_view names, KernelFeatures& features) {
  std::vector<std::string_view> unknown;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    const auto found = std::ranges::find(kNames, name, &decltype(kNames)::value_type::first);
    if (found != kNames.end())
      features.*found->second = false;
    else if (!name.empty())
      unknown.push_back(name);
  }
  return unknown;
}

}  // namespace turnd::net
