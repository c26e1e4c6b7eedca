#include "signaling/net/handshake.h"

#include <openssl/evp.h>

#include <array>

#include "turnd/base/bytes.h"
#include "turnd/crypto/base64.h"

namespace signaling::net {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 s1.3
constexpr std::size_t kKeyBytes = 16;

}  // namespace

bool is_websocket_attempt(const Request& request) { return request.fields.has_token("Upgrade", "websocket"); }

std::string_view upgrade_fault(const Request& request) {
  const Fields& fields = request.fields;
  if (request.method != Method::get) return "A WebSocket begins with GET";
  if (!is_websocket_attempt(request) || !fields.has_token("Connection", "upgrade"))
    return "The request has to ask for an upgrade to websocket";
  if (fields.find("Sec-WebSocket-Version") != "13") return "The version of the WebSocket protocol has to be 13";
  const auto key = turnd::crypto::from_base64(fields.find("Sec-WebSocket-Key"));
  if (!key || key->size() != kKeyBytes) return "Sec-WebSocket-Key has to be 16 bytes in base64";
  return {};
}

bool offers_protocol(const Request& request, std::string_view protocol) {
  return request.fields.has_token("Sec-WebSocket-Protocol", protocol);
}

bool offers_any_protocol(const Request& request) { return request.fields.count("Sec-WebSocket-Protocol") > 0; }

std::string accept_key(std::string_view key) {
  std::string text(key);
  text += kGuid;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) return {};
  return turnd::crypto::to_base64({digest.data(), size});
}

}  // namespace signaling::net
