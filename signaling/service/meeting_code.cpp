#include "signaling/service/meeting_code.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "turnd/base/hex.h"
#include "turnd/crypto/random.h"

namespace signaling::service {

namespace {

constexpr std::string_view kAlphabet = "BCDFGHJKLMNPQRSTVWXZ23456789";
constexpr std::size_t kCodeLength = 10;
constexpr std::size_t kPasswordLength = 8;
constexpr std::size_t kUuidLength = 36;
constexpr std::array kHyphens{8u, 13u, 18u, 23u};

// Words that stand where a code could in a path.
constexpr std::array<std::string_view, 8> kReserved{"CREATE", "JOIN",   "LEAVE",       "END",
                                                    "DETAIL", "INVITE", "JOINREQUEST", "PARTICIPANTS"};

std::string letters(std::size_t count, const turnd::base::RandomSource& random) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kAlphabet[turnd::crypto::uniform(random, static_cast<std::uint32_t>(kAlphabet.size()))];
  }
  return text;
}

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

bool is_uuid(std::string_view text) {
  if (text.size() != kUuidLength) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = std::ranges::find(kHyphens, i) != kHyphens.end();
    if (hyphen ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

std::string mapped(std::string_view text, int (*to)(int)) {
  std::string made;
  for (const char c : text) made += static_cast<char>(to(static_cast<unsigned char>(c)));
  return made;
}

}  // namespace

std::string new_meeting_code(const turnd::base::RandomSource& random) { return letters(kCodeLength, random); }

std::string new_meeting_password(const turnd::base::RandomSource& random) { return letters(kPasswordLength, random); }

std::string new_uuid(const turnd::base::RandomSource& random) {
  std::array<std::uint8_t, 16> bytes{};
  random(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  std::string text = turnd::base::to_hex(bytes);
  for (const auto at : kHyphens) text.insert(at, 1, '-');
  return text;
}

std::optional<MeetingName> parse_meeting_name(std::string_view text) {
  if (is_uuid(text)) return MeetingName{MeetingName::Kind::uuid, mapped(text, std::tolower)};
  std::string code = mapped(text, std::toupper);
  std::erase(code, '-');
  const bool possible = !code.empty() && code.size() <= 16 &&
                        std::ranges::all_of(code, [](char c) { return std::isalnum(static_cast<unsigned char>(c)); });
  if (!possible || std::ranges::find(kReserved, code) != kReserved.end()) return std::nullopt;
  return MeetingName{MeetingName::Kind::code, std::move(code)};
}

}  // namespace signaling::service
