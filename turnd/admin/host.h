// Host: what the admin routes ask of the running server. The daemon implements it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "turnd/admin/workers.h"
#include "turnd/auth/settings.h"
#include "turnd/base/clock.h"
#include "turnd/config/changes.h"
#include "turnd/config/config.h"
#include "turnd/config/problems.h"
#include "turnd/store/secret_store.h"
#include "turnd/store/usage_store.h"
#include "turnd/store/usage_writer.h"
#include "turnd/store/user_store.h"
#include "turnd/turn/peer_policy.h"
#include "turnd/turn/port_bitmap.h"

namespace turnd::admin {

struct DrainState {
  bool draining = false;
  std::optional<base::WallTime> since;
  std::optional<base::WallTime> deadline;  // none: waits for the last session
};

struct ReloadOutcome {
  bool applied = false;
  std::vector<config::Change> changes;
  std::vector<std::string> warnings;
  std::vector<config::Problem> errors;  // not empty: refused, nothing was changed
  std::string file = {};                // of the errors; empty: turnd runs without one
};
enum class ReloadMode : std::uint8_t { apply, dry_run };

// A feature of the kernel, and whether the server makes use of it.
struct KernelFeature {
  std::string name;
  bool in_use = false;
};

// What relays bound channels below the sockets.
struct OffloadStatus {
  std::string mode;                     // "tc", "xdp"; "off": the sockets relay everything
  std::string xdp_mode;                 // "native", "generic"; empty unless it is XDP
  std::string why;                      // it is off, or generic; empty otherwise
  std::vector<std::string> interfaces;  // that it is attached to
  std::size_t channels = 0;             // relayed there now
};

// The database, as far as it could be opened; all null when the state directory is not writable (D74).
struct Stores {
  store::UserStore* users = nullptr;
  store::SecretStore* secrets = nullptr;
  store::UsageStore* usage = nullptr;  // for queries, a connection of its own
  store::UsageWriter* writer = nullptr;
};

// Everything is called on the control thread.
class Host {
 public:
  virtual ~Host() = default;

  [[nodiscard]] virtual base::WallTime started() const = 0;
  [[nodiscard]] virtual bool ready() const = 0;
  // The configuration in force, machine-dependent defaults resolved.
  [[nodiscard]] virtual const config::Config& config() const = 0;
  // The file it came from; empty: the embedded defaults.
  [[nodiscard]] virtual const std::string& config_path() const = 0;
  // Realm, secrets and users of that configuration, with every value_file read.
  [[nodiscard]] virtual const auth::Settings& authentication() const = 0;
  [[nodiscard]] virtual std::shared_ptr<const turn::PeerPolicy> policy() const = 0;
  [[nodiscard]] virtual std::shared_ptr<const turn::RelayPorts> relay_ports() const = 0;
  [[nodiscard]] virtual const std::vector<std::string>& uris() const = 0;
  [[nodiscard]] virtual std::optional<base::WallTime> certificate_not_after() const = 0;
  [[nodiscard]] virtual Workers& workers() = 0;
  [[nodiscard]] virtual std::vector<KernelFeature> kernel_features() const = 0;
  [[nodiscard]] virtual OffloadStatus offload() const = 0;
  [[nodiscard]] virtual Stores stores() = 0;
  // The generated secret, whose id is "generated"; whether it is in force is looked at by who asks.
  [[nodiscard]] virtual std::optional<auth::SharedSecret> generated_secret() const = 0;

  virtual ReloadOutcome reload(ReloadMode mode) = 0;
  [[nodiscard]] virtual DrainState drain_state() const = 0;
  virtual DrainState drain(std::optional<base::Duration> deadline) = 0;
  virtual DrainState undrain() = 0;
  // After the stores changed: the new credentials hold in every worker when this returns.
  virtual void credentials_changed() = 0;
};

}  // namespace turnd::admin
