// CursorSeal: makes the opaque cursors of lists, and knows its own again (operations.md D8).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace turnd::control {

// A cursor is the position after which a list goes on, sealed with a key of this process and the list's name: one that
// was not given out, or by another list, does not open.
class CursorSeal {
 public:
  using Key = std::array<std::uint8_t, 16>;
  explicit CursorSeal(const Key& key) : key_(key) {}

  [[nodiscard]] std::string seal(std::string_view list, std::string_view position) const;
  [[nodiscard]] std::optional<std::string> open(std::string_view list, std::string_view cursor) const;

 private:
  Key key_;
};

}  // namespace turnd::control
