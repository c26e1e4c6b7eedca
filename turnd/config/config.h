// Config: turnd.yaml as values; every key of the design's section 5, with its default.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "turnd/auth/settings.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/log_words.h"
#include "turnd/base/secret.h"
#include "turnd/config/units.h"
#include "turnd/net/settings.h"
#include "turnd/turn/settings.h"

namespace turnd::config {

using base::LogFormat;
using base::LogLevel;

// Whether bound channels are relayed in the kernel: where it can be (automatic), never, or turnd does not start (tc, xdp).
enum class Offload : std::uint8_t { automatic, off, tc, xdp };

struct Relay {
  std::vector<base::IpAddress> addresses;               // empty: found by the machine (defaults.h)
  std::map<base::IpAddress, base::IpAddress> external;  // bound -> advertised
  // A plain address in place of a map: stands for the only relay address of its family.
  std::vector<base::IpAddress> external_of_family;
  turn::PortRange ports{49152, 65535};
  std::vector<turn::Nat64Prefix> nat64_prefixes;
  bool tcp = false;
  std::chrono::microseconds coalesce{0};  // the longest that a packet waits for others; 0: not at all
};

struct Tls {
  std::string certificate;  // empty: no TLS
  std::string key;
  std::string min_version = "1.2";
  std::string ciphers = "default";
};

struct SecretSource {
  std::string id;
  base::Secret value;  // one of the two
  std::string value_file;
};

struct Auth {
  std::vector<SecretSource> secrets;
  std::map<std::string, auth::StaticUser, std::less<>> users;
  std::string database;  // empty: turnd.db in the state directory
  std::chrono::milliseconds nonce_lifetime = std::chrono::minutes(10);
  auth::OnExpiry on_expiry = auth::OnExpiry::keep;
};

struct Config {
  std::string realm;                // empty: the host name
  std::vector<net::Listen> listen;  // empty: UDP and TCP on [::]:3478 and 0.0.0.0:3478
  Relay relay;
  std::vector<std::string> uris;
  Tls tls;
  Auth auth;
  turn::PeerRules peers;
  turn::Limits limits;
  Rate challenges_per_ip{50, std::chrono::seconds(1)};
  std::optional<std::uint32_t> workers;  // none: one a core
  Offload offload = Offload::automatic;
  std::string control_socket;            // empty: by the environment
  std::optional<base::Endpoint> metrics = base::Endpoint{base::IpAddress::v4({127, 0, 0, 1}), 9641};
  std::chrono::milliseconds usage_retention = std::chrono::hours(24 * 90);
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::automatic;
  std::string software;
  std::chrono::milliseconds shutdown_grace = std::chrono::seconds(5);
  std::chrono::milliseconds drain_timeout{0};
};

// Where a secret of the output stood.
inline constexpr std::string_view kMasked = "***";

}  // namespace turnd::config
