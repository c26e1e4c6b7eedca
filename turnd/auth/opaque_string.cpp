#include "turnd/auth/opaque_string.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <vector>

#include "turnd/auth/precis.h"

namespace turnd::auth {
namespace {

using icu::UnicodeString;

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char each) { return each >= 0x20 && each <= 0x7E; });
}

// Strict: ICU's own conversion would put U+FFFD where the bytes are no UTF-8.
std::optional<UnicodeString> decode(std::string_view text) {
  std::vector<UChar> units(text.size() + 1);
  int32_t size = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strFromUTF8(units.data(), static_cast<int32_t>(units.size()), &size, text.data(), static_cast<int32_t>(text.size()),
                &error);
  if (U_FAILURE(error)) return std::nullopt;
  return UnicodeString(units.data(), size);
}

// RFC 8265 s4.2.1 rule 2
UnicodeString with_ascii_spaces(const UnicodeString& text) {
  UnicodeString mapped;
  for (int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const UChar32 code = text.char32At(at);
    mapped.append(u_charType(code) == U_SPACE_SEPARATOR ? UChar32{' '} : code);
  }
  return mapped;
}

}  // namespace

std::optional<std::string> opaque_string(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (is_plain_ascii(text)) return std::string(text);
  const auto decoded = decode(text);
  if (!decoded || !is_freeform(*decoded)) return std::nullopt;
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) return std::nullopt;
  const UnicodeString normalized = nfc->normalize(with_ascii_spaces(*decoded), error);
  if (U_FAILURE(error)) return std::nullopt;
  std::string prepared;
  normalized.toUTF8String(prepared);
  return prepared;
}

}  // namespace turnd::auth
