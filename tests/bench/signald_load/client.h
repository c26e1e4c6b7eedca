// Client: one of the load's participants: its connection, and what the scenario and the server know it by.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/bench/signald_load/stream.h"

namespace signaling::load {

using Clock = std::chrono::steady_clock;

struct Client {
  enum class State : std::uint8_t { closed, connecting, upgrading, greeting, ready, leaving };

  std::uint32_t id = 0;
  std::uint32_t room = 0;
  State state = State::closed;
  Stream stream;
  std::string in, out;  // empty while nothing waits: idle clients are many
  bool is_queued = false;
  bool watches_writing = false;
  Clock::time_point began;  // this life

  std::string name;     // new in every life, but for one that goes on
  std::string peer;     // what the others address it by
  std::string session;  // of signald.v1, to be resumed
  std::string resume_token;
  std::string last_heard = "0";
  bool was_resumed = false;

  // When each request was sent that may still be answered.
  using SendTimes = std::array<Clock::time_point, 1024>;
  std::unique_ptr<SendTimes> send_times;
  std::uint64_t sent = 0;
  std::uint64_t heard = 0;

  // The number of the request that is sent now.
  std::uint64_t stamp() {
    if (!send_times) send_times = std::make_unique<SendTimes>();
    (*send_times)[sent % send_times->size()] = Clock::now();
    return sent++;
  }
  [[nodiscard]] Clock::time_point sent_at(std::uint64_t number) const {
    return (*send_times)[number % send_times->size()];
  }
};

struct Room {
  std::string id;
  Client* speaker = nullptr;
  std::size_t members = 0;
  std::uint64_t said = 0;
  std::uint64_t heard = 0;
  std::uint64_t hearers = 0;  // of each line
  Client::SendTimes said_at{};
};

}  // namespace signaling::load
