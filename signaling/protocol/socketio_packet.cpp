#include "signaling/protocol/socketio_packet.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <boost/json/serialize.hpp>

#include "signaling/protocol/json_text.h"

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

std::optional<SocketioError> problem_with_event(const json::value& data) {
  if (!data.is_array() || data.get_array().empty()) return SocketioError::bad_data;
  const json::value& name = data.get_array()[0];
  if (name.is_number()) return std::nullopt;
  if (!name.is_string()) return SocketioError::bad_data;
  if (is_reserved_event(name.get_string())) return SocketioError::reserved_name;
  return std::nullopt;
}

std::optional<SocketioError> problem_with_data(const SocketioPacket& packet) {
  const auto& data = packet.data;
  bool is_good = false;
  switch (packet.type) {
    case SocketioType::connect:
      is_good = !data || data->is_object();
      break;
    case SocketioType::disconnect:
      is_good = !data;
      break;
    case SocketioType::event:
    case SocketioType::binary_event:
      return data ? problem_with_event(*data) : SocketioError::bad_data;
    case SocketioType::ack:
    case SocketioType::binary_ack:
      is_good = data && data->is_array() && packet.ack_id;
      break;
    case SocketioType::connect_error:
      is_good = data && (data->is_object() || data->is_string());
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
    auto data = parse_json(rest);
    if (!data || !is_writable(*data)) return SocketioError::bad_json;
    packet.data = std::move(*data);
  }
  if (const auto problem = problem_with_data(packet)) return *problem;
  if (is_binary(packet.type) && !names_attachments(*packet.data, packet.attachments))
    return SocketioError::bad_attachments;
  return packet;
}

void append_socketio(std::string& out, const SocketioPacket& packet) {
  out += static_cast<char>('0' + static_cast<int>(packet.type));
  if (is_binary(packet.type)) out += std::to_string(packet.attachments) + '-';
  if (packet.name_space != kMainNamespace) out += packet.name_space + ',';
  if (packet.ack_id) out += std::to_string(*packet.ack_id);
  if (packet.data) out += json::serialize(*packet.data);
}

}  // namespace signaling::protocol
