// What stands for the offload in a build without clang, bpftool and libbpf.
#include "turnd/offload/kernel_relay.h"

namespace turnd::offload {

struct KernelRelay::State {};

base::Result<std::unique_ptr<KernelRelay>, std::string> KernelRelay::attach(
    OffloadProgram /*which*/, const std::vector<base::IpAddress>& /*served*/) {
  return std::string("this turnd was built without it (clang, bpftool and libbpf were missing)");
}

void KernelRelay::clear(const std::vector<base::IpAddress>& /*served*/) {}
KernelRelay::KernelRelay(std::unique_ptr<State> state) : state_(std::move(state)) {}
KernelRelay::~KernelRelay() = default;

std::optional<worker::ChannelOffload::Lease> KernelRelay::lease(const worker::ChannelRoute& /*route*/,
                                                                base::TimePoint /*until*/) {
  return std::nullopt;
}
bool KernelRelay::prolong(Lease /*lease*/, const worker::ChannelRoute& /*route*/, base::TimePoint /*until*/) {
  return false;
}
void KernelRelay::withdraw(Lease /*lease*/) {}
void KernelRelay::reinstate(Lease /*lease*/, base::TimePoint /*until*/) {}
turn::Volumes KernelRelay::relayed(Lease /*lease*/) const { return {}; }
turn::Volumes KernelRelay::release(Lease /*lease*/, const worker::ChannelRoute& /*route*/) { return {}; }
std::size_t KernelRelay::leases() const { return 0; }
void KernelRelay::beat(base::TimePoint /*now*/) {}
KernelRelay::Change KernelRelay::take_changes() { return Change::none; }
bool KernelRelay::holds() const { return true; }
void KernelRelay::serve(const std::vector<base::IpAddress>& /*addresses*/) {}
std::vector<std::string> KernelRelay::interfaces() const { return {}; }
Way KernelRelay::way() const { return Way::tc; }
const std::string& KernelRelay::why_generic() const {
  static const std::string none;
  return none;
}
int KernelRelay::program() const { return -1; }

}  // namespace turnd::offload
