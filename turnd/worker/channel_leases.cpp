#include "turnd/worker/channel_leases.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;

// From one round of readings to the next: twice as long each time that nothing has moved, but not so long that a rate
// over the last seconds would be one of the time before. Who asks for figures makes all be read.
constexpr base::Duration kShortestPause = 1s;
constexpr base::Duration kLongestPause = 4s;
// Between the parts of a round, so that very many channels do not take turn after turn.
constexpr base::Duration kBetweenParts = 10ms;
// A channel that could not be leased is tried again, less and less: its permission may have come back, the neighbour
// may answer.
constexpr base::Duration kLongestRetry = 160s;

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
  const auto at = channels_.emplace(Place{bound.relay, bound.number.value}, Channel{.route = route}).first;
  Channel& channel = at->second;
  // A refresh brings back a channel whose permission had ended. What is leased is looked at when that ends anyway.
  if (suspended_ || channel.lease || channel.is_refused) return;
  channel.retry = kFirstRetry;
  renew(*at, now);
}

turn::Offloaded ChannelLeases::on_channel_released(const turn::ChannelReleased& released) {
  const auto found = channels_.find({released.relay, released.number.value});
  if (found == channels_.end()) return {};
  due_.erase({found->second.look_again, found->first});
  const turn::Offloaded untold = end_lease(found->second);
  channels_.erase(found);
  return untold;
}

void ChannelLeases::renew(Channels::value_type& entry, const base::Now& now) {
  auto& [place, channel] = entry;
  due_.erase({channel.look_again, place});
  const auto end = suspended_ ? std::nullopt : relayed_until(place, now);
  if (end && channel.lease && offload_.prolong(*channel.lease, channel.route, *end)) {
    schedule(entry, *end);
    return;
  }
  tell(place, end_lease(channel), now);
  if (suspended_) return;
  if (end) channel.lease = offload_.lease(channel.route, *end);
  channel.is_refused = end && !channel.lease;
  if (!channel.lease) {
    const base::Duration wait = std::exchange(channel.retry, std::min(2 * channel.retry, kLongestRetry));
    schedule(entry, now.monotonic + wait);
    return;
  }
  ++leased_;
  channel.retry = kFirstRetry;
  channel.told_at = now.monotonic;
  schedule(entry, *end);
  expect_traffic(now);
}

std::optional<base::TimePoint> ChannelLeases::relayed_until(const Place& place, const base::Now& now) {
  const auto end = engine_.channel_end(place.first, stun::ChannelNumberValue{place.second}, now);
  return end && *end > now.monotonic ? end : std::nullopt;
}

turn::Offloaded ChannelLeases::end_lease(Channel& channel) {
  if (!channel.lease) return {};
  const turn::Volumes untold = difference(offload_.release(*channel.lease, channel.route), channel.told);
  relayed_packets_ += untold[0].packets + untold[1].packets;
  channel.lease.reset();
  channel.told = {};
  if (--leased_ == 0) read_at_ = kNever;
  return {untold, channel.told_at};
}

void ChannelLeases::tell(const Place& place, const turn::Offloaded& relayed, const base::Now& now) {
  if (!relayed.is_nothing()) (void)engine_.on_offloaded(place.first, relayed, now);
}

void ChannelLeases::read(Channels::value_type& entry, const base::Now& now) {
  auto& [place, channel] = entry;
  if (!channel.lease) return;
  const turn::Volumes relayed = offload_.relayed(*channel.lease);
  const turn::Offloaded untold{difference(relayed, channel.told), channel.told_at};
  channel.told_at = now.monotonic;
  if (untold.is_nothing()) return;
  channel.told = relayed;
  relayed_packets_ += untold.volumes[0].packets + untold.volumes[1].packets;
  tell(place, untold, now);
  expect_traffic(now);
}

void ChannelLeases::expect_traffic(const base::Now& now) {
  has_moved_ = true;
  pause_ = kShortestPause;
  read_at_ = std::min(read_at_, now.monotonic + pause_);
}

std::optional<ChannelLeases::Place> ChannelLeases::collect(const Place& from, const base::Now& now) {
  return walk(from, kChannelsPerTurn, [&](Channels::value_type& entry) { read(entry, now); });
}

void ChannelLeases::collect(turn::RelayId relay, const base::Now& now) {
  for (auto at = channels_.lower_bound({relay, 0}); at != channels_.end() && at->first.first == relay; ++at)
    read(*at, now);
}

// No route is asked for: where the engine would still relay, the sockets have it for some turns only.
void ChannelLeases::recheck() {
  if (suspended_) return;
  withdraw_all();
  rechecking_ = Place{};
  renew_all();
}

void ChannelLeases::renew_all() {
  if (suspended_) return;
  // Where changes come fast, a walk that always began anew would never come to the last ones.
  if (renewing_)
    renew_again_ = true;
  else
    begin_renewals();
}

void ChannelLeases::suspend(const base::Now& now) {
  if (suspended_) return;
  suspended_ = true;
  withdraw_all();
  rechecking_.reset();
  begin_renewals();
  renew_some(now);
}

void ChannelLeases::resume() {
  if (!suspended_) return;
  suspended_ = false;
  begin_renewals();
}

void ChannelLeases::begin_renewals() {
  renewing_ = Place{};
  renew_again_ = false;
}

// A store for each, so it need not be done in parts.
void ChannelLeases::withdraw_all() {
  for (const auto& [place, channel] : channels_)
    if (channel.lease) offload_.withdraw(*channel.lease);
}

void ChannelLeases::schedule(Channels::value_type& entry, base::TimePoint when) {
  entry.second.look_again = when;
  due_.emplace(when, entry.first);
}

template <class Visit>
std::optional<ChannelLeases::Place> ChannelLeases::walk(const Place& from, std::size_t most, const Visit& visit) {
  auto at = channels_.lower_bound(from);
  for (; most > 0 && at != channels_.end(); --most) visit(*at++);
  return at == channels_.end() ? std::nullopt : std::optional(at->first);
}

std::optional<base::TimePoint> ChannelLeases::next_deadline() const {
  if (renewing_ || rechecking_) return base::TimePoint::min();
  const base::TimePoint next = std::min(due_.empty() ? kNever : due_.begin()->first, read_at_);
  return next == kNever ? std::nullopt : std::optional(next);
}

void ChannelLeases::on_time(const base::Now& now) {
  recheck_some(now);
  read_some(now);
  renew_some(now);
}

void ChannelLeases::recheck_some(const base::Now& now) {
  if (!rechecking_) return;
  rechecking_ = walk(*rechecking_, kChannelsPerTurn, [&](const Channels::value_type& entry) {
    if (!entry.second.lease) return;
    if (const auto end = relayed_until(entry.first, now)) offload_.reinstate(*entry.second.lease, *end);
  });
}

void ChannelLeases::read_some(const base::Now& now) {
  if (read_at_ > now.monotonic) return;
  const auto next = collect(read_from_, now);
  read_from_ = next.value_or(Place{});
  if (next) {
    read_at_ = now.monotonic + kBetweenParts;
    return;
  }
  if (!has_moved_) pause_ = std::min(2 * pause_, kLongestPause);
  has_moved_ = false;
  read_at_ = now.monotonic + pause_;
}

void ChannelLeases::renew_some(const base::Now& now) {
  std::size_t left = kRenewalsPerTurn;
  for (; left > 0 && !due_.empty() && due_.begin()->first <= now.monotonic; --left)
    renew(*channels_.find(due_.begin()->second), now);
  if (!renewing_) return;
  renewing_ = walk(*renewing_, left, [&](Channels::value_type& entry) { renew(entry, now); });
  if (!renewing_ && renew_again_) begin_renewals();
}

}  // namespace turnd::worker
