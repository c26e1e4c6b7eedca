#include "signaling/mail/mailbox.h"

#include <algorithm>

#include "signaling/mail/header_text.h"

namespace signaling::mail {

namespace {

constexpr std::size_t kMaxAddress = 254;  // RFC 5321 s4.5.3.1.3, without the angle brackets
constexpr std::string_view kNotInAnAddress = "()<>[]:;,\\\"";

bool may_stand_in_an_address(char c) {
  return c > 0x20 && c < 0x7F && kNotInAnAddress.find(c) == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\"");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\"") - first + 1);
}

// RFC 5322 s3.2.4: a quoted string; a name outside ASCII goes as encoded words, which stand without quotes.
std::string display_name(std::string_view name) {
  const std::string encoded = header_text(name);
  if (encoded != one_line(name)) return encoded;
  std::string quoted = "\"";
  for (const char c : encoded) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

bool is_address(std::string_view text) {
  const auto at = text.find('@');
  return text.size() <= kMaxAddress && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.front() != '-' &&
         std::ranges::all_of(text, may_stand_in_an_address);
}

std::optional<Mailbox> parse_mailbox(std::string_view text) {
  Mailbox mailbox;
  const auto open = text.find('<');
  if (open == std::string_view::npos) {
    mailbox.address = trimmed(text);
  } else {
    const auto close = text.find('>', open);
    if (close == std::string_view::npos || !trimmed(text.substr(close + 1)).empty()) return std::nullopt;
    mailbox.name = trimmed(text.substr(0, open));
    mailbox.address = text.substr(open + 1, close - open - 1);
  }
  if (!is_address(mailbox.address)) return std::nullopt;
  return mailbox;
}

std::string header_value(const Mailbox& mailbox) {
  if (mailbox.name.empty()) return mailbox.address;
  return display_name(mailbox.name) + " <" + mailbox.address + ">";
}

std::string_view domain(std::string_view address) {
  const auto at = address.find('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

}  // namespace signaling::mail
