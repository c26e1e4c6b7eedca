// FilterHandle: the place of this turnd among the filters of tc, its own for as long as this lives.
#pragma once

#include <optional>
#include <utility>

#include "turnd/posix/file_descriptor.h"

namespace turnd::offload {

// Several turnds may serve one interface: each has a filter with a handle of its own, and what one passes comes to the
// next. A name that only one process of a network namespace can have, and that goes with it, says whose handle it is: a
// filter whose handle nobody holds was left by a turnd that was killed. Any user of this machine may hold such a name
// as well; not all of them.
class FilterHandle {
 public:
  static constexpr unsigned kMost = 16;  // as a rule
  // Nothing when another holds it.
  [[nodiscard]] static std::optional<FilterHandle> claim(unsigned number);
  // The first that is free, of 1 to kMost; any other where those are held.
  [[nodiscard]] static std::optional<FilterHandle> claim_any();
  [[nodiscard]] unsigned number() const { return number_; }

 private:
  FilterHandle(unsigned number, posix::FileDescriptor name) : number_(number), name_(std::move(name)) {}
  unsigned number_;
  posix::FileDescriptor name_;
};

}  // namespace turnd::offload
