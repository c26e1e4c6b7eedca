#include "turnd/worker/channel_leases.h"

#include <algorithm>
#include <chrono>

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;

// How old the figures of sessions and metrics may be.
constexpr base::Duration kCollectionInterval = 1s;
// A channel that could not be leased is tried again: its permission may have come back, the neighbour may answer.
constexpr base::Duration kRetryInterval = 10s;

turn::Volumes difference(const turn::Volumes& after, const turn::Volumes& before) {
  turn::Volumes result{};
  for (std::size_t i = 0; i < turn::kDirections; ++i)
    result[i] = {after[i].packets - before[i].packets, after[i].bytes - before[i].bytes};
  return result;
}

}  // namespace

ChannelLeases::~ChannelLeases() {
  for (auto& entry : channels_) (void)end_lease(entry.second);
}

void ChannelLeases::on_channel_bound(const turn::ChannelBound& bound, const base::Endpoint& relay,
                                     const base::Endpoint& peer, const base::Now& now) {
  if (bound.client.transport != base::Transport::udp) return;
  const ChannelRoute route{bound.client.client, bound.client.server, relay, peer, bound.number};
  const auto added = channels_.emplace(Key{bound.relay, bound.number.value}, Channel{route, std::nullopt, {}, {}});
  if (added.second && !suspended_) renew(added.first, now);
}

turn::Volumes ChannelLeases::on_channel_released(const turn::ChannelReleased& released) {
  const auto found = channels_.find({released.relay, released.number.value});
  if (found == channels_.end()) return {};
  due_.erase({found->second.look_again, found->first});
  const turn::Volumes untold = end_lease(found->second);
  channels_.erase(found);
  return untold;
}

void ChannelLeases::renew(Channels::iterator channel, const base::Now& now) {
  const Key& key = channel->first;
  tell(key, end_lease(channel->second), now);
  const auto end = relayed_until(key, now);
  if (end) channel->second.lease = offload_.lease(channel->second.route, *end);
  leased_ += channel->second.lease ? 1 : 0;
  schedule(channel, channel->second.lease ? *end : now.monotonic + kRetryInterval);
}

std::optional<base::TimePoint> ChannelLeases::relayed_until(const Key& key, const base::Now& now) {
  const auto end = engine_.channel_end(key.first, stun::ChannelNumberValue{key.second}, now);
  return end && *end > now.monotonic ? end : std::nullopt;
}

turn::Volumes ChannelLeases::end_lease(Channel& channel) {
  if (!channel.lease) return {};
  const turn::Volumes untold = difference(offload_.release(*channel.lease, channel.route), channel.told);
  relayed_packets_ += untold[0].packets + untold[1].packets;
  channel.lease.reset();
  channel.told = {};
  --leased_;
  return untold;
}

void ChannelLeases::tell(const Key& key, const turn::Volumes& relayed, const base::Now& now) {
  for (std::size_t i = 0; i < turn::kDirections; ++i)
    if (relayed[i].packets != 0)
      (void)engine_.on_offloaded(key.first, static_cast<turn::Direction>(i), relayed[i], now);
}

void ChannelLeases::collect(const Key& key, Channel& channel, const base::Now& now) {
  if (!channel.lease) return;
  const turn::Volumes relayed = offload_.relayed(*channel.lease);
  const turn::Volumes untold = difference(relayed, channel.told);
  relayed_packets_ += untold[0].packets + untold[1].packets;
  tell(key, untold, now);
  channel.told = relayed;
}

void ChannelLeases::collect(const base::Now& now) {
  for (auto& entry : channels_) collect(entry.first, entry.second, now);
  next_collection_ = now.monotonic + kCollectionInterval;
}

void ChannelLeases::recheck(const base::Now& now) {
  for (auto& entry : channels_)
    if (entry.second.lease && !relayed_until(entry.first, now)) tell(entry.first, end_lease(entry.second), now);
  renew_all(now);
}

void ChannelLeases::renew_all(const base::Now& now) {
  if (suspended_) return;
  for (auto channel = channels_.begin(); channel != channels_.end(); ++channel) schedule(channel, now.monotonic);
}

void ChannelLeases::suspend(const base::Now& now) {
  suspended_ = true;
  for (auto& entry : channels_) tell(entry.first, end_lease(entry.second), now);
  due_.clear();
}

void ChannelLeases::resume(const base::Now& now) {
  if (!suspended_) return;
  suspended_ = false;
  renew_all(now);
}

void ChannelLeases::schedule(Channels::iterator channel, base::TimePoint when) {
  due_.erase({channel->second.look_again, channel->first});
  channel->second.look_again = when;
  due_.emplace(when, channel->first);
}

std::optional<base::TimePoint> ChannelLeases::next_deadline() const {
  if (due_.empty()) return std::nullopt;
  const base::TimePoint due = due_.begin()->first;
  return leased_ == 0 ? due : std::min(due, next_collection_);
}

void ChannelLeases::on_time(const base::Now& now) {
  if (leased_ != 0 && next_collection_ <= now.monotonic) collect(now);
  for (std::size_t left = kRenewalsPerTurn; left > 0 && !due_.empty() && due_.begin()->first <= now.monotonic; --left) {
    const auto channel = channels_.find(due_.begin()->second);
    due_.erase(due_.begin());
    renew(channel, now);
  }
}

}  // namespace turnd::worker
