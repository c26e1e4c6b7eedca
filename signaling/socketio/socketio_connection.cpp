#include "signaling/socketio/socketio_connection.h"

#include <algorithm>
#include <utility>

#include "signaling/protocol/json_members.h"
#include "signaling/protocol/json_writer.h"

namespace signaling::socketio {
namespace {

namespace json = boost::json;
using protocol::SocketioPacket;
using protocol::SocketioType;

constexpr std::size_t kMostHead = 64;  // of a packet before its data, as a rule

// The message of Engine.IO that carries a packet, with room for so many bytes more.
std::string message_text(const SocketioPacket& packet, std::size_t room = 0) {
  std::string text;
  text.reserve(kMostHead + packet.data.size() + room);
  protocol::append_engineio_text(text, protocol::EngineioType::message);
  protocol::append_socketio(text, packet);
  return text;
}

// The codec has checked that an event is an array with a name.
Event take_event(protocol::SocketioMessage message) {
  const protocol::SocketioEvent event = protocol::split_event(message.packet.data);
  auto name = protocol::json_string(event.name);
  return {name ? std::move(*name) : std::string(event.name), std::string(event.arguments),
          std::move(message.attachments), message.packet.ack_id};
}

}  // namespace

Packet make_event(std::string_view name_space, std::string_view name, std::string_view arguments,
                  std::vector<net::SharedText> attachments) {
  SocketioPacket packet;
  packet.type = attachments.empty() ? SocketioType::event : SocketioType::binary_event;
  packet.name_space = name_space;
  packet.attachments = attachments.size();
  std::string text = message_text(packet, name.size() + arguments.size());
  text += '[';
  protocol::append_json_string(text, name);
  if (!arguments.empty()) (text += ',') += arguments;
  text += ']';
  return {net::share(std::move(text)), std::move(attachments)};
}

Packet make_ack(std::string_view name_space, std::uint64_t ack_id, std::string_view results,
                std::vector<net::SharedText> attachments) {
  SocketioPacket packet;
  packet.type = attachments.empty() ? SocketioType::ack : SocketioType::binary_ack;
  packet.name_space = name_space;
  packet.ack_id = ack_id;
  packet.attachments = attachments.size();
  std::string text = message_text(packet, results.size());
  ((text += '[') += results) += ']';
  return {net::share(std::move(text)), std::move(attachments)};
}

SocketioConnection::SocketioConnection(const SocketioSettings& settings, const NamespaceSource& source, TimePoint now)
    : settings_(settings),
      source_(source),
      decoder_(settings.max_event),
      connect_deadline_(now + settings.connect_timeout) {}

void SocketioConnection::on_text(std::string_view text, TimePoint now, SocketioEffects& out) {
  if (!is_closed_) on_decoded(decoder_.add_text(text), now, out);
}

void SocketioConnection::on_binary(std::string bytes, TimePoint now, SocketioEffects& out) {
  if (!is_closed_) on_decoded(decoder_.add_binary(std::move(bytes)), now, out);
}

void SocketioConnection::on_decoded(protocol::SocketioDecoder::Decoded decoded, TimePoint now, SocketioEffects& out) {
  if (!decoded) return close(EndReason::violation, out);
  if (*decoded) on_message(std::move(**decoded), now, out);
}

void SocketioConnection::on_message(protocol::SocketioMessage message, TimePoint now, SocketioEffects& out) {
  const SocketioPacket& packet = message.packet;
  if (packet.type == SocketioType::connect) return connect(packet, out);
  const auto member = std::ranges::find(members_, packet.name_space, &Member::name_space);
  if (member == members_.end()) return close(EndReason::violation, out);
  switch (packet.type) {
    case SocketioType::disconnect:
      return remove(packet.name_space, EndReason::by_client, now, out);
    case SocketioType::event:
    case SocketioType::binary_event:
      out.emplace_back(EventReceived{member->socket, take_event(std::move(message))});
      return;
    case SocketioType::connect:
    case SocketioType::ack:  // the server asks for none
    case SocketioType::binary_ack:
    case SocketioType::connect_error:
      return;
  }
}

void SocketioConnection::connect(const SocketioPacket& packet, SocketioEffects& out) {
  if (!source_.is_known(packet.name_space))
    return send({SocketioType::connect_error, packet.name_space, {}, R"({"message":"Invalid namespace"})", 0}, out);
  if (std::ranges::find(members_, packet.name_space, &Member::name_space) != members_.end())
    return close(EndReason::violation, out);
  auto [key, sid] = source_.make_socket();
  members_.push_back({packet.name_space, key});
  connect_deadline_.reset();
  std::string welcome;
  protocol::JsonWriter(welcome).begin_object().text("sid", sid).end_object();
  send({SocketioType::connect, packet.name_space, {}, welcome, 0}, out);
  auto auth = protocol::parse_json_object(packet.data);
  out.emplace_back(Connected{packet.name_space, key, std::move(sid), auth ? std::move(*auth) : json::object()});
}

void SocketioConnection::on_time(TimePoint now, SocketioEffects& out) {
  if (connect_deadline_ && *connect_deadline_ <= now && !is_closed_) close(EndReason::violation, out);
}

void SocketioConnection::on_end(EndReason reason, SocketioEffects& out) {
  is_closed_ = true;
  connect_deadline_.reset();
  for (const Member& member : std::exchange(members_, {})) out.emplace_back(Disconnected{member.socket, reason});
}

void SocketioConnection::disconnect(SocketKey socket, TimePoint now, SocketioEffects& out) {
  const std::string left(name_space(socket));
  if (left.empty()) return;
  send({SocketioType::disconnect, left, {}, {}, 0}, out);
  remove(left, EndReason::by_server, now, out);
}

std::string_view SocketioConnection::name_space(SocketKey socket) const {
  const auto member = std::ranges::find(members_, socket, &Member::socket);
  return member == members_.end() ? std::string_view() : std::string_view(member->name_space);
}

std::vector<SocketKey> SocketioConnection::sockets() const {
  std::vector<SocketKey> sockets;
  for (const Member& member : members_) sockets.push_back(member.socket);
  return sockets;
}

void SocketioConnection::remove(const std::string& name_space, EndReason reason, TimePoint now, SocketioEffects& out) {
  const auto member = std::ranges::find(members_, name_space, &Member::name_space);
  out.emplace_back(Disconnected{member->socket, reason});
  members_.erase(member);
  if (members_.empty()) connect_deadline_ = now + settings_.connect_timeout;
}

void SocketioConnection::send(const SocketioPacket& packet, SocketioEffects& out) {
  out.emplace_back(SendMessage{{net::share(message_text(packet)), false}});
}

void SocketioConnection::close(EndReason reason, SocketioEffects& out) {
  out.emplace_back(CloseConnection{});
  on_end(reason, out);
}

}  // namespace signaling::socketio
