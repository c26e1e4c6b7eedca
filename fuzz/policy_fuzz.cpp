// No rule and no embedding opens what is denied hard: any peer against any rules that the configuration takes.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "turnd/config/load_config.h"
#include "turnd/turn/address_sets.h"
#include "turnd/turn/embedded_ipv4.h"
#include "turnd/turn/peer_policy.h"

namespace {

using namespace turnd;

constexpr std::size_t kPeerOctets = 19;  // family, address, port

base::Endpoint read_peer(const std::uint8_t* data) {
  const auto port = static_cast<std::uint16_t>(data[17] << 8 | data[18]);
  if (data[0] % 2 == 0) return {base::IpAddress::v4({data[1], data[2], data[3], data[4]}), port};
  std::array<std::uint8_t, 16> octets{};
  std::copy_n(data + 1, octets.size(), octets.begin());
  return {base::IpAddress::v6(octets), port};
}

}  // namespace

// The input is a peer, then the text of a configuration.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kPeerOctets) return 0;
  const base::Endpoint peer = read_peer(data);
  const std::string_view text(reinterpret_cast<const char*>(data) + kPeerOctets, size - kPeerOctets);
  config::Loaded loaded = config::parse_config(text, config::MaskedSecrets::accept);
  if (!loaded.problems.empty()) return 0;
  loaded.config.peers.unsafe_allow_loopback = false;

  turn::PolicySurroundings around;
  around.nat64_prefixes = loaded.config.relay.nat64_prefixes;
  const turn::PeerPolicy policy(loaded.config.peers, around, 1);
  const turn::PolicyDecision decision = policy.decide(peer);
  const auto inner = turn::nat64_target(peer.address, around.nat64_prefixes);
  const base::IpAddress reached = inner.value_or(peer.address);
  if (decision.allowed && (peer.port == 0 || turn::hard_denied_range(reached))) std::abort();
  if (decision.allowed && !policy.decide_any_port(peer.address).allowed) std::abort();
  return 0;
}
