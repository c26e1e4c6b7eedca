// TlsHandshake: the client's side of a TLS or DTLS handshake, a step at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "turnctl/failure.h"
#include "turnctl/link.h"

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // and SSL_CTX

namespace turnctl {

// What the connections to a server have in common. A session is never resumed.
using TlsContext = std::shared_ptr<ssl_ctx_st>;
[[nodiscard]] Outcome<TlsContext> make_tls_context(turnd::base::Transport transport, const TlsTrust& trust);

// One thread; never waits.
class TlsHandshake {
 public:
  TlsHandshake(const TlsContext& context, const TlsTrust& trust, std::unique_ptr<Connection> connection);

  enum class Progress : std::uint8_t { wants_to_read, wants_to_write, done };
  // Whenever the descriptor is ready or the timer is over.
  [[nodiscard]] Outcome<Progress> advance();
  [[nodiscard]] int descriptor() const { return connection_->descriptor(); }
  // When DTLS sends its flight again; TLS never does.
  [[nodiscard]] std::optional<Deadline> timer() const;
  // After `done`, once.
  [[nodiscard]] std::unique_ptr<Link> take_link(std::size_t largest_message = kLargestMessage);

 private:
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
};

}  // namespace turnctl
