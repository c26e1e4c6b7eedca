#include "turnd/admin/session_view.h"

#include <array>

namespace turnd::admin {
namespace {

control::LiveTraffic live(const turn::Traffic& traffic) {
  return {traffic.packets, traffic.bytes, traffic.packets_per_second, traffic.bytes_per_second};
}

control::Traffic ended(const turn::Traffic& traffic) { return {traffic.packets, traffic.bytes}; }

const turn::Traffic& of(const std::array<turn::Traffic, turn::kDirections>& traffic, turn::Direction direction) {
  return traffic[static_cast<std::size_t>(direction)];
}

control::NamedCounts named(const std::array<std::uint64_t, turn::kDropReasons>& drops) {
  control::NamedCounts counts;
  for (const turn::DropReason reason : turn::kAllDropReasons)
    counts.emplace_back(to_string(reason), drops[static_cast<std::size_t>(reason)]);
  return counts;
}

}  // namespace

control::Session to_control(const turn::Session& session) {
  control::Session view;
  view.id = to_string(session.id);
  view.user = session.username;
  view.realm = session.realm;
  view.transport = session.tuple.transport;
  view.client = session.tuple.client;
  view.server = session.tuple.server;
  view.relayed = session.relayed;
  for (const turn::SessionPermission& permission : session.permissions)
    view.permissions.push_back({permission.address, permission.expires});
  for (const turn::SessionChannel& channel : session.channels)
    view.channels.push_back({channel.number, channel.peer, channel.expires});
  view.to_peer = live(of(session.traffic, turn::Direction::to_peer));
  view.to_client = live(of(session.traffic, turn::Direction::to_client));
  view.drops = named(session.drops);
  view.created = session.created;
  view.expires = session.expires;
  return view;
}

control::Usage to_control(const turn::EndedSession& session) {
  control::Usage view;
  view.id = to_string(session.id);
  view.user = session.username;
  view.realm = session.realm;
  view.transport = session.tuple.transport;
  view.client = session.tuple.client;
  view.relayed = session.relayed;
  view.started = session.started;
  view.ended = session.ended;
  view.duration = session.duration;
  view.reason = to_string(session.reason);
  view.to_peer = ended(of(session.traffic, turn::Direction::to_peer));
  view.to_client = ended(of(session.traffic, turn::Direction::to_client));
  view.drops = named(session.drops);
  return view;
}

control::Refusal to_control(const turn::AuthRefused& refused) {
  return {refused.from.client, refused.from.transport, refused.username, std::string(to_string(refused.reason))};
}

}  // namespace turnd::admin
