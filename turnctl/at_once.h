// at_once: the same for many, several of them at a time: what takes a while is mostly waiting for a far server.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "turnctl/failure.h"

namespace turnctl {

inline constexpr std::size_t kAtOnce = 32;

// Calls `work` with every number below `count`, on threads that have ended when it returns, each number once. The first
// failure, after which nothing is begun any more.
[[nodiscard]] std::optional<Failure> at_once(std::size_t count,
                                             const std::function<std::optional<Failure>(std::size_t)>& work);

}  // namespace turnctl
