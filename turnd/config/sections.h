// The sections of turnd.yaml, each read by a function of its own.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "turnd/config/choices.h"
#include "turnd/config/config.h"
#include "turnd/config/load_config.h"
#include "turnd/config/yaml_reader.h"

namespace turnd::config {

// What reading may need to know and say besides problems.
struct Reading {
  Config& config;
  std::vector<std::string>& warnings;
  MaskedSecrets masked;
};

void read_listen(MapReader& root, Reading& reading);
void read_relay(MapReader& root, Reading& reading);
void read_tls(MapReader& root, Reading& reading);
void read_auth(MapReader& root, Reading& reading);
void read_peers(MapReader& root, Reading& reading);
void read_limits(MapReader& root, Reading& reading);
void read_operation(MapReader& root, Reading& reading);       // workers, control, metrics, usage, log, grace
void read_later_features(MapReader& root, Reading& reading);  // known, and not in this version

inline constexpr std::array<Choice<Offload>, 4> kOffloads{
    {{"auto", Offload::automatic}, {"off", Offload::off}, {"tc", Offload::tc}, {"xdp", Offload::xdp}}};
[[nodiscard]] std::optional<turn::PortRange> parse_ports(std::string_view text);

}  // namespace turnd::config
