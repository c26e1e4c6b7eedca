#include "turnd/net/settings.h"

namespace turnd::net {

std::string to_string(const Listen& listen) {
  return std::string(base::to_string(listen.transport)) + "://" + base::to_string(listen.endpoint);
}

}  // namespace turnd::net
