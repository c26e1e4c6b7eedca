#include "signaling/service/base64url.h"

#include <algorithm>

#include "turnd/crypto/base64.h"

namespace signaling::service {

std::string to_base64url(turnd::base::ByteView bytes) {
  std::string text = turnd::crypto::to_base64(bytes);
  text.erase(std::min(text.find('='), text.size()));
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::optional<turnd::base::Bytes> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string padded(text);
  std::ranges::replace(padded, '-', '+');
  std::ranges::replace(padded, '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  auto bytes = turnd::crypto::from_base64(padded);
  if (!bytes || to_base64url(*bytes) != text) return std::nullopt;  // bits that no byte has must be zero
  return bytes;
}

}  // namespace signaling::service
