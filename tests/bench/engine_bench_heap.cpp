#include "tests/bench/engine_bench_heap.h"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {

turnd::bench::Heap so_far;

void* take(void* memory) {
  if (!memory) throw std::bad_alloc();
  ++so_far.allocations;
  so_far.held += static_cast<std::int64_t>(malloc_usable_size(memory));
  return memory;
}
void give_back(void* memory) noexcept {
  if (memory) so_far.held -= static_cast<std::int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

// Out of line: inlined, they look to the compiler like a mismatch with the `new` that it knows.
[[gnu::noinline]] void* operator new(std::size_t size) { return take(std::malloc(size)); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return take(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { give_back(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { give_back(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { give_back(memory); }

namespace turnd::bench {

Heap heap() { return so_far; }

}  // namespace turnd::bench
