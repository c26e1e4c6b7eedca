// The sections of signald.yaml, each read by a function of its own, and the scalars that they share.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/config/config.h"
#include "turnd/config/yaml_reader.h"

namespace signaling::config {

using turnd::config::Field;
using turnd::config::MapReader;

struct Reading {
  Config& config;
  std::vector<std::string>& warnings;
};

void read_doors(MapReader& root, Reading& reading);  // listen, tls, public_url, origins, trusted_proxies, metrics
void read_auth(MapReader& root, Reading& reading);
void read_turn(MapReader& root, Reading& reading);
void read_smtp(MapReader& root, Reading& reading);
void read_webhooks(MapReader& root, Reading& reading);
void read_limits(MapReader& root, Reading& reading);
void read_operation(MapReader& root, Reading& reading);  // database, retention, compat, log, shutdown_grace

// true, false, on, off (C2).
void read_switch(MapReader& from, std::string_view key, bool& into);
void read_milliseconds(MapReader& from, std::string_view key, milliseconds low, milliseconds& into);

template <class Choice, std::size_t Size>
void read_choice(MapReader& from, std::string_view key,
                 const std::array<std::pair<std::string_view, Choice>, Size>& choices, Choice& into) {
  const auto field = from.find(key);
  if (!field) return;
  std::string names;
  for (const auto& [name, value] : choices) {
    if (field->text() == name) {
      into = value;
      return;
    }
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  from.problems().add(*field, "is none of the choices", "choose " + names);
}

}  // namespace signaling::config
