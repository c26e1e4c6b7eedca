#include "turnd/control/text.h"

#include <array>
#include <cstdio>
#include <optional>

#include "turnd/base/utf8.h"

namespace turnd::control {
namespace {

using base::CodePoint;

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

bool has_control_characters(std::string_view text) {
  while (!text.empty()) {
    const std::optional<CodePoint> point = base::first_code_point(text);
    if (!point || is_control(point->value)) return true;
    text.remove_prefix(point->size);
  }
  return false;
}

std::string printable(std::string_view foreign) {
  std::string out;
  std::size_t used = 0;
  while (!foreign.empty()) {
    const std::optional<CodePoint> point = base::first_code_point(foreign);
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
