// Which web pages may use this server: the list of origins, and the server's own (S1, S6, Y7).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/net/http.h"

namespace signaling::api {

enum class OriginVerdict : std::uint8_t {
  none,     // the request names no origin: no browser's page of another site
  own,      // the server's own page, or a listed one: cookies count
  any,      // allowed by "*" alone: never with cookies
  foreign,  // not allowed
};

class Origins {
 public:
  Origins(std::string public_url, std::vector<std::string> listed);
  [[nodiscard]] OriginVerdict judge(const net::Request& request) const;
  [[nodiscard]] bool allows(const net::Request& request) const { return judge(request) != OriginVerdict::foreign; }

 private:
  std::string public_host_;  // without the port
  std::vector<std::string> listed_;
  bool any_ = false;
};

}  // namespace signaling::api
