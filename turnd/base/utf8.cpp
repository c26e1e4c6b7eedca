#include "turnd/base/utf8.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace turnd::base {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// ASCII at the beginning, eight bytes at a time: most texts are little else.
std::size_t plain_words(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t size = 0;
  for (std::uint64_t word = 0; text.size() - size >= sizeof word; size += sizeof word) {
    std::memcpy(&word, text.data() + size, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  return size;
}

// RFC 3629 s3: how many bytes a first byte announces; 0 for a byte that cannot be first.
std::size_t announced_size(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return 2;
  if (first < 0xF0) return 3;
  return first < 0xF5 ? 4 : 0;
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = announced_size(first);
  if (size == 0 || size > text.size()) return std::nullopt;
  char32_t value = size == 1 ? first : first & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return std::nullopt;
    value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[size] || is_surrogate || value > 0x10FFFF) return std::nullopt;
  return CodePoint{value, size};
}

bool is_utf8(std::string_view text) {
  for (text.remove_prefix(plain_words(text)); !text.empty(); text.remove_prefix(plain_words(text))) {
    const std::optional<CodePoint> point = first_code_point(text);
    if (!point) return false;
    text.remove_prefix(point->size);
  }
  return true;
}

}  // namespace turnd::base
