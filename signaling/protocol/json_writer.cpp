#include "signaling/protocol/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace signaling::protocol {

namespace {

// Whether one of eight bytes is below 0x20, a quote or a backslash.
bool any_needs_escape(std::uint64_t eight) {
  constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  const auto zeros = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & highs; };
  const std::uint64_t controls = (eight - ones * 0x20) & ~eight & highs;
  return (controls | zeros(eight ^ (ones * '"')) | zeros(eight ^ (ones * '\\'))) != 0;
}

// The length of what stands for itself at the beginning of a text.
std::size_t plain_prefix(std::string_view text) {
  constexpr std::uint64_t spaces = 0x2020202020202020;
  std::size_t length = 0;
  while (length < text.size()) {
    const std::size_t size = std::min(sizeof(std::uint64_t), text.size() - length);
    std::uint64_t eight = spaces;
    std::memcpy(&eight, text.data() + length, size);
    if (any_needs_escape(eight)) break;
    length += size;
  }
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
  while (length < text.size() && is_plain(text[length])) ++length;
  return length;
}

void append_escaped(std::string& out, char character) {
  constexpr std::string_view hex = "0123456789abcdef", shorts = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  const std::size_t index = shorts.find(character);
  out.push_back('\\');
  if (index != std::string_view::npos) return out.push_back(letters[index]);
  const auto byte = static_cast<unsigned char>(character);
  out.append("u00").push_back(hex[byte >> 4]);
  out.push_back(hex[byte & 15]);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (;;) {
    const std::size_t plain = plain_prefix(text);
    out.append(text.substr(0, plain));
    if (plain == text.size()) break;
    append_escaped(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
  out.push_back('"');
}

// A comma belongs before a value or a key unless something was just opened or named.
void JsonWriter::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':' && last != ',') out_.push_back(',');
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_.push_back(':');
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_json_string(out_, value);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  std::array<char, 24> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out_.append(digits.data(), written.ptr);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }
JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace signaling::protocol
