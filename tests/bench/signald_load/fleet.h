// Fleet: all clients of the load, on one thread and one epoll instance: connects, greets, reads and writes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/net/frame.h"
#include "tests/bench/signald_load/client.h"
#include "tests/bench/signald_load/dialect.h"
#include "tests/bench/signald_load/options.h"
#include "turnd/posix/file_descriptor.h"

namespace signaling::load {

// What a scenario does about what happens to its clients. May say something, start or end clients.
class Play {
 public:
  virtual ~Play() = default;
  virtual void on_ready(Client&) {}
  virtual void on_text(Client&, std::string_view) {}
  virtual void on_gone(Client&) {}  // it was ready, or leaving
};

class Fleet {
 public:
  enum class Speech : std::uint8_t { websocket, http };
  Fleet(const Options& options, Dialect& dialect, Speech speech);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  void set_play(Play& play) { play_ = &play; }
  [[nodiscard]] std::vector<Client>& clients() { return clients_; }
  [[nodiscard]] std::vector<Room>& rooms() { return rooms_; }
  [[nodiscard]] Dialect& dialect() { return dialect_; }
  [[nodiscard]] const Options& options() const { return options_; }

  // Until the first `count` are ready. Throws std::runtime_error when too many fail, or it takes too long.
  void open(std::size_t count);
  void start(Client& client);
  void say(Client& client, std::string_view text);
  void write(Client& client, std::string_view bytes);  // not framed: HTTP
  void leave(Client& client);                          // closes it in order
  void cut_all();                                      // as when the network is gone

  // What is there, and at most so long waited for.
  void turn(std::chrono::milliseconds patience);
  void run_for(double seconds);

  [[nodiscard]] std::size_t ready() const { return ready_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }    // connections that ended by themselves
  [[nodiscard]] std::uint64_t refused() const { return refused_; }  // typed errors
  [[nodiscard]] const std::string& last_refusal() const { return last_refusal_; }

 private:
  [[nodiscard]] const Room* room_of(const Client& client) const;
  void watch(Client& client, std::uint32_t events, int operation);
  void want_writing(Client& client, bool wanted);
  void on_event(Client& client, std::uint32_t events);
  void establish(Client& client);
  void established(Client& client);
  void read(Client& client);
  [[nodiscard]] std::size_t take(Client& client, std::string_view bytes);
  [[nodiscard]] std::size_t take_head(Client& client, std::string_view bytes);
  [[nodiscard]] std::size_t take_frames(Client& client, std::string_view bytes);
  void on_frame(Client& client, net::Opcode opcode, std::string_view payload);
  void on_text(Client& client, std::string_view text);
  void obey(Client& client, const Greeting& greeting);
  void drop(Client& client, std::string_view why);
  void queue(Client& client);
  void flush();
  void flush(Client& client);

  const Options& options_;
  Dialect& dialect_;
  const Speech speech_;
  Play none_;
  Play* play_ = &none_;
  turnd::posix::FileDescriptor epoll_;
  std::optional<TlsClient> tls_;
  std::vector<Client> clients_;
  std::vector<Room> rooms_;
  std::vector<Client*> to_flush_;
  std::vector<char> buffer_;
  std::minstd_rand random_;
  std::size_t ready_ = 0;
  std::size_t opening_ = 0;
  std::uint64_t lives_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t refused_ = 0;
  std::string last_refusal_;
};

}  // namespace signaling::load
