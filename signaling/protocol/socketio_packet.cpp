#include "signaling/protocol/socketio_packet.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <boost/json/value.hpp>

#include "signaling/protocol/json_members.h"
#include "signaling/protocol/json_scanner.h"
#include "signaling/protocol/json_text.h"
#include "turnd/base/utf8.h"

namespace signaling::protocol {
namespace {

namespace json = boost::json;
using turnd::base::Result;

constexpr std::uint64_t kLargestAckId = std::uint64_t{1} << 53;  // beyond it the clients' numbers have gaps

bool is_digit(char text) { return text >= '0' && text <= '9'; }

bool is_binary(SocketioType type) { return type == SocketioType::binary_event || type == SocketioType::binary_ack; }

// The digits at the front, taken off; nullopt when there are none or the number is over `most`.
std::optional<std::uint64_t> take_number(std::string_view& rest, std::uint64_t most) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{} || number > most) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return number;
}

bool take_attachments(std::string_view& rest, std::size_t& attachments) {
  const auto number = take_number(rest, kMostAttachments);
  if (!number || !rest.starts_with('-')) return false;
  rest.remove_prefix(1);
  attachments = static_cast<std::size_t>(*number);
  return true;
}

void take_namespace(std::string_view& rest, std::string& name_space) {
  if (!rest.starts_with('/')) return;
  const std::size_t end = rest.find(',');
  name_space = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
}

// A number beyond the range of a double is read as infinity, which JSON cannot write.
bool is_writable(const json::value& value) {
  if (const auto* number = value.if_double()) return std::isfinite(*number);
  if (const auto* array = value.if_array()) return std::ranges::all_of(*array, is_writable);
  const auto* object = value.if_object();
  return !object ||
         std::ranges::all_of(*object, [](const json::key_value_pair& member) { return is_writable(member.value()); });
}

std::string_view between(const char* from, const char* to) { return {from, static_cast<std::size_t>(to - from)}; }

// The value in a text that has nothing else, without the space around it; nullopt: it is not JSON that could be written
// again.
std::optional<std::string_view> checked_json(std::string_view text) {
  JsonScanner scan(text);
  scan.skip_space();
  const char* const start = scan.position();
  if (!scan.value(kMaxJsonDepth)) return std::nullopt;
  const std::string_view value = between(start, scan.position());
  scan.skip_space();
  if (!scan.at_end() || !turnd::base::is_utf8(value)) return std::nullopt;
  if (!scan.saw_wide_number()) return value;
  const auto built = parse_json(value);
  return built && is_writable(*built) ? std::optional(value) : std::nullopt;
}

bool is_reserved_name(std::string_view name) {
  if (name.find('\\') != std::string_view::npos) return is_reserved_event(*json_string(name));
  return is_reserved_event(name.substr(1, name.size() - 2));
}

std::optional<SocketioError> problem_with_event(std::string_view data) {
  if (!data.starts_with('[')) return SocketioError::bad_data;
  const std::string_view name = split_event(data).name;
  if (name.empty()) return SocketioError::bad_data;
  if (is_digit(name[0]) || name[0] == '-') return std::nullopt;
  if (name[0] != '"') return SocketioError::bad_data;
  return is_reserved_name(name) ? std::optional(SocketioError::reserved_name) : std::nullopt;
}

std::optional<SocketioError> problem_with_data(const SocketioPacket& packet) {
  const std::string_view data = packet.data;
  bool is_good = false;
  switch (packet.type) {
    case SocketioType::connect:
      is_good = data.empty() || is_json_object(data);
      break;
    case SocketioType::disconnect:
      is_good = data.empty();
      break;
    case SocketioType::event:
    case SocketioType::binary_event:
      return problem_with_event(data);
    case SocketioType::ack:
    case SocketioType::binary_ack:
      is_good = data.starts_with('[') && packet.ack_id;
      break;
    case SocketioType::connect_error:
      is_good = is_json_object(data) || data.starts_with('"');
      break;
  }
  return is_good ? std::nullopt : std::optional(SocketioError::bad_data);
}

// Every placeholder names one of the attachments.
bool names_attachments(const json::value& value, std::size_t attachments) {
  if (const auto* array = value.if_array())
    return std::ranges::all_of(*array, [&](const json::value& item) { return names_attachments(item, attachments); });
  const auto* object = value.if_object();
  if (!object) return true;
  if (const auto* mark = object->if_contains("_placeholder"); mark && mark->is_bool() && mark->get_bool()) {
    const auto* number = object->if_contains("num");
    return number && number->is_int64() && number->get_int64() >= 0 &&
           static_cast<std::uint64_t>(number->get_int64()) < attachments;
  }
  return std::ranges::all_of(
      *object, [&](const json::key_value_pair& member) { return names_attachments(member.value(), attachments); });
}

bool has_bad_placeholders(const SocketioPacket& packet) {
  if (!is_binary(packet.type)) return false;
  const auto built = parse_json(packet.data);
  return !built || !names_attachments(*built, packet.attachments);
}

}  // namespace

std::string_view to_string(SocketioError error) {
  switch (error) {
    case SocketioError::empty:
      return "empty";
    case SocketioError::unknown_type:
      return "unknown_type";
    case SocketioError::bad_attachments:
      return "bad_attachments";
    case SocketioError::bad_ack_id:
      return "bad_ack_id";
    case SocketioError::bad_json:
      return "bad_json";
    case SocketioError::bad_data:
      return "bad_data";
    case SocketioError::reserved_name:
      return "reserved_name";
    case SocketioError::unexpected_text:
      return "unexpected_text";
    case SocketioError::unexpected_binary:
      return "unexpected_binary";
    case SocketioError::too_large:
      return "too_large";
  }
  return "";
}

bool is_reserved_event(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kReserved{"connect",       "connect_error", "disconnect",
                                                             "disconnecting", "newListener",   "removeListener"};
  return std::ranges::find(kReserved, name) != kReserved.end();
}

Result<SocketioPacket, SocketioError> parse_socketio(std::string_view text) {
  if (text.empty()) return SocketioError::empty;
  if (text[0] < '0' || text[0] > '6') return SocketioError::unknown_type;
  SocketioPacket packet;
  packet.type = static_cast<SocketioType>(text[0] - '0');
  std::string_view rest = text.substr(1);
  if (is_binary(packet.type) && !take_attachments(rest, packet.attachments)) return SocketioError::bad_attachments;
  take_namespace(rest, packet.name_space);
  if (!rest.empty() && is_digit(rest[0])) {
    packet.ack_id = take_number(rest, kLargestAckId);
    if (!packet.ack_id) return SocketioError::bad_ack_id;
  }
  if (!rest.empty()) {
    const auto data = checked_json(rest);
    if (!data) return SocketioError::bad_json;
    packet.data = *data;
  }
  if (const auto problem = problem_with_data(packet)) return *problem;
  if (has_bad_placeholders(packet)) return SocketioError::bad_attachments;
  return packet;
}

void append_socketio(std::string& out, const SocketioPacket& packet) {
  out += static_cast<char>('0' + static_cast<int>(packet.type));
  if (is_binary(packet.type)) out += std::to_string(packet.attachments) + '-';
  if (packet.name_space != kMainNamespace) out += packet.name_space + ',';
  if (packet.ack_id) out += std::to_string(*packet.ack_id);
  out += packet.data;
}

SocketioEvent split_event(std::string_view data) {
  JsonScanner scan(data);
  scan.take('[');
  scan.skip_space();
  const char* const name = scan.position();
  if (scan.peek() == ']') return {};
  (void)scan.value(kMaxJsonDepth);
  SocketioEvent event{between(name, scan.position()), {}};
  scan.skip_space();
  if (!scan.take(',')) return event;
  scan.skip_space();
  event.arguments = between(scan.position(), data.data() + data.size() - 1);
  return event;
}

}  // namespace signaling::protocol
