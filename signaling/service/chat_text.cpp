#include "signaling/service/chat_text.h"

#include <algorithm>

#include "signaling/service/body.h"

namespace signaling::service {
namespace {

// More words than anybody searches for; FTS5 has a limit of its own.
constexpr std::size_t kMostWords = 32;

// Letters beyond ASCII are FTS5's matter: it knows which of them are words.
bool is_word_byte(char each) {
  const auto byte = static_cast<unsigned char>(each);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

}  // namespace

protocol::Outcome<std::string> checked_content(std::string_view text, std::size_t most) {
  const std::string_view content = trimmed(text);
  if (content.empty()) return protocol::bad_field("content", "must not be empty");
  if (most != 0 && content.size() > most)
    return protocol::failure(protocol::ErrorCode::too_large,
                             "A message has at most " + std::to_string(most) + " bytes");
  return std::string(content);
}

std::string match_expression(std::string_view text) {
  std::string expression;
  std::size_t words = 0;
  while (words < kMostWords) {
    const auto* const first = std::ranges::find_if(text, is_word_byte);
    if (first == text.end()) break;
    const auto* const last = std::find_if_not(first, text.end(), is_word_byte);
    if (!expression.empty()) expression += ' ';
    expression.append(1, '"').append(first, last).append(1, '"');
    text.remove_prefix(static_cast<std::size_t>(last - text.begin()));
    ++words;
  }
  return expression;
}

}  // namespace signaling::service
