// WorkerCounters: what one worker has counted since the start. One writer, any reader.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "turnd/auth/refusal.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"
#include "turnd/turn/bandwidth.h"
#include "turnd/turn/close_reason.h"
#include "turnd/turn/drop_reason.h"

namespace turnd::turn {

// A number with a single writer, read by others at any time: a plain load, add and store on x86 and ARM.
class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.store(value() + n, std::memory_order_relaxed); }
  void subtract(std::uint64_t n = 1) { value_.store(value() - n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// operations.md D32
enum class RequestMethod : std::uint8_t {
  binding,
  allocate,
  refresh,
  create_permission,
  channel_bind,
  connect,
  connection_bind,
  other,
};
inline constexpr std::size_t kRequestMethods = 8;
std::string_view to_string(RequestMethod method);

enum class RequestResult : std::uint8_t {
  success,
  bad_request,                       // 400
  unauthenticated,                   // 401
  forbidden,                         // 403
  unknown_attribute,                 // 420
  allocation_mismatch,               // 437
  stale_nonce,                       // 438
  address_family_not_supported,      // 440
  wrong_credentials,                 // 441
  unsupported_transport_protocol,    // 442
  peer_address_family_mismatch,      // 443
  allocation_quota_reached,          // 486
  server_error,                      // 500
  insufficient_capacity,             // 508
};
inline constexpr std::size_t kRequestResults = 14;
std::string_view to_string(RequestResult result);
RequestResult request_result(int error_code);

// Upper bounds in seconds of turnd_session_duration_seconds; the last bucket is +Inf.
inline constexpr std::array<double, 9> kDurationBounds{1, 5, 15, 60, 300, 900, 3600, 14400, 86400};

struct WorkerCounters {
  std::array<std::array<Counter, kRequestResults>, kRequestMethods> requests;
  std::array<Counter, kDropReasons> drops;
  std::array<Counter, kDirections> relayed_packets;
  std::array<Counter, kDirections> relayed_bytes;
  std::array<Counter, auth::kRefusalReasons> auth_refused;
  Counter allocations_created;
  std::array<Counter, kCloseReasons> allocations_closed;
  // Gauges: sessions now, by the client's transport and the relayed address' family (a dual one in both).
  Counter sessions;
  std::array<std::array<Counter, base::kFamilies.size()>, base::kTransports.size()> allocations;
  std::array<Counter, base::kTransports.size()> clients;  // open connections; udp: five-tuples with an allocation
  std::array<Counter, kDurationBounds.size() + 1> duration_buckets;
  Counter duration_milliseconds;  // sum
  std::array<Counter, 3> tls_handshakes;  // success, failed, timeout
  Counter udp_gso_refused;                // sends that the kernel had to be given datagram by datagram

  void drop(DropReason why, std::uint64_t packets = 1) { drops[static_cast<std::size_t>(why)].add(packets); }
};

}  // namespace turnd::turn
