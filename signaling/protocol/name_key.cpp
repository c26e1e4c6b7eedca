#include "signaling/protocol/name_key.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace signaling::protocol {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string lower(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::string name_key(std::string_view name) {
  if (is_ascii(name)) return lower(name);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(error);
  if (U_FAILURE(error)) return std::string(name);  // without ICU's data every spelling is a name of its own
  const auto text = icu::UnicodeString::fromUTF8({name.data(), static_cast<std::int32_t>(name.size())});
  const icu::UnicodeString folded = fold->normalize(text, error);
  std::string out;
  if (U_FAILURE(error)) return std::string(name);
  return folded.toUTF8String(out);
}

}  // namespace signaling::protocol
