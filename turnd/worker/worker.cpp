#include "turnd/worker/worker.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>
#include <utility>

#include "turnd/crypto/random.h"

namespace turnd::worker {
namespace {

// Going to sleep and waking up takes about as long.
constexpr base::Duration kShortestRest = std::chrono::microseconds(10);

bool is_datagram(const net::Listen& listen) { return !base::is_stream(listen.transport); }

auth::ChallengeLimiter::HashKey random_hash_key() {
  std::array<std::uint8_t, sizeof(auth::ChallengeLimiter::HashKey)> bytes{};
  crypto::system_random(bytes);
  auth::ChallengeLimiter::HashKey key{};
  std::memcpy(key.data(), bytes.data(), bytes.size());
  return key;
}

auth::Authenticator make_authenticator(const Configuration& configuration, const auth::NonceKey& nonce_key) {
  return {auth::Authenticator::Config{.nonce_key = nonce_key,
                                      .nonce_lifetime = configuration.nonce_lifetime,
                                      .challenges_per_ip = configuration.challenges_per_ip,
                                      .limiter_key = random_hash_key()},
          configuration.credentials};
}

std::optional<base::TimePoint> earlier(std::optional<base::TimePoint> a, std::optional<base::TimePoint> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

}  // namespace

Worker::Worker(const Configuration& configuration, const auth::NonceKey& nonce_key, const Shared& shared)
    : configuration_(configuration),
      kernel_(shared.kernel),
      poller_(shared.kernel),
      engine_(configuration.turn,
              turn::EngineParts{make_authenticator(configuration, nonce_key), configuration.policy, shared.quota,
                                shared.reservations, counters_, crypto::system_random}),
      leases_(shared.offload ? std::make_unique<ChannelLeases>(*shared.offload, engine_) : nullptr),
      runner_(
          {poller_, registry_, engine_, shared.sink, counters_, crypto::system_random, shared.kernel, leases_.get()},
          configuration.ports),
      streams_({poller_, registry_, runner_, counters_}, configuration.net.clients),
      coalescer_(configuration.coalesce) {
  streams_.replace_context(configuration.tls);
  if (!poller_.add(mailbox_.descriptor(), EPOLLIN, mailbox_))
    throw std::system_error(errno, std::generic_category(), "epoll_ctl of the mailbox");
  allow_leases(net::read_clocks());
}

Worker::~Worker() = default;

void Worker::run() {
  // The kernel may add this much to a rest, and else adds 50 us.
  prctl(PR_SET_TIMERSLACK, 1UL);  // nanoseconds, of this thread
  while (running_) {
    const base::Now now = poller_.run_once(next_deadline());
    on_time(now);
    rest(now);
  }
  mailbox_.close(net::read_clocks());
}

void Worker::rest(const base::Now& now) {
  const std::uint64_t before = std::exchange(relayed_, relayed());
  const base::TimePoint next = coalescer_.next_turn(relayed_ - before, now.monotonic);
  if (next == now.monotonic) return;
  const base::Duration left = next - net::read_clocks().monotonic;
  if (left < kShortestRest) return;
  const timespec time{0, left.count()};  // far below a second
  clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr);
}

// What was relayed below the sockets woke nobody, and comes in a lump when it is collected: it says nothing of the rate
// here.
std::uint64_t Worker::relayed() const {
  const std::uint64_t all = counters_.relayed_packets[0].value() + counters_.relayed_packets[1].value();
  return leases_ ? all - leases_->relayed_packets() : all;
}

std::optional<base::TimePoint> Worker::next_deadline() const {
  auto next = earlier(runner_.next_deadline(), streams_.next_deadline());
  for (const auto& door : doors_) next = earlier(next, door->next_deadline());
  return leases_ ? earlier(next, leases_->next_deadline()) : next;
}

void Worker::on_time(const base::Now& now) {
  const auto due = [&now](std::optional<base::TimePoint> deadline) { return deadline && *deadline <= now.monotonic; };
  if (due(runner_.next_deadline())) runner_.on_time(now);
  if (due(streams_.next_deadline())) streams_.on_time(now);
  for (const auto& door : doors_)
    if (due(door->next_deadline())) door->on_time(now);
  if (leases_ && due(leases_->next_deadline())) leases_->on_time(now);
  close_shut_doors();
}

std::optional<net::SocketError> Worker::prepare_listeners(const std::vector<net::Listen>& wanted) {
  for (const net::Listen& listen : wanted) {
    if (is_listening(listen)) continue;
    if (auto error = prepare_listener(listen)) return error;
  }
  return std::nullopt;
}

std::optional<net::SocketError> Worker::prepare_listener(const net::Listen& listen) {
  if (!is_datagram(listen)) {
    // A stream listener takes connections from the moment it is open; the kernel keeps them until it is used.
    auto error = streams_.listen(listen);
    if (!error) prepared_streams_.push_back(listen);
    return error;
  }
  auto door = UdpDoor::open(listen, {poller_, registry_, runner_, engine_, counters_, kernel_});
  if (!door) return door.error();
  (*door)->use_context(configuration_.tls, configuration_.net.clients);
  prepared_.push_back(std::move(*door));
  return std::nullopt;
}

void Worker::discard_prepared() {
  for (const net::Listen& listen : prepared_streams_) streams_.stop_listening(listen);
  prepared_streams_.clear();
  prepared_.clear();
}

void Worker::commit_listeners(const std::vector<net::Listen>& wanted) {
  std::ranges::move(prepared_, std::back_inserter(doors_));
  std::ranges::copy(prepared_streams_, std::back_inserter(stream_listeners_));
  prepared_.clear();
  prepared_streams_.clear();

  const auto is_wanted = [&wanted](const net::Listen& listen) {
    return std::ranges::find(wanted, listen) != wanted.end();
  };
  for (const auto& door : doors_) is_wanted(door->at()) ? door->gate().open() : door->gate().shut();
  std::erase_if(stream_listeners_, [&](const net::Listen& listen) {
    if (is_wanted(listen)) return false;
    streams_.stop_listening(listen);
    return true;
  });
  close_shut_doors();
}

void Worker::close_shut_doors() {
  std::erase_if(doors_, [this](const std::unique_ptr<UdpDoor>& door) {
    return door->gate().is_shut() && engine_.session_count_at(door->at().endpoint) == 0;
  });
}

void Worker::apply(const Configuration& configuration, const base::Now& now) {
  configuration_ = configuration;
  engine_.replace_settings(configuration.turn, now.monotonic);
  engine_.replace_policy(configuration.policy);
  engine_.authenticator().replace(configuration.credentials);
  engine_.authenticator().set_limits(configuration.nonce_lifetime, configuration.challenges_per_ip);
  runner_.replace_ports(configuration.ports);
  coalescer_.set_bound(configuration.coalesce);
  replace_tls(configuration.tls);
  if (leases_) leases_->recheck();
  allow_leases(now);
}

void Worker::set_admission(turn::Engine::Admission admission, const base::Now& now) {
  engine_.set_admission(admission);
  is_draining_ = admission != turn::Engine::Admission::open;
  allow_leases(now);
}

// What is left of the sessions while it drains goes through the sockets, where it can be seen to end.
void Worker::allow_leases(const base::Now& now) {
  if (!leases_) return;
  const bool may = !is_draining_ && !configuration_.turn.limits.bandwidth.limits_anybody();
  may ? leases_->resume() : leases_->suspend(now);
}

void Worker::renew_offload() {
  if (leases_) leases_->renew_all();
}

std::optional<ChannelLeases::Place> Worker::collect_offloaded(const ChannelLeases::Place& from, const base::Now& now) {
  return leases_ ? leases_->collect(from, now) : std::nullopt;
}

std::optional<turn::Session> Worker::session(turn::SessionId id, const base::Now& now) {
  if (leases_)
    for (const turn::RelayId relay : engine_.relays_of(id)) leases_->collect(relay, now);
  return engine_.session(id, now);
}

void Worker::replace_credentials(std::shared_ptr<const auth::CredentialSource> credentials) {
  configuration_.credentials = credentials;
  engine_.authenticator().replace(std::move(credentials));
}

void Worker::replace_tls(std::shared_ptr<const tls::ServerContext> context) {
  configuration_.tls = context;
  for (const auto& door : doors_) door->use_context(context, configuration_.net.clients);
  streams_.replace_context(std::move(context));
}

UdpDoor* Worker::find_door(const net::Listen& listen) {
  const auto found = std::ranges::find_if(doors_, [&](const auto& door) { return door->at() == listen; });
  return found == doors_.end() ? nullptr : found->get();
}

bool Worker::is_listening(const net::Listen& listen) {
  if (is_datagram(listen)) return find_door(listen) != nullptr;
  return std::ranges::find(stream_listeners_, listen) != stream_listeners_.end();
}

std::size_t Worker::receive_buffer(const net::Listen& listen) {
  UdpDoor* door = find_door(listen);
  return door ? door->listener().receive_buffer() : 0;
}

std::size_t Worker::clients_at(const net::Listen& listen) const {
  return is_datagram(listen) ? engine_.session_count_at(listen.endpoint) : streams_.connections_at(listen);
}

}  // namespace turnd::worker
