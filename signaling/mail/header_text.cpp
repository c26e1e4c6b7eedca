#include "signaling/mail/header_text.h"

#include <algorithm>

#include "turnd/base/bytes.h"
#include "turnd/crypto/base64.h"

namespace signaling::mail {

namespace {

// RFC 2047 s2: an encoded word has at most 75 characters; "=?UTF-8?B?" and "?=" leave 63, 60 of them base64: 45 bytes.
constexpr std::size_t kWordBytes = 45;
// RFC 5322 s2.1.1: a line has at most 998 characters and should have 78; longer texts are encoded, which folds them.
constexpr std::size_t kPlainBytes = 66;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool needs_no_encoding(std::string_view text) {
  return text.size() <= kPlainBytes && text.find("=?") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Ends between two characters where the text is UTF-8 (RFC 2047 s5: no character is split).
std::size_t word_length(std::string_view rest) {
  if (rest.size() <= kWordBytes) return rest.size();
  std::size_t length = kWordBytes;
  while (length > 0 && is_continuation(rest[length])) --length;
  return length > 0 ? length : kWordBytes;
}

std::string base64(std::string_view text) {
  return turnd::crypto::to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, is_control, ' ');
  return line;
}

std::string header_text(std::string_view text) {
  const std::string line = one_line(text);
  if (needs_no_encoding(line)) return line;
  std::string encoded;
  for (std::string_view rest = line; !rest.empty();) {
    const std::size_t length = word_length(rest);
    if (!encoded.empty()) encoded += "\r\n ";
    encoded += "=?UTF-8?B?" + base64(rest.substr(0, length)) + "?=";
    rest.remove_prefix(length);
  }
  return encoded;
}

}  // namespace signaling::mail
