// How long a text is for people: in characters, not in bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace signaling::protocol {

// Code points of well-formed UTF-8.
[[nodiscard]] inline std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// As many of its first characters, whole.
[[nodiscard]] inline std::string_view first_characters(std::string_view utf8, std::size_t most) {
  std::size_t end = 0, seen = 0;
  for (; end < utf8.size(); ++end) {
    if ((static_cast<unsigned char>(utf8[end]) & 0xC0) != 0x80 && ++seen > most) break;
  }
  return utf8.substr(0, end);
}

}  // namespace signaling::protocol
