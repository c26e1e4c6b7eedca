// Keys of session tickets (RFC 8446 s4.6.1): they change twice a day and are forgotten.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

#include "turnd/base/clock.h"

namespace turnd::tls {

struct TicketKey {
  static constexpr std::size_t kNameSize = 16;
  std::array<std::uint8_t, kNameSize> name{};  // stands in the ticket
  std::array<std::uint8_t, 32> encryption{};
  std::array<std::uint8_t, 32> authentication{};
};

// Thread-safe: workers share a context.
class TicketKeys {
 public:
  // For so long a key makes tickets, and for as long again it opens them.
  static constexpr base::Duration kTurn = std::chrono::hours(12);

  TicketKeys() = default;
  ~TicketKeys();
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;

  [[nodiscard]] TicketKey to_make(base::TimePoint now);
  // Nothing: it is forgotten, or was never ours.
  [[nodiscard]] std::optional<TicketKey> to_open(std::span<const std::uint8_t, TicketKey::kNameSize> name,
                                                 base::TimePoint now);

 private:
  void turn(base::TimePoint now);

  std::mutex mutex_;
  std::optional<TicketKey> current_, previous_;
  base::TimePoint since_{};  // of the current one
};

// Gives clients of TLS 1.3 a ticket, with which they come back for a shorter handshake that still exchanges keys. Not
// those of TLS 1.2: there a ticket's key opens everything that was ever said under it.
void use_tickets(SSL_CTX& context);

}  // namespace turnd::tls
