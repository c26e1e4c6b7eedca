#include "turnd/offload/loaded_program.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <relay.skel.h>

#include "turnd/offload/xdp_support.h"

namespace turnd::offload {
namespace {

std::optional<std::string> why_no_ways_out(const std::vector<base::IpAddress>& served) {
  for (const base::IpAddress& each : served)
    if (!answers_ways_out(each.family()))
      return "XDP cannot look up ways out: " + key_for_ways_out(each.family()) +
             " has to be 1 (of lo alone, which forwards nothing from elsewhere)";
  return std::nullopt;
}

}  // namespace

std::string sentence(std::string_view what, int error) {
  std::string text = std::string(what) + ": " + std::strerror(error);
  if (error == EPERM || error == EACCES) text += " (it needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN)";
  if (error == EBUSY || error == EEXIST) text += " (another program is there)";
  return text;
}

base::Result<std::unique_ptr<LoadedProgram>, std::string> LoadedProgram::load(OffloadProgram which) {
  std::unique_ptr<LoadedProgram> program(new LoadedProgram());
  if (auto problem = program->open(which)) return std::move(*problem);
  return program;
}

LoadedProgram::~LoadedProgram() {
  attached_.clear();
  if (leases_ != nullptr) munmap(leases_, TURND_MAX_LEASES * sizeof(turnd_lease));
  relay_bpf__destroy(skeleton_);
}

std::optional<std::string> LoadedProgram::open(OffloadProgram which) {
  libbpf_set_print(nullptr);  // what it would say follows from the errors
  skeleton_ = relay_bpf__open();
  if (skeleton_ == nullptr) return sentence("the program cannot be read", errno);
  way_ = which == OffloadProgram::tc ? Way::tc : Way::xdp_native;
  bpf_program__set_autoload(skeleton_->progs.turnd_relay_tc, which == OffloadProgram::tc);
  bpf_program__set_autoload(skeleton_->progs.turnd_relay_xdp, which == OffloadProgram::xdp);
  if (const int error = relay_bpf__load(skeleton_)) return sentence("the kernel does not take the program", -error);
  return map_leases();
}

std::optional<std::string> LoadedProgram::map_leases() {
  void* mapped = mmap(nullptr, TURND_MAX_LEASES * sizeof(turnd_lease), PROT_READ | PROT_WRITE, MAP_SHARED,
                      bpf_map__fd(skeleton_->maps.leases), 0);
  if (mapped == MAP_FAILED) return sentence("its memory cannot be shared", errno);
  leases_ = static_cast<turnd_lease*>(mapped);
  return std::nullopt;
}

// Frames cannot go from a driver to an interface whose driver has no XDP, so it is native everywhere or nowhere.
std::optional<std::string> LoadedProgram::start(const std::vector<base::IpAddress>& served) {
  if (way_ == Way::tc) {
    handle_ = FilterHandle::claim_any();
    if (!handle_) return "no handle of a filter can be claimed (by the name of a Unix socket)";
    return attach_all(served);
  }
  if (auto problem = why_no_ways_out(served)) return problem;
  auto problem = attach_all(served);
  if (!problem) return std::nullopt;
  const std::string why_not_native = std::move(*problem);
  attached_.clear();
  way_ = Way::xdp_generic;
  skeleton_->bss->is_generic = 1;
  if ((problem = attach_all(served))) return problem;
  why_generic_ = why_not_native;
  return std::nullopt;
}

std::optional<std::string> LoadedProgram::attach_all(const std::vector<base::IpAddress>& served) {
  skeleton_->bss->tells_paths_v4 = answers_ways_out(base::Family::ipv4) ? 1 : 0;
  std::vector<Interface> wanted = interfaces_with(served);
  std::optional<std::string> problem;
  if (wanted.empty()) problem = "no Ethernet interface has an address that this server listens on or relays from";
  const std::lock_guard lock(mutex_);
  // An index is used again for another interface, which has no program.
  std::erase_if(attached_, [&](const Attached& at) {
    return std::ranges::find(wanted, at.interface.index, &Interface::index) == wanted.end() || !at.hook.holds();
  });
  for (Interface& each : wanted) {
    tell_address(each);
    const auto known = std::ranges::find(attached_, each.index, [](const Attached& at) { return at.interface.index; });
    if (known != attached_.end())
      known->interface = std::move(each);
    else if (auto refusal = attach(std::move(each)); refusal && !problem)
      problem = std::move(refusal);
  }
  return problem;
}

// An index that is used again gets the address of the other interface before the program is there. Without one (there
// are too many) frames are relayed whomever they are for.
void LoadedProgram::tell_address(const Interface& interface) const {
  turnd_ethernet_address address{};
  std::memcpy(address.words, interface.ethernet_address.data(), interface.ethernet_address.size());
  const auto index = static_cast<__u32>(interface.index);
  (void)bpf_map_update_elem(bpf_map__fd(skeleton_->maps.ethernet_addresses), &index, &address, BPF_ANY);
}

std::optional<std::string> LoadedProgram::attach(Interface interface) {
  auto hook = way_ == Way::tc ? Hook::attach_filter(descriptor(), interface.index, *handle_)
                              : Hook::attach_link(way_, descriptor(), interface.index);
  if (!hook) return sentence("it cannot be attached to " + interface.name, hook.error());
  if (way_ == Way::xdp_native)
    if (const auto problem = why_no_frames_leave(interface)) return interface.name + ": " + *problem;
  if (interface.driver == "veth") skeleton_->bss->is_at_veth = 1;
  attached_.push_back({std::move(interface), std::move(*hook)});
  return std::nullopt;
}

bool LoadedProgram::holds() const {
  return std::ranges::all_of(attached_, [](const Attached& at) { return at.hook.holds(); });
}

std::vector<std::string> LoadedProgram::interfaces() const {
  std::vector<std::string> names;
  for (const Attached& at : attached_) names.push_back(at.interface.name);
  return names;
}

std::optional<Interface> LoadedProgram::attached_at(int interface) const {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find(attached_, interface, [](const Attached& each) { return each.interface.index; });
  return at == attached_.end() ? std::nullopt : std::optional(at->interface);
}

int LoadedProgram::descriptor() const {
  return bpf_program__fd(way_ == Way::tc ? skeleton_->progs.turnd_relay_tc : skeleton_->progs.turnd_relay_xdp);
}

int LoadedProgram::from_client() const { return bpf_map__fd(skeleton_->maps.from_client); }
int LoadedProgram::from_peer() const { return bpf_map__fd(skeleton_->maps.from_peer); }
__u64& LoadedProgram::alive_until() { return skeleton_->bss->alive_until; }

}  // namespace turnd::offload
