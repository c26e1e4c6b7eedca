// StreamSession: one TCP or TLS client, from accept to the end.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "turnd/base/clock.h"
#include "turnd/net/client_link.h"
#include "turnd/net/half_open.h"
#include "turnd/net/inbox.h"
#include "turnd/net/poller.h"
#include "turnd/net/settings.h"
#include "turnd/net/stream_channel.h"
#include "turnd/stun/stream_framer.h"
#include "turnd/tls/server_context.h"
#include "turnd/turn/counters.h"

namespace turnd::net {

class StreamSession final : public EventHandler, public ClientLink {
 public:
  // What all sessions of a worker share.
  struct Surroundings {
    Poller& poller;
    ClientRegistry& registry;
    Inbox& inbox;
    turn::WorkerCounters& counters;
    const ClientLimits& limits;
    HalfOpen<StreamSession>& half_open;
    ReadMemory& memory;
  };
  // Ends a session: destroys it.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void on_session_over(StreamSession& session, const base::Now& now) = 0;
  };
  struct Origin {
    base::Endpoint listener;
    base::Transport transport{};  // tcp: TLS is recognised by its first byte where there is a context
    std::shared_ptr<const tls::ServerContext> context;  // null: no TLS
  };
  StreamSession(posix::FileDescriptor socket, Origin origin, const Surroundings& around, Owner& owner,
                const base::Now& now);
  ~StreamSession() override;

  [[nodiscard]] const base::Endpoint& listener() const { return origin_.listener; }
  [[nodiscard]] turn::ClientId id() const { return id_; }
  // A deadline has passed: what the client failed to do is counted.
  void give_up();

  void on_ready(std::uint32_t events, const base::Now& now) override;
  void send_message(const turn::FiveTuple& to, base::ByteView message) override;
  [[nodiscard]] NotSent send_forwards(const turn::ClientForwards& forwards) override;
  void on_session_opened(const base::Now& now) override;
  void on_session_closed(const base::Now& now) override;

 private:
  enum class Stage : std::uint8_t {
    detecting,  // the first byte tells TLS from STUN
    handshaking,
    first_message,  // no whole message yet
    no_allocation,
    allocated,
  };
  enum class Progress : std::uint8_t { again_later, over };

  [[nodiscard]] Progress advance(const base::Now& now);
  [[nodiscard]] Progress detect(const base::Now& now);
  [[nodiscard]] Progress start_tls();
  [[nodiscard]] Progress shake_hands(const base::Now& now);
  [[nodiscard]] Progress read(const base::Now& now);
  [[nodiscard]] Progress read_once(const base::Now& now);
  [[nodiscard]] Progress deliver(const base::Now& now);
  void enter(Stage stage, base::TimePoint deadline);
  void use_transport(base::Transport transport);
  void want(std::uint32_t events);
  void update_interest();

  Surroundings around_;
  Owner& owner_;
  Origin origin_;
  StreamChannel channel_;
  stun::StreamFramer framer_;
  turn::FiveTuple tuple_;
  turn::ClientId id_;
  base::TimePoint deadline_{};
  std::uint32_t wanted_events_ = 0;
  Stage stage_ = Stage::detecting;
  bool stuck_ = false;  // TLS must write before it can read on
};

}  // namespace turnd::net
