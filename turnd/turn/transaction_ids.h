// TransactionIds: for Data indications, which nobody answers and nothing signs.
#pragma once

#include <cstdint>
#include <cstring>

#include "turnd/stun/types.h"

namespace turnd::turn {

// RFC 8489 s5: uniformly distributed. Seeded from the system; not for secrets.
class TransactionIds {
 public:
  explicit TransactionIds(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] stun::TransactionId next() {
    stun::TransactionId id;
    const std::uint64_t first = draw();
    const std::uint64_t second = draw();
    std::memcpy(id.data(), &first, 8);
    std::memcpy(id.data() + 8, &second, 4);
    return id;
  }

 private:
  std::uint64_t draw() {
    state_ += 0xA0761D6478BD642FULL;
    const auto product = static_cast<unsigned __int128>(state_) * (state_ ^ 0xE7037ED1A0B428DBULL);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
  std::uint64_t state_;
};

}  // namespace turnd::turn
