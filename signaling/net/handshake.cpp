#include "signaling/net/handshake.h"

#include "turnd/base/bytes.h"
#include "turnd/crypto/base64.h"
#include "turnd/crypto/hash.h"

namespace signaling::net {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 s1.3

// 16 bytes in base64 (RFC 6455 s4.2.1), which leaves four bits of the last letter free: some clients set them.
bool is_key(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::size_t kUsed = 22;
  return text.size() == kUsed + 2 && text.ends_with("==") &&
         text.substr(0, kUsed).find_first_not_of(kLetters) == std::string_view::npos;
}

}  // namespace

bool is_websocket_attempt(const Request& request) { return request.fields.has_token("Upgrade", "websocket"); }

std::string_view upgrade_fault(const Request& request) {
  const Fields& fields = request.fields;
  if (request.method != Method::get) return "A WebSocket begins with GET";
  if (!is_websocket_attempt(request) || !fields.has_token("Connection", "upgrade"))
    return "The request has to ask for an upgrade to websocket";
  if (fields.find("Sec-WebSocket-Version") != "13") return "The version of the WebSocket protocol has to be 13";
  if (!is_key(fields.find("Sec-WebSocket-Key"))) return "Sec-WebSocket-Key has to be 16 bytes in base64";
  return {};
}

bool offers_protocol(const Request& request, std::string_view protocol) {
  return request.fields.has_token("Sec-WebSocket-Protocol", protocol);
}

bool offers_any_protocol(const Request& request) { return request.fields.count("Sec-WebSocket-Protocol") > 0; }

std::string accept_key(std::string_view key) {
  return turnd::crypto::to_base64(turnd::crypto::sha1({turnd::base::as_bytes(key), turnd::base::as_bytes(kGuid)}));
}

}  // namespace signaling::net
