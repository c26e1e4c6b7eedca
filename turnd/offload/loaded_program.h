// LoadedProgram: the program in the kernel, its maps, and the interfaces at which it runs.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/offload/filter_handle.h"
#include "turnd/offload/hook.h"
#include "turnd/offload/interfaces.h"
#include "turnd/offload/relay_maps.h"

struct relay_bpf;

namespace turnd::offload {

// The control thread's, but for what says otherwise. Errors are one sentence each.
class LoadedProgram {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<LoadedProgram>, std::string> load(OffloadProgram which);
  ~LoadedProgram();  // detaches
  LoadedProgram(const LoadedProgram&) = delete;
  LoadedProgram& operator=(const LoadedProgram&) = delete;

  // For the first time, to the interfaces that have one of these addresses.
  [[nodiscard]] std::optional<std::string> start(const std::vector<base::IpAddress>& served);
  // To what is new among them, and detaches from what is not. The first problem, if there is one; what has none is
  // served.
  [[nodiscard]] std::optional<std::string> attach_all(const std::vector<base::IpAddress>& served);
  // False: somebody has taken it away from an interface; attach_all() puts it there again.
  [[nodiscard]] bool holds() const;
  [[nodiscard]] std::vector<std::string> interfaces() const;
  [[nodiscard]] Way way() const { return way_; }
  [[nodiscard]] const std::string& why_generic() const { return why_generic_; }  // empty unless it is

  // Any thread. Nothing when it is not attached there.
  [[nodiscard]] std::optional<Interface> attached_at(int interface) const;

  [[nodiscard]] int descriptor() const;
  [[nodiscard]] int from_client() const;  // descriptors of maps
  [[nodiscard]] int from_peer() const;
  [[nodiscard]] turnd_lease* leases() const { return leases_; }  // TURND_MAX_LEASES, shared with the program
  [[nodiscard]] __u64& alive_until();                            // shared too

 private:
  struct Attached {
    Interface interface;
    Hook hook;
  };
  LoadedProgram() = default;
  [[nodiscard]] std::optional<std::string> open(OffloadProgram which);
  [[nodiscard]] std::optional<std::string> map_leases();
  [[nodiscard]] std::optional<std::string> attach(Interface interface);
  void tell_address(const Interface& interface) const;

  relay_bpf* skeleton_ = nullptr;
  turnd_lease* leases_ = nullptr;
  Way way_ = Way::tc;
  std::string why_generic_;
  std::optional<FilterHandle> handle_;  // of tc; outlives what is attached
  mutable std::mutex mutex_;            // the workers ask too
  std::vector<Attached> attached_;
};

// "what: why", with what is missing where that is known.
[[nodiscard]] std::string sentence(std::string_view what, int error);

}  // namespace turnd::offload
