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
  [[nodiscard]] turn::Offloaded on_channel_released(const turn::ChannelReleased& released) override;

  // Of a channel, in the order of walks over all of them.
  using Place = std::pair<turn::RelayId, std::uint16_t>;
  // One turn of the loop does so much of a walk and leaves the rest to the next ones: a renewal asks the kernel for
  // routes, to look at a channel takes a fraction of a microsecond.
  static constexpr std::size_t kRenewalsPerTurn = 32;
  static constexpr std::size_t kChannelsPerTurn = 1000;

  // Tells the engine what was relayed since the last time, over the channels of a turn's part from there on; where to
  // go on, or nothing. For who asks for figures, which else may be old where channels were idle.
  [[nodiscard]] std::optional<Place> collect(const Place& from, const base::Now& now);
  // The same over all channels of one relay.
  void collect(turn::RelayId relay, const base::Now& now);
  // The configuration has changed: all goes back to the sockets at once. The next turns of the loop take from there
  // what the engine would still relay, then renew or release each.
  void recheck();
  // The ways out have changed: all is looked at over the next turns, and leased anew where they did for it.
  void renew_all();
  // Back to the sockets at once, and no new leases, until resume(). What was leased is released over the next turns.
  void suspend(const base::Now& now);
  void resume();

  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const;
  void on_time(const base::Now& now);
  [[nodiscard]] std::size_t size() const { return leased_; }
  // Packets that the engine was told of, which its counters include, both ways, since the start.
  [[nodiscard]] std::uint64_t relayed_packets() const { return relayed_packets_; }

 private:
  static constexpr base::TimePoint kNever = base::TimePoint::max();
  // Twice as long each time.
  static constexpr base::Duration kFirstRetry = std::chrono::seconds(10);
  struct Channel {
    ChannelRoute route;
    std::optional<ChannelOffload::Lease> lease = std::nullopt;
    turn::Volumes told{};  // of the lease, to the engine
    base::TimePoint told_at{};
    base::TimePoint look_again{};
    base::Duration retry = kFirstRetry;  // should it not be leased
    bool is_refused = false;  // by the offload: who refreshes such a one all the time has no routes looked up
  };
  using Channels = std::map<Place, Channel>;

  // Visits at most so many channels from there on; where to go on, or nothing behind the last one.
  template <class Visit>
  std::optional<Place> walk(const Place& from, std::size_t most, const Visit& visit);
  void withdraw_all();
  void begin_renewals();
  void renew_some(const base::Now& now);
  void recheck_some(const base::Now& now);
  void read_some(const base::Now& now);
  void renew(Channels::value_type& entry, const base::Now& now);
  void read(Channels::value_type& entry, const base::Now& now);
  void expect_traffic(const base::Now& now);
  [[nodiscard]] std::optional<base::TimePoint> relayed_until(const Place& place, const base::Now& now);
  // Ends the lease; returns what the engine was not told, and is now.
  turn::Offloaded end_lease(Channel& channel);
  void tell(const Place& place, const turn::Offloaded& relayed, const base::Now& now);
  void schedule(Channels::value_type& entry, base::TimePoint when);

  ChannelOffload& offload_;
  turn::Engine& engine_;
  Channels channels_;
  std::set<std::pair<base::TimePoint, Place>> due_;  // leases that end, and what is tried again
  std::size_t leased_ = 0;
  std::uint64_t relayed_packets_ = 0;
  bool suspended_ = false;

  // Walks over all channels, a part in each turn: where they go on. None: there is nothing to do.
  std::optional<Place> renewing_;
  bool renew_again_ = false;  // something has changed since this walk began
  std::optional<Place> rechecking_;

  // All are read, some in each turn, then there is a pause.
  Place read_from_{};
  base::TimePoint read_at_ = kNever;  // never: nothing is leased
  base::Duration pause_{};
  bool has_moved_ = false;  // in this round
};

}  // namespace turnd::worker
