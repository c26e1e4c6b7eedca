// What a piece of the program asks of the kernel and of the heap, counted. The linker puts the wrappers in front of the
// C library's functions (--wrap, see CMakeLists.txt).
#pragma once

#include <cstdint>
#include <ostream>

namespace turnd::bench {

struct Counts {
  std::uint64_t calls = 0;        // system calls on descriptors, and rests
  std::uint64_t messages = 0;     // given to the kernel to send: a run that it cuts is one
  std::uint64_t allocations = 0;  // operator new
  std::uint64_t openssl_allocations = 0;
};

// Counts from its construction on; one at a time.
class Counting {
 public:
  Counting();
  ~Counting();
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;
  [[nodiscard]] Counts so_far() const;
};

}  // namespace turnd::bench
