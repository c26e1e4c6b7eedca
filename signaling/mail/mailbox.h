// Mailbox: a person's name and e-mail address, as a mail header and as SMTP want them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signaling::mail {

struct Mailbox {
  std::string name;
  std::string address;

  friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

// What may stand between < and > of an SMTP command: ASCII, one @ with something on both sides, at most 254 characters,
// none that would end the command or the address. Wider than the internet uses, narrower than an injection needs.
[[nodiscard]] bool is_address(std::string_view text);

// "address" or "Name <address>", as in the configuration.
[[nodiscard]] std::optional<Mailbox> parse_mailbox(std::string_view text);

// The value of From and To. The address must be one.
[[nodiscard]] std::string header_value(const Mailbox& mailbox);

// What follows the @.
[[nodiscard]] std::string_view domain(std::string_view address);

}  // namespace signaling::mail
