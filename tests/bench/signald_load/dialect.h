// Dialect: how a server is spoken to; the scenarios do not know.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/bench/signald_load/client.h"
#include "tests/bench/signald_load/options.h"

namespace signaling::load {

enum class Signal : std::uint8_t { offer, answer, candidate };

// What a client does about a message before it is ready.
struct Greeting {
  enum class Step : std::uint8_t { goes_on, ready, refused };
  Step step = Step::goes_on;
  std::string say;
};

class Dialect {
 public:
  virtual ~Dialect() = default;
  // The rooms of the load, made on the server where it has to know them: their names.
  [[nodiscard]] virtual std::string make_room(const Options& options, std::size_t number) = 0;

  [[nodiscard]] virtual std::string_view path() const = 0;
  [[nodiscard]] virtual std::string_view upgrade_fields() const { return {}; }
  // `room` null: it stays outside.
  [[nodiscard]] virtual Greeting open(Client& client, const Room* room) = 0;  // the connection stands
  [[nodiscard]] virtual Greeting greet(Client& client, const Room* room, std::string_view text) = 0;
  // The answer to a message that only asks whether one is there; empty: it is another one.
  [[nodiscard]] virtual std::string alive(std::string_view) const { return {}; }
  virtual void note_sequence(Client&, std::string_view) const {}
  [[nodiscard]] virtual bool is_refusal(std::string_view) const { return false; }

  // A request that is answered at once, and the number of the one that `text` answers.
  [[nodiscard]] virtual std::string echo(std::uint64_t number, std::size_t size) const = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> echoed(std::string_view text) const = 0;
  // Something that all of a room hear; a stored line comes back to its speaker by itself or as an acknowledgement.
  [[nodiscard]] virtual std::string data(const std::string& payload) const = 0;
  [[nodiscard]] virtual bool is_data(std::string_view text) const = 0;
  [[nodiscard]] virtual std::string chat(const Client& speaker, const Room& room, std::uint64_t number,
                                         const std::string& line) const = 0;
  [[nodiscard]] virtual bool is_chat(std::string_view text) const = 0;
  // The number of the line of this client that is stored now.
  [[nodiscard]] virtual std::optional<std::uint64_t> stored(const Client& speaker, std::string_view text) const = 0;

  [[nodiscard]] virtual std::string signal(Signal kind, const Client& to) const = 0;
  [[nodiscard]] virtual std::optional<Signal> signalled(std::string_view text) const = 0;
};

// Throws std::runtime_error when there is none of that name.
[[nodiscard]] std::unique_ptr<Dialect> make_dialect(const std::string& name);
[[nodiscard]] std::unique_ptr<Dialect> make_signald_dialect();
[[nodiscard]] std::unique_ptr<Dialect> make_socketio_dialect();
[[nodiscard]] std::unique_ptr<Dialect> make_bare_dialect();

// What browsers exchange: a description of 3 KB, escaped for JSON, and a candidate.
[[nodiscard]] const std::string& session_description();
[[nodiscard]] const std::string& ice_candidate();
// Every line of chat says whose it is: ~C4.17 is the 18th of client 4.
[[nodiscard]] std::string chat_mark(const Client& speaker, std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> marked_number(const Client& speaker, std::string_view text);
[[nodiscard]] std::string filler(std::size_t size, std::size_t used);

}  // namespace signaling::load
