// Random bytes of cryptographic quality, injected where unpredictability matters.
#pragma once

#include <cstdint>

#include "turnd/base/bytes.h"
#include "turnd/base/random_source.h"

namespace turnd::crypto {

// The production source is `system_random`; tests inject a repeatable one.
using RandomSource = base::RandomSource;

// OpenSSL's generator, seeded by the kernel. Thread-safe. Ends the process when it cannot deliver.
void system_random(base::MutableBytes into);

// The same for one thread, drawn many bytes at a time: the generator costs by the call more than by the byte. What was
// handed out is wiped. Not for a process that forks.
[[nodiscard]] RandomSource drawn_ahead();

// A number in [0, bound), every one equally likely; bound > 0.
[[nodiscard]] std::uint32_t uniform(const RandomSource& random, std::uint32_t bound);

}  // namespace turnd::crypto
