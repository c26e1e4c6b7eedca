#include "turnd/crypto/random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "turnd/base/byte_reader.h"

namespace turnd::crypto {

void system_random(base::MutableBytes into) {
  // Predictable nonces and ports are worse than no server.
  if (RAND_bytes(into.data(), static_cast<int>(into.size())) != 1) std::abort();
}

RandomSource drawn_ahead() {
  struct Ahead {
    std::array<std::uint8_t, 1024> bytes{};
    std::size_t left = 0;
  };
  return [ahead = std::make_shared<Ahead>()](base::MutableBytes into) {
    if (into.size() > ahead->bytes.size()) return system_random(into);
    if (into.size() > ahead->left) {
      system_random(ahead->bytes);
      ahead->left = ahead->bytes.size();
    }
    ahead->left -= into.size();
    std::uint8_t* const next = ahead->bytes.data() + ahead->left;
    std::copy_n(next, into.size(), into.data());
    OPENSSL_cleanse(next, into.size());
  };
}

std::uint32_t uniform(const RandomSource& random, std::uint32_t bound) {
  // Values below 2^32 mod bound would make the small results likelier: they are drawn again.
  const std::uint32_t reject_below = (0U - bound) % bound;
  for (;;) {
    std::array<std::uint8_t, 4> bytes{};
    random(bytes);
    const std::uint32_t value = base::ByteReader(bytes).u32();
    if (value >= reject_below) return value % bound;
  }
}

}  // namespace turnd::crypto
