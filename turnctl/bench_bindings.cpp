#include "turnctl/bench_bindings.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "turnctl/datagram_batches.h"
#include "turnctl/link.h"
#include "turnd/base/byte_reader.h"
#include "turnd/base/byte_writer.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using turnd::base::ByteView;
using turnd::stun::MessageClass;
using turnd::stun::Method;
using Clock = std::chrono::steady_clock;

// What has not been answered by then is lost.
constexpr auto kPatience = 500ms;
// A client that hears nothing for so long begins anew: its window was lost.
constexpr auto kStalled = 200ms;

// What every transaction id is made of: | client, 32 bits | time of sending, 64 bits, in nanoseconds of our clock |
struct Mark {
  std::uint32_t client = 0;
  std::chrono::nanoseconds sent{};

  [[nodiscard]] turnd::stun::TransactionId transaction() const {
    turnd::stun::TransactionId id{};
    turnd::base::ByteWriter out(id);
    out.u32(client);
    out.u64(static_cast<std::uint64_t>(sent.count()));
    return id;
  }
  static Mark of(const turnd::stun::TransactionId& id) {
    turnd::base::ByteReader in(id);
    const std::uint32_t client = in.u32();
    return {client, std::chrono::nanoseconds(static_cast<std::int64_t>(in.u64()))};
  }
};

struct Client {
  std::unique_ptr<Connection> connection;
  std::size_t in_flight = 0;
  Deadline last{};  // something was answered, or it began
};

class Run {
 public:
  Run(const BindingsPlan& plan, std::vector<Client> clients)
      : plan_(plan), clients_(std::move(clients)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (std::uint32_t i = 0; i < clients_.size(); ++i) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u32 = i;
      epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[i].connection->descriptor(), &event);
    }
  }
  ~Run() { ::close(epoll_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  MeasuredBindings run() {
    const auto begin = Clock::now();
    for (auto now = begin; now < begin + plan_.duration; now = Clock::now()) {
      for (std::uint32_t i = 0; i < clients_.size(); ++i) fill_window(i, now);
      receive();
    }
    measured_.time = Clock::now() - begin;
    const auto last = Clock::now() + kPatience;
    while (measured_.answered < measured_.sent - measured_.refused && Clock::now() < last) receive();
    return measured_;
  }

 private:
  void fill_window(std::uint32_t number, Deadline now) {
    Client& client = clients_[number];
    if (client.in_flight != 0 && now - client.last > kStalled) client.in_flight = 0;
    if (client.in_flight >= plan_.window) return;
    if (client.in_flight == 0) client.last = now;
    const std::size_t count = std::min(plan_.window - client.in_flight, DatagramBatches::kMost);
    turnd::stun::MessageBuilder request({Method::binding, MessageClass::request},
                                        Mark{number, now.time_since_epoch()}.transaction());
    const std::size_t left = batches_.send(client.connection->descriptor(), request.finish(), count);
    measured_.sent += count;
    measured_.refused += count - left;
    client.in_flight += left;
  }
  void receive() {
    std::array<epoll_event, 256> ready;
    const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 1);
    for (int i = 0; i < count; ++i) {
      const std::uint32_t number = ready[static_cast<std::size_t>(i)].data.u32;
      const auto now = Clock::now();
      batches_.receive(clients_[number].connection->descriptor(), [&](ByteView reply) { take(number, reply, now); });
    }
  }
  void take(std::uint32_t number, ByteView bytes, Deadline now) {
    const auto reply = turnd::stun::MessageView::parse(bytes);
    const bool answers = reply && reply->method() == Method::binding && reply->is(MessageClass::success);
    const Mark mark = answers ? Mark::of(reply->transaction_id()) : Mark{};
    if (!answers || mark.client != number) {
      ++measured_.strange;
      return;
    }
    Client& client = clients_[number];
    if (client.in_flight != 0) --client.in_flight;
    client.last = now;
    ++measured_.answered;
    measured_.latency.add(now.time_since_epoch() - mark.sent);
  }

  const BindingsPlan& plan_;
  std::vector<Client> clients_;
  int epoll_;
  DatagramBatches batches_;
  MeasuredBindings measured_;
};

}  // namespace

Outcome<MeasuredBindings> measure_bindings(const BindingsPlan& plan) {
  std::vector<Client> clients;
  for (std::size_t i = 0; i < plan.clients; ++i) {
    auto connection = Connection::begin(plan.server, turnd::base::Transport::udp);
    if (!connection) return connection.error();
    clients.push_back({std::move(*connection)});
  }
  return Run(plan, std::move(clients)).run();
}

}  // namespace turnctl
