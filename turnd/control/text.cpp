#include "turnd/control/text.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace turnd::control {
namespace {

struct CodePoint {
  char32_t value;
  std::size_t size;  // bytes
};

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// RFC 3629 s3: how many bytes a first byte announces; 0 for a byte that cannot be first.
std::size_t announced_size(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return 2;
  if (first < 0xF0) return 3;
  return first < 0xF5 ? 4 : 0;
}

// The code point at the front; nullopt when the front is no UTF-8.
std::optional<CodePoint> front(std::string_view text) {
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

bool is_control(char32_t value) { return value < 0x20 || (value >= 0x7F && value < 0xA0); }

// Marks that turn the direction of what follows (UAX #9), line separators, and invisible joiners of words.
bool misleads(char32_t value) {
  if (value == 0x061C || value == 0xFEFF) return true;
  return (value >= 0x200B && value <= 0x200F) || (value >= 0x2028 && value <= 0x202E) ||
         (value >= 0x2060 && value <= 0x2069);
}

void append_escaped(std::string& out, const char* format, unsigned value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, value);
  out += text.data();
}

void append_shown(std::string& out, const CodePoint& point, std::string_view text) {
  if (point.value == '\\') {
    out += "\\\\";
  } else if (point.value == '\n') {
    out += "\\n";
  } else if (point.value == '\r') {
    out += "\\r";
  } else if (point.value == '\t') {
    out += "\\t";
  } else if (is_control(point.value) && point.value < 0x80) {
    append_escaped(out, "\\x%02x", static_cast<unsigned>(point.value));
  } else if (is_control(point.value) || misleads(point.value)) {
    append_escaped(out, "\\u{%x}", static_cast<unsigned>(point.value));
  } else {
    out += text.substr(0, point.size);
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::optional<CodePoint> point = front(text);
    if (!point) return false;
    text.remove_prefix(point->size);
  }
  return true;
}

bool has_control_characters(std::string_view text) {
  while (!text.empty()) {
    const std::optional<CodePoint> point = front(text);
    if (!point || is_control(point->value)) return true;
    text.remove_prefix(point->size);
  }
  return false;
}

std::string printable(std::string_view foreign) {
  std::string out;
  std::size_t used = 0;
  while (!foreign.empty()) {
    const std::optional<CodePoint> point = front(foreign);
    const std::size_t size = point ? point->size : 1;
    if (used + size > kShownBytes) return out + "…";
    if (point) {
      append_shown(out, *point, foreign);
    } else {
      append_escaped(out, "\\x%02x", static_cast<unsigned char>(foreign.front()));
    }
    used += size;
    foreign.remove_prefix(size);
  }
  return out;
}

}  // namespace turnd::control
