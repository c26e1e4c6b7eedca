// Strong: gives the same bytes different types where they mean different things.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace turnd::base {

template <class Tag, class T>
struct Strong {
  T value{};
  friend auto operator<=>(const Strong&, const Strong&) = default;
};

}  // namespace turnd::base

template <class Tag, class T>
struct std::hash<turnd::base::Strong<Tag, T>> {
  std::size_t operator()(const turnd::base::Strong<Tag, T>& strong) const noexcept {
    return std::hash<T>{}(strong.value);
  }
};
