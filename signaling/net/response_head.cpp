#include "signaling/net/response_head.h"

#include <array>
#include <ctime>

namespace signaling::net {
namespace {

// RFC 9110 s5.6.7; written once a second.
std::string_view date_now() {
  thread_local std::time_t written = 0;
  thread_local std::array<char, 40> text{};
  thread_local std::size_t size = 0;
  const std::time_t now = std::time(nullptr);
  if (now != written) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    written = now;
  }
  return {text.data(), size};
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

std::string response_head(const Response& response, After after) {
  std::string head;
  head.reserve(1024 + (std::holds_alternative<std::string>(response.body) ? response.body_size() : 0));
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason_phrase(response.status));
  head.append("\r\nDate: ").append(date_now()).append("\r\n");
  for (const auto& [name, value] : response.fields)
    if (is_one_line(name) && is_one_line(value)) head.append(name).append(": ").append(value).append("\r\n");
  if (response.fixed_fields) head.append(*response.fixed_fields);
  const bool has_no_body = response.status == 204 || response.status == 304 || response.status < 200;
  if (!has_no_body) head.append("Content-Length: ").append(std::to_string(response.body_size())).append("\r\n");
  if (after == After::close) head.append("Connection: close\r\n");
  return head.append("\r\n");
}

std::string upgrade_head(std::string_view accept_key, std::string_view protocol) {
  std::string head =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  head.append(accept_key).append("\r\n");
  if (!protocol.empty() && is_one_line(protocol))
    head.append("Sec-WebSocket-Protocol: ").append(protocol).append("\r\n");
  return head.append("\r\n");
}

}  // namespace signaling::net
