#include "tests/bench/signald_load/message_scan.h"

#include <algorithm>
#include <charconv>

namespace signaling::load {
namespace {

// From the opening quote; what follows the closing one.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

std::size_t skip_value(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char each = text[at];
    if (each == '"') {
      at = skip_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (each == '{' || each == '[') ++depth;
    if (depth == 0 && (each == '}' || each == ']' || each == ',')) return at;
    if ((each == '}' || each == ']') && --depth == 0) return at + 1;
    ++at;
  }
  return at;
}

std::uint64_t parse(std::string_view digits, int base) {
  std::uint64_t value = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return value;
}

}  // namespace

std::string_view member(std::string_view json, std::string_view key) {
  std::size_t at = json.find('{');
  if (at == std::string_view::npos) return {};
  for (++at; at < json.size();) {
    at = json.find_first_of("\"}", at);
    if (at == std::string_view::npos || json[at] == '}') return {};
    const std::size_t name_end = skip_string(json, at);
    const std::size_t value = json.find_first_not_of(" :\t\n", name_end);
    if (value == std::string_view::npos) return {};
    const std::size_t end = skip_value(json, value);
    if (json.substr(at + 1, name_end - at - 2) == key)
      return json[value] == '"' ? json.substr(value + 1, end - value - 2) : json.substr(value, end - value);
    at = end;
  }
  return {};
}

std::uint64_t number(std::string_view digits) { return parse(digits, 10); }
std::uint64_t hex_number(std::string_view digits) { return parse(digits, 16); }

SocketioPacket socketio_packet(std::string_view text) {
  SocketioPacket packet;
  if (text.size() < 2 || text[0] != '4') return packet;
  packet.kind = text[1];
  const std::size_t digits_end = std::min(text.size(), text.find_first_not_of("0123456789", 2));
  packet.id = number(text.substr(2, digits_end - 2));
  packet.argument = text.substr(digits_end);
  if (packet.kind != '2' || !packet.argument.starts_with("[\"")) return packet;
  const std::size_t name_end = skip_string(packet.argument, 1);
  packet.name = packet.argument.substr(2, name_end - 3);
  packet.argument.remove_prefix(std::min(packet.argument.size(), name_end + 1));
  return packet;
}

}  // namespace signaling::load
