#include "turnd/offload/hook.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>

#include <cerrno>
#include <vector>

#include "turnd/offload/netlink_socket.h"

namespace turnd::offload {
namespace {

// Where the filters of all turnds stand among those of others.
constexpr unsigned kPriority = 3478;

// The program of the filter there; 0: there is none.
__u32 program_at(int interface, unsigned handle) {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface, .attach_point = BPF_TC_INGRESS);
  LIBBPF_OPTS(bpf_tc_opts, options, .handle = handle, .priority = kPriority);
  return bpf_tc_query(&hook, &options) == 0 ? options.prog_id : 0;
}

// Their handles.
std::vector<unsigned> filters_at(int interface) {
  std::vector<unsigned> handles;
  auto socket = NetlinkSocket::open(NETLINK_ROUTE);
  if (!socket) return handles;
  tcmsg which{};
  which.tcm_ifindex = interface;
  which.tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS);
  which.tcm_info = TC_H_MAKE(kPriority << 16U, 0U);
  NetlinkQuestion question(RTM_GETTFILTER, which);
  socket->list(question, [&](const nlmsghdr& answer) {
    const auto* filter = static_cast<const tcmsg*>(NLMSG_DATA(&answer));
    // The head of the list, which has no handle, comes along.
    if (filter->tcm_handle != 0 && TC_H_MAJ(filter->tcm_info) == kPriority << 16U)
      handles.push_back(filter->tcm_handle);
  });
  return handles;
}

void detach(int interface, unsigned handle) {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface, .attach_point = BPF_TC_INGRESS);
  LIBBPF_OPTS(bpf_tc_opts, options, .handle = handle, .priority = kPriority);
  (void)bpf_tc_detach(&hook, &options);
}

bool has_interface(int link) {
  bpf_link_info info{};
  __u32 size = sizeof info;
  return bpf_obj_get_info_by_fd(link, &info, &size) == 0 && info.xdp.ifindex != 0;
}

}  // namespace

base::Result<Hook, int> Hook::attach_filter(int program, int interface, const FilterHandle& at) {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface, .attach_point = BPF_TC_INGRESS);
  const int made = bpf_tc_hook_create(&hook);
  if (made != 0 && made != -EEXIST) return -made;
  remove_filters_of_the_dead(interface);
  // What stands there was left by one that is dead as well, or the handle would not be ours.
  LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program, .flags = BPF_TC_F_REPLACE, .handle = at.number(),
              .priority = kPriority);
  if (const int error = bpf_tc_attach(&hook, &options)) return -error;
  return Hook({.interface = interface, .handle = at.number(), .program = options.prog_id}, {});
}

base::Result<Hook, int> Hook::attach_link(Way way, int program, int interface) {
  LIBBPF_OPTS(bpf_link_create_opts, options, .flags = way == Way::xdp_native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE);
  const int link = bpf_link_create(program, interface, BPF_XDP, &options);
  if (link < 0) return -link;
  return Hook({}, posix::FileDescriptor(link));
}

void Hook::remove_filters_of_the_dead(int interface) {
  for (const unsigned each : filters_at(interface))
    if (const auto handle = FilterHandle::claim(each)) detach(interface, each);
}

bool Hook::holds() const {
  if (filter_.interface == 0) return has_interface(link_.get());
  return program_at(filter_.interface, filter_.handle) == filter_.program;
}

Hook::~Hook() {
  if (filter_.interface != 0 && holds()) detach(filter_.interface, filter_.handle);
}

}  // namespace turnd::offload
