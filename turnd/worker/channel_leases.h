// ChannelLeases: which channels of one worker are relayed below the sockets, and until when.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "turnd/net/channel_sink.h"
#include "turnd/turn/engine.h"
#include "turnd/worker/channel_offload.h"

namespace turnd::worker {

// The engine decides: a lease lasts as long as it would relay without being asked again, and is looked at then. Between
// the end of one and the next, and whenever the offload refuses, the sockets relay. One worker's.
class ChannelLeases final : public net::ChannelSink {
 public:
  ChannelLeases(ChannelOffload& offload, turn::Engine& engine) : offload_(offload), engine_(engine) {}
  ~ChannelLeases() override;
  ChannelLeases(const ChannelLeases&) = delete;
  ChannelLeases& operator=(const ChannelLeases&) = delete;

  void on_channel_bound(const turn::ChannelBound& bound, const base::Endpoint& relay, const base::Endpoint& peer,
                        const base::Now& now) override;
  [[nodiscard]] turn::Volumes on_channel_released(const turn::ChannelReleased& released) override;

  // Tells the engine what was relayed since the last time: for who asks for figures, which else may be old where a channel
  // was idle.
  void collect(const base::Now& now);
  // The configuration has changed: what the engine would no longer relay ends at once, and all is renewed or released over
  // the next turns of the loop.
  void recheck(const base::Now& now);
  // The ways out have changed: all is looked at over the next turns of the loop, and leased anew where they did for it.
  void renew_all(const base::Now& now);
  // Back to the sockets at once, and no new leases, until resume(). What was leased is released over the next turns.
  void suspend(const base::Now& now);
  void resume(const base::Now& now);

  // A renewal asks the kernel for routes, so one turn of the loop does a few and leaves the rest to the next.
  static constexpr std::size_t kRenewalsPerTurn = 32;
  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const;
  void on_time(const base::Now& now);
  [[nodiscard]] std::size_t size() const { return leased_; }
  // Packets that the engine was told of, which its counters include, both ways, since the start.
  [[nodiscard]] std::uint64_t relayed_packets() const { return relayed_packets_; }

 private:
  using Key = std::pair<turn::RelayId, std::uint16_t>;
  // Twice as long each time.
  static constexpr base::Duration kFirstRetry = std::chrono::seconds(10);
  struct Channel {
    ChannelRoute route;
    std::optional<ChannelOffload::Lease> lease = std::nullopt;
    turn::Volumes told{};  // of the lease, to the engine
    base::TimePoint look_again{};
    base::Duration retry = kFirstRetry;  // should it not be leased
    base::TimePoint read_again{};
    base::Duration pause{};
  };
  using Channels = std::map<Key, Channel>;

  void renew(Channels::iterator channel, const base::Now& now);
  void read(Channels::iterator at, const base::Now& now);
  [[nodiscard]] std::optional<base::TimePoint> relayed_until(const Key& key, const base::Now& now);
  // Ends the lease; returns what the engine was not told, and is now.
  turn::Volumes end_lease(Channel& channel);
  void tell(const Key& key, const turn::Volumes& relayed, const base::Now& now);
  void schedule(Channels::iterator channel, base::TimePoint when);
  void schedule_reading(Channels::iterator channel, const base::Now& now);

  ChannelOffload& offload_;
  turn::Engine& engine_;
  Channels channels_;
  std::set<std::pair<base::TimePoint, Key>> due_;
  std::set<std::pair<base::TimePoint, Key>> readings_;
  std::size_t leased_ = 0;
  std::uint64_t relayed_packets_ = 0;
  bool suspended_ = false;
};

}  // namespace turnd::worker
