#include "turnctl/probe_steps.h"

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "turnd/crypto/random.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using turnd::base::Endpoint;
using turnd::base::IpAddress;
using turnd::base::Transport;
using Clock = std::chrono::steady_clock;

constexpr auto kResolverPatience = 6s;
constexpr std::size_t kMostAddresses = 4;
constexpr std::size_t kEchoBytes = 64;
constexpr int kEchoRounds = 4;
constexpr auto kEchoPatience = 500ms;

// Does `action`.
template <class Action>
Step timed(const char* name, Action action) {
  const auto start = Clock::now();
  const Outcome<Found> outcome = action();
  Step step{name, outcome.has_value(), Clock::now() - start, {}, {}};
  step.detail = outcome ? outcome->text : outcome.error().detail;
  if (!outcome) step.remedy = outcome.error().remedy;
  return step;
}

// The C library's resolver knows no deadline, so it is left behind in a thread of its own.
Outcome<std::vector<IpAddress>> resolve_until(const std::string& host, Deadline until) {
  using Addresses = Outcome<std::vector<IpAddress>>;
  auto answer = std::make_shared<std::promise<Addresses>>();
  auto pending = answer->get_future();
  std::thread([answer, host] { answer->set_value(resolve(host)); }).detach();
  if (pending.wait_until(until) != std::future_status::ready)
    return Failure{"the name " + host + " was not resolved in time", "check the DNS of this machine"};
  return pending.get();
}

bool is_secure(Transport transport) { return transport == Transport::tls || transport == Transport::dtls; }

}  // namespace

Probe::Probe(Target target, Deadline deadline, OnStep on_step)
    : target_(std::move(target)), deadline_(deadline), on_step_(std::move(on_step)) {}

Probe::~Probe() {
  for (Side* side : {&caller_, &callee_})
    if (side->relayed) side->client->release();
}

bool Probe::run() {
  const auto addresses = resolve_host();
  if (!addresses || !reach(*addresses)) return false;
  if (!target_.uri.relays) return true;
  return allocate() && permit() && echo();
}

void Probe::report(Step step) {
  ok_ = step.ok;
  on_step_(step);
}

std::optional<std::vector<IpAddress>> Probe::resolve_host() {
  std::vector<IpAddress> addresses;
  report(timed("resolve", [&]() -> Outcome<Found> {
    auto found = resolve_until(target_.uri.host, std::min(deadline_, Deadline(Clock::now() + kResolverPatience)));
    if (!found) return found.error();
    addresses = std::move(*found);
    std::string text;
    for (const IpAddress& address : addresses) text += (text.empty() ? "" : ", ") + to_string(address);
    return Found{text};
  }));
  if (!ok_) return std::nullopt;
  return addresses;
}

// Like a browser: the addresses in the resolver's order until one answers. When none does, the first one's failure is
// told.
bool Probe::reach(const std::vector<IpAddress>& addresses) {
  std::optional<Attempt> told;
  const std::size_t count = std::min(addresses.size(), kMostAddresses);
  for (std::size_t i = 0; i < count; ++i) {
    const Endpoint server{addresses[i], target_.uri.port};
    // Half of the time is kept for what comes after.
    const auto share = (deadline_ - Clock::now()) / (2 * static_cast<int>(count - i));
    Attempt attempt = try_address(server, Clock::now() + share);
    const bool answered = attempt.link != nullptr;
    if (answered) server_ = server;
    if (answered || !told) told = std::move(attempt);
    if (answered) break;
  }
  for (Step& step : told->steps) report(std::move(step));
  caller_.link = std::move(told->link);
  return ok_;
}

Probe::Attempt Probe::try_address(const Endpoint& server, Deadline until) const {
  Attempt attempt;
  const Transport transport = target_.uri.transport;
  std::unique_ptr<Connection> connection;
  std::unique_ptr<Link> link;
  const auto connect = [&]() -> Outcome<Found> {
    auto opened = Connection::open(server, transport, until);
    if (!opened) return opened.error();
    connection = std::move(*opened);
    return Found{to_string(server)};
  };
  Step connected = timed("connect", connect);
  if (turnd::base::is_stream(transport) || !connected.ok) attempt.steps.push_back(connected);
  if (!connected.ok) return attempt;
  if (is_secure(transport)) {
    attempt.steps.push_back(timed("tls", [&]() -> Outcome<Found> {
      auto secured = secure_link(std::move(connection), target_.trust, until);
      if (!secured) return secured.error();
      link = std::move(*secured);
      return Found{target_.trust.insecure ? "the certificate was not checked"
                                          : "the certificate is good for " + target_.trust.server_name};
    }));
    if (!attempt.steps.back().ok) return attempt;
  } else {
    link = plain_link(std::move(connection));
  }
  attempt.steps.push_back(timed("binding", [&]() -> Outcome<Found> {
    const auto mapped = TurnClient(*link, {}, until).binding();
    if (!mapped) return mapped.error();
    return Found{to_string(server) + " sees this machine as " + to_string(*mapped)};
  }));
  if (attempt.steps.back().ok) attempt.link = std::move(link);
  return attempt;
}

Outcome<std::unique_ptr<Link>> Probe::open_another_link() const {
  auto connection = Connection::open(server_, target_.uri.transport, deadline_);
  if (!connection) return connection.error();
  if (is_secure(target_.uri.transport)) return secure_link(std::move(*connection), target_.trust, deadline_);
  return plain_link(std::move(*connection));
}

bool Probe::allocate() {
  report(timed("allocate", [this] { return allocate_both(); }));
  return ok_;
}

Outcome<Found> Probe::allocate_both() {
  const auto login = target_.login();
  if (!login) return login.error();
  auto another = open_another_link();
  if (!another) return another.error();
  callee_.link = std::move(*another);
  for (Side* side : {&caller_, &callee_}) {
    side->client = std::make_unique<TurnClient>(*side->link, *login, deadline_);
    auto relayed = side->client->allocate_either(server_.address.family());
    if (!relayed) return relayed.error();
    side->relayed = *relayed;
  }
  return Found{to_string(*caller_.relayed) + " and " + to_string(*callee_.relayed) + " for " + login->username};
}

bool Probe::permit() {
  report(timed("permission", [this]() -> Outcome<Found> {
    for (auto [side, peer] : {std::pair{&caller_, &callee_}, std::pair{&callee_, &caller_}})
      if (const auto done = side->client->create_permission(peer->relayed->address); !done) return done.error();
    return Found{"for the relayed address of the other"};
  }));
  return ok_;
}

bool Probe::echo() {
  report(timed("echo", [this]() -> Outcome<Found> {
    if (const auto there = pass(caller_, callee_); !there) return there.error();
    return pass(callee_, caller_);
  }));
  return ok_;
}

// UDP between the two relays may lose a datagram: it is sent a few times.
Outcome<Found> Probe::pass(Side& from, Side& to) const {
  turnd::base::Bytes data(kEchoBytes);
  turnd::crypto::system_random(data);
  for (int round = 0; round < kEchoRounds && Clock::now() < deadline_; ++round) {
    if (const auto sent = from.client->send(*to.relayed, data); !sent) return sent.error();
    const auto came = to.client->expect(data, std::min(deadline_, Deadline(Clock::now() + kEchoPatience)));
    if (!came) return came.error();
    if (*came) return Found{std::to_string(kEchoBytes) + " bytes there and back"};
  }
  return Failure{
      "what was sent from " + to_string(*from.relayed) + " to " + to_string(*to.relayed) + " did not arrive",
      "can the server reach its own relayed addresses? check relay.external, and the firewall for relay.ports"};
}

}  // namespace turnctl
