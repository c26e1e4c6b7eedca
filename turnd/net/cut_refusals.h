// CutRefusals: where the kernel does not cut a run into datagrams (UDP_SEGMENT), remembered for a while.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "turnd/base/endpoint.h"

namespace turnd::net {

// A device without checksum offload or a transformed route refuses, and others do not: what one way out refuses holds
// for the networks behind it; where nearly everything goes through such a way, all rest with it. Time is counted in
// flushes. Of one SendBatch.
class CutRefusals {
 public:
  // Flushes until a way that cannot cut is asked again.
  static constexpr std::uint64_t kRest = 256;
  // So many refusals without anything cut in between: it is the only way out, whatever the network. All rest, and after
  // that one more refusal is enough for the next rest.
  static constexpr unsigned kAll = 16;

  void on_flush() { ++now_; }
  void on_refused(const base::IpAddress& to);
  // Something left in one piece.
  void on_cut() { in_a_row_ = 0; }
  [[nodiscard]] bool rests(const base::IpAddress& to) const {
    return now_ < last_until_ && (now_ < all_until_ || entry(to).holds(network_of(to), now_));
  }

 private:
  // The first 24 bits of an IPv4 address, 64 of an IPv6 one: what is behind one way out, and often more than one peer.
  static std::uint64_t network_of(const base::IpAddress& address);
  struct Entry {
    std::uint64_t network = 0;
    std::uint64_t until = 0;
    [[nodiscard]] bool holds(std::uint64_t wanted, std::uint64_t now) const { return now < until && network == wanted; }
  };
  static constexpr std::size_t kEntries = 64;  // six bits of the hash
  [[nodiscard]] const Entry& entry(const base::IpAddress& to) const { return entries_[slot_of(network_of(to))]; }
  static std::size_t slot_of(std::uint64_t network);

  std::array<Entry, kEntries> entries_{};  // two networks in one slot: the later one is remembered
  std::uint64_t now_ = 1;
  std::uint64_t last_until_ = 0;  // nothing rests after it: mostly the only question
  std::uint64_t all_until_ = 0;
  unsigned in_a_row_ = 0;
};

}  // namespace turnd::net
