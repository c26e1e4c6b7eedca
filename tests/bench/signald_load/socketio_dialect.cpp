// Socket.IO 5 over Engine.IO 4 and WebSocket, with the chat application's events.
#include "tests/bench/signald_load/dialect.h"
#include "tests/bench/signald_load/message_scan.h"

namespace signaling::load {
namespace {

constexpr std::string_view kJoinAck = "999999999";  // larger than any number of a request

class SocketioDialect final : public Dialect {
 public:
  std::string make_room(const Options& options, std::size_t number) override {
    is_lobby_ = options.rooms == 1;
    return "room" + std::to_string(number);
  }

  std::string_view path() const override { return "/socket.io/?EIO=4&transport=websocket"; }
  Greeting open(Client&, const Room*) override { return {}; }
  Greeting greet(Client& client, const Room* room, std::string_view text) override {
    if (text.starts_with('0')) return {Greeting::Step::goes_on, "40"};
    if (text.starts_with("40")) {
      if (room == nullptr) return {Greeting::Step::ready, {}};
      return {Greeting::Step::goes_on, "42" + std::string(kJoinAck) + R"(["join",{"username":")" + client.name +
                                           (is_lobby_ ? "\"}]" : R"(","room":")" + room->id + "\"}]")};
    }
    // Whichever of these a server sends first to say that one is in.
    const SocketioPacket packet = socketio_packet(text);
    const bool is_in = packet.kind == '3' || packet.name == "users" || packet.name == "message-history" ||
                       packet.name == "user-joined";
    return {is_in ? Greeting::Step::ready : Greeting::Step::goes_on, {}};
  }
  std::string alive(std::string_view text) const override { return text == "2" ? "3" : ""; }
  bool is_refusal(std::string_view text) const override {
    const std::string_view name = socketio_packet(text).name;
    return name == "error" || name == "message-error";
  }

  // The event of the official protocol suite.
  std::string echo(std::uint64_t number, std::size_t size) const override {
    const std::string text = "42" + std::to_string(number) + R"(["message-with-ack",{"t":)" + std::to_string(number);
    if (size < text.size() + 10) return text + "}]";
    return text + R"(,"pad":")" + filler(size, text.size() + 10) + "\"}]";
  }
  std::optional<std::uint64_t> echoed(std::string_view text) const override {
    const SocketioPacket packet = socketio_packet(text);
    return packet.kind == '3' ? std::optional(packet.id) : std::nullopt;
  }
  // All that this application sends without storing it; it carries nothing.
  std::string data(const std::string&) const override { return R"(42["typing",{"isTyping":true}])"; }
  bool is_data(std::string_view text) const override { return socketio_packet(text).name == "user-typing"; }
  std::string chat(const Client& speaker, const Room& room, std::uint64_t, const std::string& line) const override {
    return R"(42["message",{"username":")" + speaker.name + R"(","message":")" + line + R"(","room":")" + room.id +
           "\"}]";
  }
  bool is_chat(std::string_view text) const override {
    const std::string_view name = socketio_packet(text).name;
    return name == "message" || name == "receive-message";
  }
  std::optional<std::uint64_t> stored(const Client& speaker, std::string_view text) const override {
    return is_chat(text) ? marked_number(speaker, text) : std::nullopt;
  }

  std::string signal(Signal kind, const Client& to) const override {
    const std::string body = kind == Signal::candidate ? R"("candidate","candidate":)" + ice_candidate()
                             : kind == Signal::offer   ? R"("offer","sdp":")" + session_description() + "\""
                                                       : R"("answer","sdp":")" + session_description() + "\"";
    return R"(42["webrtc-signal",{"target":")" + to.name + R"(","signal":{"type":)" + body + "}}]";
  }
  std::optional<Signal> signalled(std::string_view text) const override {
    const SocketioPacket packet = socketio_packet(text);
    if (packet.name != "webrtc-signal") return std::nullopt;
    const std::string_view type = member(member(packet.argument, "signal"), "type");
    if (type == "offer") return Signal::offer;
    if (type == "answer") return Signal::answer;
    return type == "candidate" ? std::optional(Signal::candidate) : std::nullopt;
  }

 private:
  bool is_lobby_ = true;  // of which there is one: the application's own event names no room
};

}  // namespace

std::unique_ptr<Dialect> make_socketio_dialect() { return std::make_unique<SocketioDialect>(); }

}  // namespace signaling::load
