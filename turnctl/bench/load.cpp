#include "turnctl/bench/load.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "turnctl/bench/pacing.h"
#include "turnctl/bench/stamp.h"

namespace turnctl::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// What has not arrived by then is lost.
constexpr auto kPatience = 500ms;
// In the closed loop a way on which nothing arrives for so long begins anew: its window was lost.
constexpr auto kStalled = 200ms;
constexpr auto kLongestWait = 1ms;

class Run {
 public:
  Run(const Plan& plan, std::span<const Way> ways)
      : plan_(plan),
        ways_(ways),
        flights_(ways.size()),
        pacing_(plan.packets_per_second),
        epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    payload_.resize(*std::ranges::max_element(plan.sizes), 0x2E);
    for (std::size_t i = 0; i < ways.size(); ++i)
      for (Lane* lane : {&ways[i].from, &ways[i].to}) watch(*lane);
  }
  ~Run() { ::close(epoll_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Measured run() {
    begin_ = Clock::now();
    end_ = begin_ + plan_.duration;
    for (auto now = Clock::now(); now < end_; now = Clock::now()) {
      plan_.packets_per_second > 0 ? send_due(now) : send_windows(now);
      receive(now);
    }
    measured_.time = Clock::now() - begin_;
    const auto last = Clock::now() + kPatience;
    while (measured_.received < measured_.sent - measured_.refused && measured_.broken < lanes_.size() &&
           Clock::now() < last)
      receive(Clock::now());
    return measured_;
  }

 private:
  struct Flight {  // of one way
    std::uint64_t packets = 0;
    Clock::time_point last{};  // something arrived, or it began
  };

  void watch(Lane& lane) {
    if (std::ranges::find(lanes_, &lane) != lanes_.end()) return;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = lanes_.size();
    epoll_ctl(epoll_, EPOLL_CTL_ADD, lane.descriptor(), &event);
    lanes_.push_back(&lane);
  }

  void send_burst(std::size_t way) {
    for (std::size_t i = 0; i < plan_.burst; ++i) {
      const std::size_t size = plan_.sizes[next_size_++ % plan_.sizes.size()];
      const auto payload = turnd::base::MutableBytes(payload_).first(size);
      Stamp{static_cast<std::uint32_t>(way), Clock::now().time_since_epoch()}.write(payload);
      ++measured_.sent;
      if (ways_[way].from.send(payload))
        ++flights_[way].packets;
      else
        ++measured_.refused;
    }
  }
  void send_due(Clock::time_point now) {
    const std::uint64_t due = pacing_.due(now - begin_);
    while (measured_.sent + plan_.burst <= due && Clock::now() < end_) {
      send_burst(next_way_);
      next_way_ = (next_way_ + 1) % ways_.size();
    }
  }
  void send_windows(Clock::time_point now) {
    for (std::size_t way = 0; way < ways_.size() && Clock::now() < end_; ++way) {  // a lane may wait to send
      Flight& flight = flights_[way];
      if (flight.packets != 0 && now - flight.last > kStalled) flight.packets = 0;
      if (flight.packets == 0) flight.last = now;
      while (flight.packets + plan_.burst <= plan_.window) {
        const std::uint64_t refused = measured_.refused;
        send_burst(way);
        if (measured_.refused != refused) break;
      }
    }
  }

  // What is there, after a wait for the next packet that is due.
  void receive(Clock::time_point now) {
    std::array<epoll_event, 256> ready;
    const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), patience(now));
    for (int i = 0; i < count; ++i) receive_from(ready[static_cast<std::size_t>(i)].data.u64);
  }
  [[nodiscard]] int patience(Clock::time_point now) const {
    if (plan_.packets_per_second <= 0) return 1;
    // Below a millisecond the loop spins: it measures latency, and a poller that rests would be measured too.
    return begin_ + pacing_.next(measured_.sent) - now > kLongestWait ? 1 : 0;
  }
  void receive_from(std::size_t index) {
    Lane& lane = *lanes_[index];
    const bool good = lane.receive([&](turnd::base::ByteView payload) { take(lane, payload); });
    if (good) return;
    ++measured_.broken;
    epoll_ctl(epoll_, EPOLL_CTL_DEL, lane.descriptor(), nullptr);
  }
  void take(const Lane& lane, turnd::base::ByteView payload) {
    const auto stamp = Stamp::read(payload);
    if (!stamp || stamp->way >= ways_.size() || &ways_[stamp->way].to != &lane) {
      ++measured_.strange;
      return;
    }
    const auto now = Clock::now();
    Flight& flight = flights_[stamp->way];
    if (flight.packets != 0) --flight.packets;
    flight.last = now;
    ++measured_.received;
    measured_.received_bytes += payload.size();
    measured_.latency.add(now.time_since_epoch() - stamp->sent);
  }

  const Plan& plan_;
  std::span<const Way> ways_;
  std::vector<Flight> flights_;
  std::vector<Lane*> lanes_;
  Pacing pacing_;
  int epoll_;
  turnd::base::Bytes payload_;
  std::size_t next_size_ = 0;
  std::size_t next_way_ = 0;
  Clock::time_point begin_{}, end_{};
  Measured measured_;
};

}  // namespace

Measured measure(const Plan& plan, std::span<const Way> ways) { return Run(plan, ways).run(); }

}  // namespace turnctl::bench
