#include "turnd/offload/hook.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include <cerrno>

namespace turnd::offload {
namespace {

// Where the filter stands among those of others.
constexpr unsigned kPriority = 3478;
constexpr unsigned kHandle = 1;

int attach_filter(int program, int interface) {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface, .attach_point = BPF_TC_INGRESS);
  const int made = bpf_tc_hook_create(&hook);
  if (made != 0 && made != -EEXIST) return made;
  LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program, .flags = BPF_TC_F_REPLACE, .handle = kHandle,
              .priority = kPriority);
  return bpf_tc_attach(&hook, &options);
}

bool has_filter(int interface) {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface, .attach_point = BPF_TC_INGRESS);
  LIBBPF_OPTS(bpf_tc_opts, options, .handle = kHandle, .priority = kPriority);
  return bpf_tc_query(&hook, &options) == 0;
}

bool has_interface(int link) {
  bpf_link_info info{};
  __u32 size = sizeof info;
  return bpf_obj_get_info_by_fd(link, &info, &size) == 0 && info.xdp.ifindex != 0;
}

}  // namespace

base::Result<Hook, int> Hook::attach(Way way, int program, int interface) {
  if (way == Way::tc) {
    if (const int error = attach_filter(program, interface)) return -error;
    return Hook(interface, {});
  }
  LIBBPF_OPTS(bpf_link_create_opts, options, .flags = way == Way::xdp_native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE);
  const int link = bpf_link_create(program, interface, BPF_XDP, &options);
  if (link < 0) return -link;
  return Hook(0, posix::FileDescriptor(link));
}

bool Hook::holds() const { return filtered_ != 0 ? has_filter(filtered_) : has_interface(link_.get()); }

Hook::~Hook() {
  if (filtered_ == 0) return;
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = filtered_, .attach_point = BPF_TC_INGRESS);
  LIBBPF_OPTS(bpf_tc_opts, options, .handle = kHandle, .priority = kPriority);
  (void)bpf_tc_detach(&hook, &options);
}

}  // namespace turnd::offload
