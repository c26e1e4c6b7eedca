#include "turnd/crypto/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace turnd::crypto {
namespace {

bool is_digit(char text) {
  return (text >= 'A' && text <= 'Z') || (text >= 'a' && text <= 'z') || (text >= '0' && text <= '9') || text == '+' ||
         text == '/';
}

}  // namespace

std::string to_base64(base::ByteView bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<base::Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // EVP_DecodeBlock forgives white space and padding in the middle; we do not.
  if (!std::ranges::all_of(text.substr(0, text.size() - padding), is_digit)) return std::nullopt;
  base::Bytes bytes(text.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  if (to_base64(bytes) != text) return std::nullopt;  // bits set beyond the last byte
  return bytes;
}

}  // namespace turnd::crypto
