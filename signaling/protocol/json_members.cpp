#include "signaling/protocol/json_members.h"

#include <charconv>
#include <utility>

#include "signaling/protocol/json_scanner.h"

namespace signaling::protocol {
namespace {

void append_utf8(std::string& out, char32_t point) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

char32_t hex_unit(std::string_view four) {
  unsigned value = 0;
  std::from_chars(four.data(), four.data() + four.size(), value, 16);
  return value;
}

// The scanner has checked the escapes, so this only reads them.
std::string unescape(std::string_view inside) {
  std::string out;
  out.reserve(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] != '\\') {
      out.push_back(inside[i]);
      continue;
    }
    const char kind = inside[++i];
    if (kind == 'u') {
      char32_t point = hex_unit(inside.substr(i + 1, 4));
      i += 4;
      if (point >= 0xD800 && point <= 0xDBFF) {
        point = 0x10000 + ((point - 0xD800) << 10) + (hex_unit(inside.substr(i + 3, 4)) - 0xDC00);
        i += 6;
      }
      append_utf8(out, point);
      continue;
    }
    constexpr std::string_view kinds = "bfnrt", meanings = "\b\f\n\r\t";
    const std::size_t index = kinds.find(kind);
    out.push_back(index == std::string_view::npos ? kind : meanings[index]);
  }
  return out;
}

std::string_view between(const char* from, const char* to) { return {from, static_cast<std::size_t>(to - from)}; }

}  // namespace

turnd::base::Result<JsonMembers, JsonError> JsonMembers::parse(std::string_view text, std::size_t depth) {
  JsonScanner scan(text);
  scan.skip_space();
  if (scan.peek() != '{') {
    if (!scan.value(depth)) return scan.error();
    scan.skip_space();
    return scan.at_end() ? JsonError::not_an_object : JsonError::malformed;
  }
  JsonMembers found;
  found.members_.reserve(12);
  scan.take('{');
  scan.skip_space();
  bool more = !scan.take('}');
  while (more) {
    std::string_view key;
    if (!scan.string(key)) return scan.error();
    if (key.find('\\') != std::string_view::npos) key = found.decoded_keys_.emplace_back(unescape(key));
    scan.skip_space();
    if (!scan.take(':')) return JsonError::malformed;
    scan.skip_space();
    const char* const start = scan.position();
    if (!scan.value(depth - 1)) return scan.error();
    found.members_.push_back({key, between(start, scan.position())});
    if (found.members_.size() > kMaxJsonMembers) return JsonError::too_many_members;
    scan.skip_space();
    more = !scan.take('}');
    if (more && !scan.take(',')) return JsonError::malformed;
    scan.skip_space();
  }
  scan.skip_space();
  if (!scan.at_end()) return JsonError::malformed;
  return found;
}

std::optional<std::string_view> JsonMembers::find(std::string_view key) const {
  for (auto member = members_.rbegin(); member != members_.rend(); ++member) {
    if (member->key == key) return member->value;
  }
  return std::nullopt;
}

std::optional<std::string_view> JsonMembers::value(std::string_view key) const {
  const auto found = find(key);
  if (found && *found == "null") return std::nullopt;
  return found;
}

bool is_json_object(std::string_view slice) { return !slice.empty() && slice.front() == '{'; }

std::optional<std::string> json_string(std::string_view slice) {
  if (slice.size() < 2 || slice.front() != '"') return std::nullopt;
  const std::string_view inside = slice.substr(1, slice.size() - 2);
  return inside.find('\\') == std::string_view::npos ? std::string(inside) : unescape(inside);
}

std::optional<std::int64_t> json_integer(std::string_view slice) {
  std::int64_t value = 0;
  const char* const end = slice.data() + slice.size();
  const auto read = std::from_chars(slice.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

std::optional<bool> json_bool(std::string_view slice) {
  if (slice == "true") return true;
  if (slice == "false") return false;
  return std::nullopt;
}

std::optional<std::vector<std::string_view>> json_elements(std::string_view slice) {
  JsonScanner scan(slice);
  if (!scan.take('[')) return std::nullopt;
  std::vector<std::string_view> elements;
  scan.skip_space();
  if (scan.take(']')) return elements;
  for (;;) {
    scan.skip_space();
    const char* const start = scan.position();
    if (!scan.value(kMaxJsonDepth)) return std::nullopt;
    elements.push_back(between(start, scan.position()));
    scan.skip_space();
    if (scan.take(']')) return elements;
    if (!scan.take(',')) return std::nullopt;
  }
}

}  // namespace signaling::protocol
