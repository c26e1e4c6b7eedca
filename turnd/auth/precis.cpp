#include "turnd/auth/precis.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <functional>

namespace turnd::auth {
namespace {

using icu::UnicodeString;

enum class Derived { valid, disallowed, contextual };

// RFC 8264 s9.6 (RFC 5892 s2.6)
constexpr std::array<UChar32, 6> kValidExceptions{0x00DF, 0x03C2, 0x06FD, 0x06FE, 0x0F0B, 0x3007};
constexpr std::array<UChar32, 10> kDisallowedExceptions{0x0640, 0x07FA, 0x302E, 0x302F, 0x3031,
                                                        0x3032, 0x3033, 0x3034, 0x3035, 0x303B};

bool is_arabic_indic_digit(UChar32 code) { return code >= 0x0660 && code <= 0x0669; }
bool is_extended_arabic_indic_digit(UChar32 code) { return code >= 0x06F0 && code <= 0x06F9; }

bool has_contextual_rule(UChar32 code) {
  switch (code) {
    case 0x00B7:
    case 0x0375:
    case 0x05F3:
    case 0x05F4:
    case 0x30FB:
    case 0x200C:
    case 0x200D:
      return true;
    default:
      return is_arabic_indic_digit(code) || is_extended_arabic_indic_digit(code);
  }
}

bool is_old_hangul_jamo(UChar32 code) {
  const int type = u_getIntPropertyValue(code, UCHAR_HANGUL_SYLLABLE_TYPE);
  return type == U_HST_LEADING_JAMO || type == U_HST_VOWEL_JAMO || type == U_HST_TRAILING_JAMO;
}

bool has_compatibility_form(UChar32 code) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(error);
  const UnicodeString alone(code);
  return U_FAILURE(error) || nfkc->normalize(alone, error) != alone || U_FAILURE(error);
}

// Letters, digits, marks, numbers, spaces, symbols and punctuation: RFC 8264 s9.1, s9.14-9.18.
bool is_of_a_valid_category(UChar32 code) {
  constexpr std::uint32_t kValid = U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK | U_GC_ZS_MASK | U_GC_S_MASK | U_GC_P_MASK;
  return (U_GET_GC_MASK(code) & kValid) != 0;
}

// The steps of RFC 8264 s8, in its order.
Derived derive(UChar32 code) {
  if (std::ranges::find(kValidExceptions, code) != kValidExceptions.end()) return Derived::valid;
  if (std::ranges::find(kDisallowedExceptions, code) != kDisallowedExceptions.end()) return Derived::disallowed;
  if (has_contextual_rule(code)) return Derived::contextual;
  if (u_charType(code) == U_UNASSIGNED) return Derived::disallowed;
  if (code >= 0x21 && code <= 0x7E) return Derived::valid;
  if (is_old_hangul_jamo(code)) return Derived::disallowed;
  if (u_hasBinaryProperty(code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return Derived::disallowed;
  if (u_charType(code) == U_CONTROL_CHAR) return Derived::disallowed;
  if (has_compatibility_form(code)) return Derived::valid;
  return is_of_a_valid_category(code) ? Derived::valid : Derived::disallowed;
}

UChar32 before(const UnicodeString& text, int32_t at) { return at > 0 ? text.char32At(text.moveIndex32(at, -1)) : 0; }

UChar32 after(const UnicodeString& text, int32_t at) {
  const int32_t next = text.moveIndex32(at, 1);
  return next < text.length() ? text.char32At(next) : 0;
}

bool any_of(const UnicodeString& text, const std::function<bool(UChar32)>& holds) {
  for (int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1))
    if (holds(text.char32At(at))) return true;
  return false;
}

UScriptCode script_of(UChar32 code) {
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(code, &error);
}

int joining_type(UChar32 code) { return u_getIntPropertyValue(code, UCHAR_JOINING_TYPE); }

bool is_virama(UChar32 code) { return u_getCombiningClass(code) == 9; }

// RFC 5892 A.1: (L or D) T* ZWNJ T* (R or D)
bool joins_around(const UnicodeString& text, int32_t at) {
  int32_t left = at;
  while (left > 0 && joining_type(before(text, left)) == U_JT_TRANSPARENT) left = text.moveIndex32(left, -1);
  const int left_type = left > 0 ? joining_type(before(text, left)) : U_JT_NON_JOINING;
  int32_t right = text.moveIndex32(at, 1);
  while (right < text.length() && joining_type(text.char32At(right)) == U_JT_TRANSPARENT)
    right = text.moveIndex32(right, 1);
  const int right_type = right < text.length() ? joining_type(text.char32At(right)) : U_JT_NON_JOINING;
  return (left_type == U_JT_LEFT_JOINING || left_type == U_JT_DUAL_JOINING) &&
         (right_type == U_JT_RIGHT_JOINING || right_type == U_JT_DUAL_JOINING);
}

bool is_japanese_or_han(UChar32 code) {
  const UScriptCode script = script_of(code);
  return script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_HAN;
}

// RFC 5892 appendix A
bool fits_context(const UnicodeString& text, int32_t at) {
  const UChar32 code = text.char32At(at);
  switch (code) {
    case 0x200C:
      return is_virama(before(text, at)) || joins_around(text, at);
    case 0x200D:
      return is_virama(before(text, at));
    case 0x00B7:
      return before(text, at) == 'l' && after(text, at) == 'l';
    case 0x0375:
      return script_of(after(text, at)) == USCRIPT_GREEK;
    case 0x05F3:
    case 0x05F4:
      return script_of(before(text, at)) == USCRIPT_HEBREW;
    default:
      return true;  // judged for the whole text: a rule for each of them would be asked once a character
  }
}

// RFC 5892 A.7: a middle dot of Katakana stands in Japanese or Chinese text.
bool has_lone_katakana_dot(const UnicodeString& text) {
  return any_of(text, [](UChar32 code) { return code == 0x30FB; }) && !any_of(text, is_japanese_or_han);
}

// RFC 5892 A.8, A.9: the two kinds of digits do not mix.
bool mixes_arabic_digits(const UnicodeString& text) {
  return any_of(text, is_arabic_indic_digit) && any_of(text, is_extended_arabic_indic_digit);
}

}  // namespace

bool is_freeform(const UnicodeString& text) {
  if (has_lone_katakana_dot(text) || mixes_arabic_digits(text)) return false;
  for (int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const Derived derived = derive(text.char32At(at));
    if (derived == Derived::disallowed) return false;
    if (derived == Derived::contextual && !fits_context(text, at)) return false;
  }
  return true;
}

}  // namespace turnd::auth
