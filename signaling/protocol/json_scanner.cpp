#include "signaling/protocol/json_scanner.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace signaling::protocol {
namespace {

constexpr std::uint64_t every_byte(std::uint64_t byte) { return byte * 0x0101010101010101U; }

// Whether one of eight bytes ends the plain part of a string: a quote, a backslash or a control character.
bool has_special(std::uint64_t eight) {
  const auto has_zero = [](std::uint64_t value) { return (value - every_byte(0x01)) & ~value & every_byte(0x80); };
  const std::uint64_t control = (eight - every_byte(0x20)) & ~eight & every_byte(0x80);
  return (has_zero(eight ^ every_byte('"')) | has_zero(eight ^ every_byte('\\')) | control) != 0;
}

constexpr std::ptrdiff_t kSafeDigits = 300;  // a double has up to 309 before the point

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void JsonScanner::skip_space() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool JsonScanner::take(char wanted) {
  if (at_ == end_ || *at_ != wanted) return false;
  ++at_;
  return true;
}

bool JsonScanner::string(std::string_view& inside) {
  if (!take('"')) return fail(JsonError::malformed);
  const char* const start = at_;
  for (;;) {
    std::uint64_t eight = 0;
    while (end_ - at_ >= 8) {
      std::memcpy(&eight, at_, sizeof eight);
      if (has_special(eight)) break;
      at_ += 8;
    }
    while (at_ != end_ && *at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20) ++at_;
    if (at_ == end_) return fail(JsonError::malformed);
    if (*at_ == '"') break;
    if (*at_ != '\\' || !escape()) return fail(JsonError::malformed);
  }
  inside = std::string_view(start, static_cast<std::size_t>(at_ - start));
  ++at_;
  return true;
}

// RFC 8259 s7; half a surrogate pair stands for no character and is refused.
bool JsonScanner::escape() {
  ++at_;
  if (at_ == end_) return false;
  const char kind = *at_++;
  if (std::string_view("\"\\/bfnrt").find(kind) != std::string_view::npos) return true;
  unsigned unit = 0;
  if (kind != 'u' || !unicode(unit)) return false;
  if (unit >= 0xDC00 && unit <= 0xDFFF) return false;
  if (unit < 0xD800 || unit > 0xDBFF) return true;
  unsigned low = 0;
  return take('\\') && take('u') && unicode(low) && low >= 0xDC00 && low <= 0xDFFF;
}

bool JsonScanner::unicode(unsigned& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = at_ == end_ ? -1 : hex_digit(*at_);
    if (digit < 0) return false;
    unit = unit * 16 + static_cast<unsigned>(digit);
    ++at_;
  }
  return true;
}

bool JsonScanner::value(std::size_t depth) {
  std::string_view inside;
  switch (peek()) {
    case '"':
      return string(inside);
    case '{':
      return container('}', depth);
    case '[':
      return container(']', depth);
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    default:
      return number();
  }
}

bool JsonScanner::container(char close, std::size_t depth) {
  if (depth == 0) return fail(JsonError::too_deep);
  ++at_;
  skip_space();
  if (take(close)) return true;
  for (std::size_t members = 1;; ++members) {
    if (close == '}') {
      if (members > kMaxJsonMembers) return fail(JsonError::too_many_members);
      std::string_view key;
      if (!string(key)) return false;
      skip_space();
      if (!take(':')) return fail(JsonError::malformed);
      skip_space();
    }
    if (!value(depth - 1)) return false;
    skip_space();
    if (take(close)) return true;
    if (!take(',')) return fail(JsonError::malformed);
    skip_space();
  }
}

bool JsonScanner::number() {
  const char* const start = at_;
  take('-');
  if (!take('0') && !digits()) return fail(JsonError::malformed);
  if (take('.') && !digits()) return fail(JsonError::malformed);
  const bool has_exponent = take('e') || take('E');
  if (has_exponent) {
    if (!take('+')) take('-');
    if (!digits()) return fail(JsonError::malformed);
  }
  saw_wide_number_ |= has_exponent || at_ - start > kSafeDigits;
  return true;
}

bool JsonScanner::digits() {
  const char* const start = at_;
  while (at_ != end_ && is_digit(*at_)) ++at_;
  return at_ != start;
}

bool JsonScanner::word(std::string_view expected) {
  if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).substr(0, expected.size()) != expected)
    return fail(JsonError::malformed);
  at_ += expected.size();
  return true;
}

}  // namespace signaling::protocol
