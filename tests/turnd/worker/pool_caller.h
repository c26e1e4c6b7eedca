// PoolCaller: a TURN client that waits for the answers of workers on threads of their own.
#pragma once

#include <poll.h>

#include <optional>
#include <string>

#include "tests/support/client.h"
#include "tests/support/reply.h"
#include "tests/turnd/net/udp_socket.h"

namespace turnd::worker {

class PoolCaller {
 public:
  explicit PoolCaller(const base::Endpoint& server, const std::string& name = "alice")
      : server_(server),
        client_{.username = name,
                .password = name + "-password",
                .tuple = {socket_.local(), server, base::Transport::udp}} {}

  // 0 for a success, -1 when nothing answers.
  int allocate() {
    const auto reply = request(stun::Method::allocate, [](stun::MessageBuilder& message) {
      message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
    });
    if (reply && reply->succeeded()) relayed_ = reply->relayed();
    return reply ? reply->code() : -1;
  }
  int refresh() {
    const auto reply = request(stun::Method::refresh, {});
    return reply ? reply->code() : -1;
  }
  // Its answer is nobody's business.
  void send_with_a_wrong_password() {
    support::Client liar = client_;
    liar.password = "wrong";
    socket_.send(server_, liar.signed_request(stun::Method::refresh));
  }
  [[nodiscard]] const base::Endpoint& relayed() const { return relayed_; }

 private:
  std::optional<support::Reply> request(stun::Method method, const support::Attributes& attributes) {
    if (client_.nonce.empty()) {
      const auto challenge = ask(client_.unsigned_request(stun::Method::refresh));
      if (!challenge) return std::nullopt;
      client_.realm = std::string(challenge->get<stun::Realm>().value().text);
      client_.nonce = std::string(challenge->get<stun::Nonce>().value().text);
    }
    return ask(client_.signed_request(method, attributes));
  }
  std::optional<support::Reply> ask(const base::Bytes& bytes) {
    constexpr int kPatience = 5000;  // ms; only a test that fails waits so long
    socket_.send(server_, bytes);
    pollfd arrival{socket_.descriptor(), POLLIN, 0};
    (void)::poll(&arrival, 1, kPatience);
    const auto datagram = socket_.receive();
    if (!datagram) return std::nullopt;
    return support::Reply(base::to_owned(base::as_bytes(datagram->bytes)));
  }

  net::UdpSocket socket_;
  base::Endpoint server_;
  support::Client client_;
  base::Endpoint relayed_;
};

}  // namespace turnd::worker
