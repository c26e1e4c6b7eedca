// RunnerFixture: an engine with its sockets on loopback, and TURN clients in front of them.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/client.h"
#include "tests/support/reply.h"
#include "tests/support/surroundings.h"
#include "tests/turnd/net/udp_socket.h"
#include "turnd/crypto/random.h"
#include "turnd/net/channel_sink.h"
#include "turnd/net/effect_runner.h"
#include "turnd/net/udp_listener.h"

namespace turnd::net {

using namespace std::chrono_literals;

class RecordingSink final : public SessionSink {
 public:
  void on_session_opened(const turn::Session& session) override { opened.push_back(session); }
  void on_session_closed(const turn::EndedSession& session) override { closed.push_back(session); }
  void on_auth_refused(const turn::AuthRefused& refused) override { refusals.push_back(refused); }

  std::vector<turn::Session> opened;
  std::vector<turn::EndedSession> closed;
  std::vector<turn::AuthRefused> refusals;
};

class RunnerFixture : public testing::Test {
 protected:
  // An address that this machine lacks stands for the public one of a 1:1 NAT.
  static inline const base::IpAddress kLoopback = support::address("127.0.0.1");
  static inline const base::IpAddress kLoopback6 = support::address("::1");
  static constexpr turn::PortRange kRange{49152, 65535};

  explicit RunnerFixture(std::vector<turn::RelayAddress> addresses = {{kLoopback, kLoopback}, {kLoopback6, kLoopback6}},
                         turn::PortRange range = kRange, const KernelFeatures& features = probe_kernel_features(),
                         ChannelSink* channels = nullptr)
      : kernel(features),
        poller(features),
        ports(std::make_shared<turn::RelayPorts>(addresses, range, nullptr)),
        ledger({}),
        engine({}, parts()),
        runner({poller, registry, engine, sink, counters, crypto::system_random, kernel, channels}, ports),
        listener(open_listener()) {}

  // Everything that has arrived is dealt with, and everything that follows from it.
  void settle() {
    constexpr int kHops = 8;  // client, relay, other relay, other client, and what more waits
    for (int i = 0; i < kHops; ++i) poller.run_once(base::TimePoint::min());
  }

  class Caller {
   public:
    Caller(RunnerFixture& fixture, const std::string& name)
        : fixture_(fixture),
          client_{.username = name,
                  .password = name + "-password",
                  .tuple = {socket_.local(), fixture.listener->local(), base::Transport::udp}} {}

    support::Reply allocate(const support::Attributes& attributes = {}) {
      return request(stun::Method::allocate, [&](stun::MessageBuilder& message) {
        message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
        if (attributes) attributes(message);
      });
    }
    support::Reply bind(std::uint16_t number, const base::Endpoint& peer) {
      return request(stun::Method::channel_bind, [&](stun::MessageBuilder& message) {
        message.add(stun::ChannelNumber{{number}}).add(stun::XorPeerAddress{peer});
      });
    }
    support::Reply permit(const base::Endpoint& peer) {
      return request(stun::Method::create_permission,
                     [&](stun::MessageBuilder& message) { message.add(stun::XorPeerAddress{peer}); });
    }
    support::Reply end() {
      return request(stun::Method::refresh, [](stun::MessageBuilder& message) { message.add(stun::Lifetime{0s}); });
    }
    support::Reply request(stun::Method method, const support::Attributes& attributes) {
      if (client_.nonce.empty()) learn();
      return ask(client_.signed_request(method, attributes));
    }

    void send(base::ByteView bytes) { socket_.send(fixture_.listener->local(), bytes); }
    std::optional<std::string> receive() {
      fixture_.settle();
      auto datagram = socket_.receive();
      if (!datagram) return std::nullopt;
      return std::move(datagram->bytes);
    }
    void mark(const turn::HeaderFields& fields) { socket_.mark(fields); }
    [[nodiscard]] support::Client& client() { return client_; }
    [[nodiscard]] int descriptor() const { return socket_.descriptor(); }

   private:
    support::Reply ask(const base::Bytes& bytes) {
      send(bytes);
      const std::string reply = receive().value();
      return support::Reply(base::to_owned(base::as_bytes(reply)));
    }
    void learn() {
      const support::Reply challenge = ask(client_.unsigned_request(stun::Method::refresh));
      client_.realm = std::string(challenge.get<stun::Realm>().value().text);
      client_.nonce = std::string(challenge.get<stun::Nonce>().value().text);
    }

    RunnerFixture& fixture_;
    UdpSocket socket_;
    support::Client client_;
  };

  [[nodiscard]] std::uint64_t drops(turn::DropReason why) const {
    return counters.drops[static_cast<std::size_t>(why)].value();
  }
  [[nodiscard]] std::uint64_t relayed(turn::Direction direction) const {
    return counters.relayed_packets[static_cast<std::size_t>(direction)].value();
  }

  KernelFeatures kernel;
  Poller poller;
  ClientRegistry registry;
  turn::WorkerCounters counters;
  std::shared_ptr<turn::RelayPorts> ports;
  support::CountingLedger ledger;
  support::CountingBoard board;
  RecordingSink sink;
  turn::Engine engine;
  EffectRunner runner;
  std::unique_ptr<UdpListener> listener;

 private:
  std::unique_ptr<UdpListener> open_listener() {
    auto opened = UdpListener::open({base::Transport::udp, support::endpoint("127.0.0.1:0"), {}},
                                    {poller, registry, runner, kernel});
    if (!opened) throw std::runtime_error(opened.error().why);
    return std::move(*opened);
  }
  turn::EngineParts parts() {
    auth::Settings credentials;
    credentials.realm = "example.org";
    for (const std::string name : {"alice", "bob"})
      credentials.users[name] = {base::Secret(name + "-password"), std::nullopt, std::nullopt};
    turn::PeerRules rules;
    rules.unsafe_allow_loopback = true;
    turn::PolicySurroundings around;
    around.relays = ports;
    const auth::Authenticator::Config config{
        .nonce_key = {1}, .nonce_lifetime = 600s, .challenges_per_ip = 0, .limiter_key = {2, 3}};
    return {.authenticator = {config, auth::CredentialSource::make(credentials, {})},
            .policy = std::make_shared<turn::PeerPolicy>(rules, std::move(around), 1),
            .quota = ledger,
            .reservations = board,
            .counters = counters,
            .random = crypto::system_random};
  }
};

}  // namespace turnd::net
