// signald.v1 on /ws.
#include <unistd.h>

#include "tests/bench/signald_load/dialect.h"
#include "tests/bench/signald_load/http_call.h"
#include "tests/bench/signald_load/message_scan.h"

namespace signaling::load {
namespace {

std::string_view type_of(std::string_view text) {
  constexpr std::string_view start = R"({"type":")";
  if (!text.starts_with(start)) return member(text, "type");
  return text.substr(start.size(), text.find('"', start.size()) - start.size());
}

class SignaldDialect final : public Dialect {
 public:
  std::string make_room(const Options& options, std::size_t) override {
    if (token_.empty()) {
      const std::string body = R"({"email":"load)" + std::to_string(::getpid()) +
                               R"(@example.org","password":"correct-horse-1","name":"load"})";
      token_ = member(http_post(options, "/api/auth/signup", body, {}), "access_token");
    }
    const std::string meeting =
        R"({"title":"load","meeting_type":"instant","access_type":"public","max_participants":500,)"
        R"("waiting_room":false,"enable_chat":true})";
    return std::string(member(http_post(options, "/api/meeting/create/", meeting, token_), "meeting_id"));
  }

  std::string_view path() const override { return "/ws"; }
  std::string_view upgrade_fields() const override { return "Sec-WebSocket-Protocol: signald.v1\r\n"; }
  Greeting open(Client&, const Room*) override { return {}; }  // the server says hello
  Greeting greet(Client& client, const Room* room, std::string_view text) override {
    const std::string_view type = type_of(text);
    if (type == "hello") return {Greeting::Step::goes_on, auth(client)};
    if (type == "auth-ok") {
      client.session = member(text, "sessionId");
      client.resume_token = member(text, "resumeToken");
      client.was_resumed = member(text, "resumed") == "true";
      if (client.was_resumed || room == nullptr) return {Greeting::Step::ready, {}};
      return {Greeting::Step::goes_on, R"({"type":"join","id":"j","meetingId":")" + room->id + R"(","name":")" +
                                           client.name + R"(","media":{"audio":true,"video":true}})"};
    }
    if (type == "joined") {
      client.peer = member(text, "selfId");
      return {Greeting::Step::ready, {}};
    }
    return {is_refusal(text) || type == "waiting" || type == "bye" ? Greeting::Step::refused : Greeting::Step::goes_on,
            {}};
  }
  void note_sequence(Client& client, std::string_view text) const override {
    if (const std::string_view s = member(text, "s"); !s.empty() && type_of(text) != "auth-ok") client.last_heard = s;
  }
  bool is_refusal(std::string_view text) const override { return type_of(text) == "error"; }

  std::string echo(std::uint64_t number, std::size_t size) const override {
    const std::string text = R"({"type":"ping","t":)" + std::to_string(number);
    if (size < text.size() + 10) return text + "}";
    return text + R"(,"pad":")" + filler(size, text.size() + 10) + "\"}";
  }
  std::optional<std::uint64_t> echoed(std::string_view text) const override {
    return type_of(text) == "pong" ? std::optional(number(member(text, "t"))) : std::nullopt;
  }
  std::string data(const std::string& payload) const override {
    return R"({"type":"data","topic":"load","payload":")" + payload + "\"}";
  }
  bool is_data(std::string_view text) const override { return type_of(text) == "data"; }
  std::string chat(const Client& speaker, const Room&, std::uint64_t number, const std::string& line) const override {
    return R"({"type":"chat","id":)" + std::to_string(number) + R"(,"key":")" + speaker.name + "-" +
           std::to_string(number) + R"(","message":")" + line + "\"}";
  }
  bool is_chat(std::string_view text) const override { return type_of(text) == "chat"; }
  std::optional<std::uint64_t> stored(const Client&, std::string_view text) const override {
    return type_of(text) == "ok" ? std::optional(number(member(text, "id"))) : std::nullopt;
  }

  std::string signal(Signal kind, const Client& to) const override {
    if (kind == Signal::candidate)
      return R"({"type":"ice-candidate","targetId":")" + to.peer + R"(","candidate":)" + ice_candidate() + "}";
    const std::string name = kind == Signal::offer ? "offer" : "answer";
    return R"({"type":")" + name + R"(","targetId":")" + to.peer + R"(",")" + name + R"(":{"type":")" + name +
           R"(","sdp":")" + session_description() + "\"}}";
  }
  std::optional<Signal> signalled(std::string_view text) const override {
    const std::string_view type = type_of(text);
    if (type == "offer") return Signal::offer;
    if (type == "answer") return Signal::answer;
    return type == "ice-candidate" ? std::optional(Signal::candidate) : std::nullopt;
  }

 private:
  static std::string auth(const Client& client) {
    const std::string who = client.session.empty()
                                ? R"("guest":{"name":")" + client.name + "\"}"
                                : R"("resume":{"sessionId":")" + client.session + R"(","resumeToken":")" +
                                      client.resume_token + R"(","s":)" + client.last_heard + "}";
    return R"({"type":"auth",)" + who +
           R"(,"client":{"name":"load","version":"1","features":["perfect-negotiation"]}})";
  }

  std::string token_;
};

}  // namespace

std::unique_ptr<Dialect> make_signald_dialect() { return std::make_unique<SignaldDialect>(); }

}  // namespace signaling::load
