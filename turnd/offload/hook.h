// Hook: the program attached to one interface, for as long as this lives.
#pragma once

#include <cstdint>
#include <utility>

#include "turnd/base/result.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::offload {

enum class OffloadProgram : std::uint8_t { tc, xdp };
// At the ingress of the stack (tc), at the driver, or at the stack's own place for XDP (generic).
enum class Way : std::uint8_t { tc, xdp_native, xdp_generic };

class Hook {
 public:
  // errno when it cannot. A filter of tc that a killed turnd left is replaced; programs of XDP die with their turnd.
  [[nodiscard]] static base::Result<Hook, int> attach(Way way, int program, int interface);
  Hook(Hook&& other) noexcept : filtered_(std::exchange(other.filtered_, 0)), link_(std::move(other.link_)) {}
  Hook& operator=(Hook&& other) noexcept {
    std::swap(filtered_, other.filtered_);
    std::swap(link_, other.link_);
    return *this;
  }
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;
  ~Hook();
  // False when its interface has gone.
  [[nodiscard]] bool holds() const;

 private:
  Hook(int filtered, posix::FileDescriptor link) : filtered_(filtered), link_(std::move(link)) {}
  int filtered_;              // the interface with a filter of tc; 0: none
  posix::FileDescriptor link_;  // of XDP
};

}  // namespace turnd::offload
