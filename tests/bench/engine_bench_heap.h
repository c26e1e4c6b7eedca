// What the program has asked of the heap so far, and what of it is still held. One thread.
#pragma once

#include <cstdint>

namespace turnd::bench {

struct Heap {
  std::uint64_t allocations = 0;
  std::int64_t held = 0;  // bytes
};
[[nodiscard]] Heap heap();

}  // namespace turnd::bench
