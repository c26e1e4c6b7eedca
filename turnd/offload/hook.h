// Hook: the program attached to one interface, for as long as this lives.
#pragma once

#include <cstdint>
#include <utility>

#include "turnd/base/result.h"
#include "turnd/offload/filter_handle.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::offload {

enum class OffloadProgram : std::uint8_t { tc, xdp };
// At the ingress of the stack (tc), at the driver, or at the stack's own place for XDP (generic).
enum class Way : std::uint8_t { tc, xdp_native, xdp_generic };

class Hook {
 public:
  // errno when they cannot. tc: beside the filters of other turnds; what killed ones left is removed.
  [[nodiscard]] static base::Result<Hook, int> attach_filter(int program, int interface, const FilterHandle& at);
  // What killed turnds left at this interface, where there is something and it may.
  static void remove_filters_of_the_dead(int interface);
  // XDP: one program an interface; it dies with its turnd.
  [[nodiscard]] static base::Result<Hook, int> attach_link(Way way, int program, int interface);
  Hook(Hook&& other) noexcept : filter_(std::exchange(other.filter_, {})), link_(std::move(other.link_)) {}
  Hook& operator=(Hook&& other) noexcept {
    std::swap(filter_, other.filter_);
    std::swap(link_, other.link_);
    return *this;
  }
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;
  ~Hook();
  // False when its interface has gone, or somebody has taken the program away from there.
  [[nodiscard]] bool holds() const;

 private:
  struct Filter {
    int interface = 0;  // 0: none
    unsigned handle = 0;
    std::uint32_t program = 0;  // its id
  };
  Hook(Filter filter, posix::FileDescriptor link) : filter_(filter), link_(std::move(link)) {}
  Filter filter_;               // of tc
  posix::FileDescriptor link_;  // of XDP
};

}  // namespace turnd::offload
