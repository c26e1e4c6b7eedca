// What bare_server.cpp understands: E is echoed, J joins a room, F goes to the others of the room.
#include "tests/bench/signald_load/dialect.h"
#include "tests/bench/signald_load/message_scan.h"

namespace signaling::load {
namespace {

class BareDialect final : public Dialect {
 public:
  std::string make_room(const Options&, std::size_t number) override { return std::to_string(number); }

  std::string_view path() const override { return "/ws"; }
  Greeting open(Client&, const Room* room) override {
    if (room == nullptr) return {Greeting::Step::ready, {}};
    return {Greeting::Step::goes_on, "J" + room->id};
  }
  Greeting greet(Client&, const Room*, std::string_view text) override {
    return {text.starts_with('J') ? Greeting::Step::ready : Greeting::Step::goes_on, {}};
  }

  std::string echo(std::uint64_t number, std::size_t size) const override {
    const std::string text = "E" + std::to_string(number) + ":";
    return text + filler(size, text.size());
  }
  std::optional<std::uint64_t> echoed(std::string_view text) const override {
    return text.starts_with('E') ? std::optional(number(text.substr(1))) : std::nullopt;
  }
  std::string data(const std::string& payload) const override { return "F" + payload; }
  bool is_data(std::string_view text) const override { return text.starts_with('F'); }
  // It stores nothing.
  std::string chat(const Client&, const Room&, std::uint64_t number, const std::string& line) const override {
    return "E" + std::to_string(number) + ":" + line;
  }
  bool is_chat(std::string_view text) const override { return text.starts_with('E'); }
  std::optional<std::uint64_t> stored(const Client&, std::string_view text) const override { return echoed(text); }

  std::string signal(Signal kind, const Client&) const override {
    if (kind == Signal::candidate) return "Fc" + ice_candidate();
    return (kind == Signal::offer ? "Fo" : "Fa") + session_description();
  }
  std::optional<Signal> signalled(std::string_view text) const override {
    if (text.starts_with("Fc")) return Signal::candidate;
    if (text.starts_with("Fo")) return Signal::offer;
    return text.starts_with("Fa") ? std::optional(Signal::answer) : std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Dialect> make_bare_dialect() { return std::make_unique<BareDialect>(); }

}  // namespace signaling::load
