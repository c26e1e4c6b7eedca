// What an operator may decide about live sessions (signaling.md G85). Every limit at 0 is switched off.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace signaling::room {

struct RateLimits {
  // Messages a second and session; the burst is how many may come at once.
  std::uint32_t total = 50, total_burst = 200;
  std::uint32_t chat = 5, chat_burst = 10;
  std::uint32_t candidates = 100, candidates_burst = 300;
  std::uint32_t join = 1, join_burst = 5;
  std::uint32_t stats = 1, stats_burst = 2;
  std::uint32_t data = 20, data_burst = 40;
};

struct HubSettings {
  std::string server = "signald";
  std::size_t max_message = 64 * 1024;  // announced in hello; the sockets enforce it
  std::chrono::milliseconds auth_timeout{10'000};
  std::chrono::milliseconds ping_interval{25'000};  // announced in hello
  std::chrono::milliseconds resume{30'000};         // how long a session outlives its socket
  std::chrono::milliseconds ring_timeout{30'000};   // an unanswered call
  std::chrono::milliseconds glare_timeout{10'000};
  std::size_t ring_messages = 256;
  std::size_t ring_bytes = 256 * 1024;
  std::size_t message_bytes = 4 * 1024;   // of one chat message (C4 limits.message)
  std::size_t payload_bytes = 4 * 1024;   // of one data message
  std::uint32_t sockets_per_person = 20;  // 0: unlimited
  bool guests = true;
  bool co_hosts_end = true;  // may end the meeting like the host
  RateLimits rates;
};

}  // namespace signaling::room
