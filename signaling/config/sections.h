// The sections of signald.yaml, each read by a function of its own, and the scalars that they share.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/config/config.h"
#include "signaling/config/load_config.h"
#include "turnd/config/choices.h"
#include "turnd/config/yaml_reader.h"

namespace signaling::config {

using turnd::config::Field;
using turnd::config::MapReader;
using turnd::config::read_choice;

struct Reading {
  Config& config;
  std::vector<std::string>& warnings;
  Features features;
};

void read_doors(MapReader& root, Reading& reading);  // listen, tls, public_url, origins, trusted_proxies, metrics
void read_auth(MapReader& root, Reading& reading);
void read_turn(MapReader& root, Reading& reading);
void read_smtp(MapReader& root, Reading& reading);
void read_webhooks(MapReader& root, Reading& reading);
void read_amqp(MapReader& root, Reading& reading);
void read_limits(MapReader& root, Reading& reading);
void read_operation(MapReader& root, Reading& reading);  // database, retention, meetings, compat, log, shutdown_grace

// true, false, on, off (C2).
void read_switch(MapReader& from, std::string_view key, bool& into);
void read_milliseconds(MapReader& from, std::string_view key, milliseconds low, milliseconds& into);

template <class Value>
using Choice = turnd::config::Choice<Value>;
inline constexpr std::array<Choice<Algorithm>, 2> kAlgorithms{
    {{"HS256", Algorithm::hs256}, {"EdDSA", Algorithm::eddsa}}};
inline constexpr std::array<Choice<SmtpTls>, 3> kSmtpTls{
    {{"none", SmtpTls::none}, {"starttls", SmtpTls::starttls}, {"always", SmtpTls::always}}};

}  // namespace signaling::config
