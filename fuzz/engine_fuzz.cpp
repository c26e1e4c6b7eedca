// The engine as a state machine: bytes become operations of clients, peers, time and operator; after each of them
// everything must agree (ports, quota, tables, deadlines).
#include <cstdint>
#include <cstdlib>

#include "tests/support/world.h"

namespace turnd::support {
namespace {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_[0];
    rest_ = rest_.subspan(1);
    return first;
  }
  // Up to `most` bytes of what is left.
  base::Bytes bytes(std::size_t most) {
    const base::ByteView taken = rest_.first(std::min(most, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return base::to_owned(taken);
  }

 private:
  base::ByteView rest_;
};

constexpr std::string_view kPeers[] = {"9.9.9.9:7000",       "9.9.9.9:7001",      "8.8.4.4:53",
                                       "127.0.0.1:80",       "[2620:fe::9]:7000", "[::1]:80",
                                       "203.0.113.10:50000", "203.0.113.10:3478", "192.168.1.1:7000",
                                       "[2620:fe::a]:7000",  "9.9.9.9:0",         "203.0.113.10:50001"};
constexpr stun::Method kMethods[] = {stun::Method::allocate,     stun::Method::refresh, stun::Method::create_permission,
                                     stun::Method::channel_bind, stun::Method::connect, stun::Method::binding};

class Machine {
 public:
  Machine() : world_(options()) {
    clients_[2].via = {77};
    for (Client& client : clients_) world_.learn(client);
  }

  void step(Input& input) {
    switch (input.byte() % 8) {
      case 0:
      case 1:
        request(input);
        break;
      case 2:
        raw(input);
        break;
      case 3:
        data(input);
        break;
      case 4:
        peer(input);
        break;
      case 5:
        open(input);
        break;
      case 6:
        time(input);
        break;
      default:
        operate(input);
        break;
    }
    if (!world_.is_balanced()) std::abort();
    world_.forget();
  }

 private:
  static WorldOptions options() {
    WorldOptions options;
    options.ports = {50000, 50003};
    options.settings.limits.permissions = 4;
    options.settings.limits.channels = 3;
    options.settings.limits.allocations_per_user = 2;
    return options;
  }
  static base::Endpoint peer_of(Input& input) { return endpoint(kPeers[input.byte() % std::size(kPeers)]); }
  Client& client_of(Input& input) { return clients_[input.byte() % clients_.size()]; }

  void request(Input& input) {
    Client& client = client_of(input);
    const stun::Method method = kMethods[input.byte() % std::size(kMethods)];
    (void)world_.try_request(client, method, [&](stun::MessageBuilder& message) {
      if (method == stun::Method::allocate && input.byte() % 8 != 0) message.add(stun::RequestedTransport{17});
      for (int count = input.byte() % 4; count > 0; --count) add_attribute(input, message);
    });
  }
  void add_attribute(Input& input, stun::MessageBuilder& message) {
    const auto family = [&] { return input.byte() % 2 == 0 ? base::Family::ipv4 : base::Family::ipv6; };
    switch (input.byte() % 10) {
      case 0:
        message.add(stun::Lifetime{std::chrono::seconds(input.byte() * 20)});
        break;
      case 1:
      case 2:
        message.add(stun::XorPeerAddress{peer_of(input)});
        break;
      case 3:
        message.add(stun::ChannelNumber{{static_cast<std::uint16_t>(0x3FFF + input.byte() % 6)}});
        break;
      case 4:
        message.add(stun::EvenPort{static_cast<stun::EvenPort::Next>(input.byte() % 2)});
        break;
      case 5:
        message.add(stun::RequestedAddressFamily{family()});
        break;
      case 6:
        message.add(stun::AdditionalAddressFamily{family()});
        break;
      case 7:
        message.add(token_);
        break;
      case 8:
        message.add(stun::DontFragment{});
        break;
      default:
        message.add_raw(static_cast<stun::AttributeType>(input.byte()), input.bytes(input.byte() % 16));
        break;
    }
  }
  void raw(Input& input) { (void)world_.deliver(client_of(input), input.bytes(input.byte())); }
  void data(Input& input) {
    Client& client = client_of(input);
    if (input.byte() % 2 == 0) {
      (void)world_.send(client, peer_of(input), base::as_text(input.bytes(4)));
    } else {
      (void)world_.channel(client, static_cast<std::uint16_t>(0x4000 + input.byte() % 5), "data");
    }
  }
  void peer(Input& input) {
    const base::Endpoint relayed = {address("203.0.113.10"), static_cast<std::uint16_t>(50000 + input.byte() % 4)};
    (void)world_.from_peer(peer_of(input), relayed, base::as_text(input.bytes(5)));
  }
  void open(Input& input) {
    const std::uint8_t what = input.byte() % 5;
    if (what == 0) return world_.hold_relays();
    if (world_.held_relays() == 0) return;
    if (what < 4) return world_.open_held();
    world_.fail_held(static_cast<turn::OpenError>(input.byte() % 3));
  }
  void time(Input& input) {
    const std::chrono::seconds by(input.byte() * 3);
    if (input.byte() % 4 == 0) return world_.advance_without_timer(by);
    world_.advance(by);
  }
  void operate(Input& input) {
    turn::PeerRules rules;
    turn::Settings settings;
    switch (input.byte() % 6) {
      case 0:
        return world_.disconnect(clients_[2]);
      case 1:
        if (const auto all = world_.sessions(); !all.empty()) world_.kill(all[0].id);
        return;
      case 2:
        if (input.byte() % 2 == 0)
          rules.deny.push_back({base::AddressRange::parse("9.9.9.9").value(), std::nullopt, "9.9.9.9"});
        return world_.replace_rules(rules);
      case 3:
        settings.limits.bandwidth.session = input.byte() * 100U;
        settings.stop_on_credential_expiry = input.byte() % 2 == 0;
        return world_.replace_settings(settings);
      case 4:
        return world_.engine.set_admission(static_cast<turn::Engine::Admission>(input.byte() % 2));
      default: {
        const base::Bytes bytes = input.bytes(8);
        std::copy(bytes.begin(), bytes.end(), token_.token.begin());
      }
    }
  }

  World world_;
  std::array<Client, 4> clients_{World::make_client("alice", "10.1.1.1:1"), World::make_client("bob", "10.1.1.1:2"),
                                 World::make_client("carol", "10.1.1.1:3", base::Transport::tcp),
                                 World::make_client("bob", "10.1.1.1:1")};  // the first one's five-tuple
  stun::ReservationToken token_;
};

}  // namespace
}  // namespace turnd::support

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  turnd::support::Input input(data, size);
  turnd::support::Machine machine;
  while (!input.empty()) machine.step(input);
  return 0;
}
