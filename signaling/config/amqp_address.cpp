// The address of a broker: amqp://user@host:port/vhost, or amqps.
#include <charconv>

#include "signaling/config/config.h"

namespace signaling::config {
namespace {

constexpr std::uint16_t kPort = 5672, kTlsPort = 5671;

// Of a part of a URL; nullopt: a broken escape.
std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain.push_back(text[i]);
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(std::min(i + 1, text.size()), 2);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || read.ptr != digits.data() + 2 || value == 0) return std::nullopt;
    plain.push_back(static_cast<char>(value));
    i += 2;
  }
  return plain;
}

// "host", "host:port", "[2001:db8::1]:port"
bool read_host(std::string_view text, AmqpAddress& into) {
  const bool is_bracketed = text.starts_with('[');
  const std::size_t end = is_bracketed ? text.find(']') : text.find(':');
  if (is_bracketed && end == std::string_view::npos) return false;
  into.host = is_bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  std::string_view rest =
      end == std::string_view::npos ? std::string_view() : text.substr(end + (is_bracketed ? 1 : 0));
  if (into.host.empty()) return false;
  if (rest.empty()) return true;
  if (!rest.starts_with(':')) return false;
  rest.remove_prefix(1);
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), into.port);
  return read.ec == std::errc() && read.ptr == rest.data() + rest.size() && into.port != 0;
}

}  // namespace

std::optional<AmqpAddress> parse_amqp_address(std::string_view url) {
  constexpr std::string_view kPlain = "amqp://", kTls = "amqps://";
  AmqpAddress address;
  address.tls = url.starts_with(kTls);
  if (!address.tls && !url.starts_with(kPlain)) return std::nullopt;
  address.port = address.tls ? kTlsPort : kPort;
  url.remove_prefix(address.tls ? kTls.size() : kPlain.size());
  const std::size_t slash = url.find('/');
  std::string_view authority = url.substr(0, slash);
  const auto host = slash == std::string_view::npos ? std::optional<std::string>("/") : decoded(url.substr(slash + 1));
  if (!host || url.find_first_of("?#") != std::string_view::npos) return std::nullopt;
  address.virtual_host = host->empty() ? "/" : *host;
  address.user = "guest";
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const auto user = decoded(authority.substr(0, at));
    if (!user || user->empty() || authority.substr(0, at).find(':') != std::string_view::npos) return std::nullopt;
    address.user = *user;
    authority.remove_prefix(at + 1);
  }
  return read_host(authority, address) ? std::optional(std::move(address)) : std::nullopt;
}

}  // namespace signaling::config
