// FiveTuple: what names an allocation (RFC 8656 s3.2).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"

namespace turnd::turn {

struct FiveTuple {
  base::Endpoint client;
  base::Endpoint server;  // the address that the client sent to, also on a wildcard listener
  base::Transport transport{};
  friend auto operator<=>(const FiveTuple&, const FiveTuple&) = default;
};

// The same in five words: what the data path hashes, keeps and compares, once for each packet.
class FiveTupleWords {
 public:
  FiveTupleWords() = default;  // not initialised
  explicit FiveTupleWords(const FiveTuple& tuple) {
    const auto client = tuple.client.address.words();
    const auto server = tuple.server.address.words();
    const auto small = [](auto value, int shift) { return static_cast<std::uint64_t>(value) << shift; };
    words_ = {client[0], client[1], server[0], server[1],
              small(tuple.client.port, 0) | small(tuple.server.port, 16) | small(tuple.transport, 32) |
                  small(tuple.client.address.family(), 40) | small(tuple.server.address.family(), 48)};
  }
  [[nodiscard]] FiveTuple tuple() const {
    const auto address = [&](std::size_t first, int family) {
      return base::IpAddress::from_words(static_cast<base::Family>(words_[4] >> family & 0xFF),
                                         {words_[first], words_[first + 1]});
    };
    return {{address(0, 40), static_cast<std::uint16_t>(words_[4])},
            {address(2, 48), static_cast<std::uint16_t>(words_[4] >> 16)},
            static_cast<base::Transport>(words_[4] >> 32 & 0xFF)};
  }
  [[nodiscard]] base::Transport transport() const { return static_cast<base::Transport>(words_[4] >> 32 & 0xFF); }

  // Keyed, so that nobody can choose five-tuples that collide.
  [[nodiscard]] std::uint64_t hash(std::uint64_t key) const {
    const auto fold = [](std::uint64_t x, std::uint64_t y) {
      return x * y ^ static_cast<std::uint64_t>(static_cast<unsigned __int128>(x) * y >> 64);
    };
    const std::uint64_t first = fold(words_[0] ^ key, words_[2] ^ 0xA0761D6478BD642FULL);
    const std::uint64_t second =
        fold(words_[1] ^ words_[4] ^ 0xE7037ED1A0B428DBULL, words_[3] ^ first ^ 0x8EBC6AF09C88C6E3ULL);
    return fold(second ^ key, 0x589965CC75374CC3ULL);
  }
  // Without a branch for each part: packets are compared with what they will nearly always match.
  friend bool operator==(const FiveTupleWords& a, const FiveTupleWords& b) {
    const auto difference = [&](std::size_t i) { return a.words_[i] ^ b.words_[i]; };
    return (difference(0) | difference(1) | difference(2) | difference(3) | difference(4)) == 0;
  }

 private:
  std::array<std::uint64_t, 5> words_;
};

// The same for parts of it. 0: equal.
[[nodiscard]] inline std::uint64_t difference(const base::IpAddress& a, const base::IpAddress& b) {
  const auto of_a = a.words();
  const auto of_b = b.words();
  return (of_a[0] ^ of_b[0]) | (of_a[1] ^ of_b[1]) | static_cast<std::uint64_t>(a.family() != b.family());
}
[[nodiscard]] inline std::uint64_t difference(const base::Endpoint& a, const base::Endpoint& b) {
  return difference(a.address, b.address) | static_cast<std::uint64_t>(a.port ^ b.port);
}
template <class Name>
[[nodiscard]] bool is_same(const Name& a, const Name& b) {
  return difference(a, b) == 0;
}

}  // namespace turnd::turn
