// KernelRelay: relays bound channels of UDP clients in the kernel, by a program at each interface (tc or XDP).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/offload/hook.h"
#include "turnd/worker/channel_offload.h"

namespace turnd::offload {

// Needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Packets that it relays are not seen by the machine's packet filter.
// What it does not relay (fragments, IP options, a client and a peer of different families, what is too big for the
// way) goes to the sockets.
class KernelRelay final : public worker::ChannelOffload {
 public:
  // Attaches to the Ethernet interfaces that have one of these addresses. The error says why it cannot, in one
  // sentence.
  [[nodiscard]] static base::Result<std::unique_ptr<KernelRelay>, std::string> attach(
      OffloadProgram which, const std::vector<base::IpAddress>& served);
  // Removes what killed turnds left at the interfaces that have one of these addresses, where it may.
  static void clear(const std::vector<base::IpAddress>& served);
  ~KernelRelay() override;  // detaches
  KernelRelay(const KernelRelay&) = delete;
  KernelRelay& operator=(const KernelRelay&) = delete;

  // Any thread.
  [[nodiscard]] std::optional<Lease> lease(const worker::ChannelRoute& route, base::TimePoint until) override;
  [[nodiscard]] bool prolong(Lease lease, const worker::ChannelRoute& route, base::TimePoint until) override;
  void withdraw(Lease lease) override;
  void reinstate(Lease lease, base::TimePoint until) override;
  [[nodiscard]] turn::Volumes relayed(Lease lease) const override;
  turn::Volumes release(Lease lease, const worker::ChannelRoute& route) override;
  [[nodiscard]] std::size_t leases() const;

  // The control thread's. A process that has died must not relay: without this the program stops after kPulse.
  static constexpr base::Duration kPulse = std::chrono::milliseconds(1500);
  void beat(base::TimePoint now);
  // What has become of interfaces and ways out since the last call: then serve() looks at them, and leases are renewed.
  // What leaves by an interface that is down is lost until then.
  enum class Change : std::uint8_t { none, ways, interface_down };
  [[nodiscard]] Change take_changes();
  // False: somebody has taken the program away from an interface; serve() puts it there again.
  [[nodiscard]] bool holds() const;
  // Attaches to the interfaces that have one of these addresses, and detaches from the others. What cannot be attached
  // to stays with the sockets.
  void serve(const std::vector<base::IpAddress>& addresses);
  [[nodiscard]] std::vector<std::string> interfaces() const;
  // XDP is native where every interface's driver has it, generic otherwise.
  [[nodiscard]] Way way() const;
  [[nodiscard]] const std::string& why_generic() const;  // one sentence; empty unless it is

  // The program itself, for tests: a descriptor for BPF_PROG_TEST_RUN.
  [[nodiscard]] int program() const;

 private:
  struct State;
  explicit KernelRelay(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace turnd::offload
