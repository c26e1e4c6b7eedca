#include "signaling/config/config.h"

namespace signaling::config {

std::string to_string(const Listen& listen) {
  return (listen.tls ? "https://" : "http://") + turnd::base::to_string(listen.endpoint);
}

Listen default_listen() { return {false, {turnd::base::IpAddress::v4({127, 0, 0, 1}), 8080}}; }

Config resolved(Config config) {
  if (config.listen.empty()) config.listen.push_back(default_listen());
  if (config.public_url.empty()) {
    Listen first = config.listen.front();
    // An address that stands for all is none that a link could lead to.
    if (first.endpoint.address.is_unspecified()) first.endpoint.address = turnd::base::IpAddress::v4({127, 0, 0, 1});
    config.public_url = to_string(first);
  }
  return config;
}

}  // namespace signaling::config
