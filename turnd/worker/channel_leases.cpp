#include "turnd/worker/channel_leases.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;

// From one reading of a channel to the next, so that rates are right: twice as long each time that nothing has moved. Who
// asks for figures makes all be read.
constexpr base::Duration kShortestPause = 1s;
constexpr base::Duration kLongestPause = 32s;
// A channel that could not be leased is tried again, less and less: its permission may have come back, the neighbour may
// answer.
constexpr base::Duration kLongestRetry = 160s;

// Readings after equal pauses come together, for one wake-up.
base::TimePoint next_multiple(base::TimePoint now, base::Duration pause) {
  return base::TimePoint((now.time_since_epoch() / pause + 1) * pause);
}

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
  const auto added = channels_.emplace(Key{bound.relay, bound.number.value}, Channel{.route = route});
  if (added.second && !suspended_) renew(added.first, now);
}

turn::Volumes ChannelLeases::on_channel_released(const turn::ChannelReleased& released) {
  const auto found = channels_.find({released.relay, released.number.value});
  if (found == channels_.end()) return {};
  due_.erase({found->second.look_again, found->first});
  readings_.erase({found->second.read_again, found->first});
  const turn::Volumes untold = end_lease(found->second);
  channels_.erase(found);
  return untold;
}

void ChannelLeases::renew(Channels::iterator channel, const base::Now& now) {
  const Key& key = channel->first;
  const auto end = suspended_ ? std::nullopt : relayed_until(key, now);
  if (end && channel->second.lease && offload_.prolong(*channel->second.lease, channel->second.route, *end)) {
    schedule(channel, *end);
    return;
  }
  tell(key, end_lease(channel->second), now);
  if (suspended_) return;
  if (end) channel->second.lease = offload_.lease(channel->second.route, *end);
  if (!channel->second.lease) {
    const base::Duration wait = std::exchange(channel->second.retry, std::min(2 * channel->second.retry, kLongestRetry));
    schedule(channel, now.monotonic + wait);
    return;
  }
  ++leased_;
  channel->second.retry = kFirstRetry;
  channel->second.pause = kShortestPause;
  schedule(channel, *end);
  schedule_reading(channel, now);
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

void ChannelLeases::read(Channels::iterator at, const base::Now& now) {
  auto& [key, channel] = *at;
  if (!channel.lease) return;
  const turn::Volumes relayed = offload_.relayed(*channel.lease);
  const turn::Volumes untold = difference(relayed, channel.told);
  const std::uint64_t packets = untold[0].packets + untold[1].packets;
  relayed_packets_ += packets;
  tell(key, untold, now);
  channel.told = relayed;
  channel.pause = packets != 0 ? kShortestPause : std::min(2 * channel.pause, kLongestPause);
  schedule_reading(at, now);
}

void ChannelLeases::collect(const base::Now& now) {
  for (auto channel = channels_.begin(); channel != channels_.end(); ++channel) read(channel, now);
}

void ChannelLeases::recheck(const base::Now& now) {
  for (const auto& entry : channels_)
    if (entry.second.lease && !relayed_until(entry.first, now)) offload_.withdraw(*entry.second.lease);
  renew_all(now);
}

void ChannelLeases::renew_all(const base::Now& now) {
  if (suspended_) return;
  for (auto channel = channels_.begin(); channel != channels_.end(); ++channel) schedule(channel, now.monotonic);
}

void ChannelLeases::suspend(const base::Now& now) {
  if (suspended_) return;
  suspended_ = true;
  due_.clear();
  readings_.clear();
  for (auto channel = channels_.begin(); channel != channels_.end(); ++channel) {
    if (!channel->second.lease) continue;
    offload_.withdraw(*channel->second.lease);
    schedule(channel, now.monotonic);
  }
  on_time(now);
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

void ChannelLeases::schedule_reading(Channels::iterator channel, const base::Now& now) {
  readings_.erase({channel->second.read_again, channel->first});
  channel->second.read_again = next_multiple(now.monotonic, channel->second.pause);
  readings_.emplace(channel->second.read_again, channel->first);
}

std::optional<base::TimePoint> ChannelLeases::next_deadline() const {
  std::optional<base::TimePoint> next;
  if (!due_.empty()) next = due_.begin()->first;
  if (!readings_.empty()) next = std::min(next.value_or(base::TimePoint::max()), readings_.begin()->first);
  return next;
}

void ChannelLeases::on_time(const base::Now& now) {
  while (!readings_.empty() && readings_.begin()->first <= now.monotonic) {
    const auto channel = channels_.find(readings_.begin()->second);
    readings_.erase(readings_.begin());
    read(channel, now);  // what has no lease any more is not read again
  }
  for (std::size_t left = kRenewalsPerTurn; left > 0 && !due_.empty() && due_.begin()->first <= now.monotonic; --left) {
    const auto channel = channels_.find(due_.begin()->second);
    due_.erase(due_.begin());
    renew(channel, now);
  }
}

}  // namespace turnd::worker
