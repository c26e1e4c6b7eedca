// Random bytes of cryptographic quality, injected where unpredictability matters.
#pragma once

#include <cstdint>
#include <functional>

#include "turnd/base/bytes.h"

namespace turnd::crypto {

// Fills the whole span. The production source is `system_random`; tests inject a repeatable one.
using RandomSource = std::function<void(base::MutableBytes)>;

// OpenSSL's generator, seeded by the kernel. Thread-safe. Ends the process when it cannot deliver.
void system_random(base::MutableBytes into);

// A number in [0, bound), every one equally likely; bound > 0.
[[nodiscard]] std::uint32_t uniform(const RandomSource& random, std::uint32_t bound);

}  // namespace turnd::crypto
