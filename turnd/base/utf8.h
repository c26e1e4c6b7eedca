// UTF-8 (RFC 3629): well-formed means no overlong forms, surrogates, or code points beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace turnd::base {

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;  // bytes
};

// nullopt when the text is empty or does not begin with well-formed UTF-8.
[[nodiscard]] std::optional<CodePoint> first_code_point(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace turnd::base
