#include "turnd/admin/session_view.h"

#include <array>

namespace turnd::admin {
namespace {

control::LiveTraffic live(const turn::Traffic& traffic) {
  return {traffic.packets, traffic.bytes, traffic.packets_per_second, traffic.bytes_per_second};
}

store::UsageTraffic ended(const turn::Traffic& traffic) { return {traffic.packets, traffic.bytes}; }

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

control::Usage to_control(const store::UsageRecord& record) {
  control::Usage view;
  view.id = record.id;
  view.user = record.username;
  view.realm = record.realm;
  view.transport = record.transport;
  view.client = record.client;
  view.relayed = record.relayed;
  view.started = record.started;
  view.ended = record.ended;
  view.duration = record.duration;
  view.reason = record.reason;
  view.to_peer = {record.to_peer.packets, record.to_peer.bytes};
  view.to_client = {record.to_client.packets, record.to_client.bytes};
  view.drops = record.drops;
  return view;
}

store::UsageRecord to_record(const turn::EndedSession& session) {
  store::UsageRecord record;
  record.id = to_string(session.id);
  record.username = session.username;
  record.user = session.user;
  record.realm = session.realm;
  record.transport = to_string(session.tuple.transport);
  record.client = to_string(session.tuple.client);
  for (const base::Endpoint& relayed : session.relayed) record.relayed.push_back(to_string(relayed));
  record.started = session.started;
  record.ended = session.ended;
  record.duration = session.duration;
  record.reason = to_string(session.reason);
  record.to_peer = ended(of(session.traffic, turn::Direction::to_peer));
  record.to_client = ended(of(session.traffic, turn::Direction::to_client));
  record.drops = named(session.drops);
  return record;
}

control::Refusal to_control(const turn::AuthRefused& refused) {
  return {refused.from.client, refused.from.transport, refused.username, std::string(to_string(refused.reason))};
}

}  // namespace turnd::admin
