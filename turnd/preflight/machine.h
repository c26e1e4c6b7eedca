// What the machine is: facts for the configuration's defaults.
#pragma once

#include "turnd/config/defaults.h"
#include "turnd/tls/server_context.h"

namespace turnd::preflight {

// Host name, addresses, default routes, and the certificate's name. `context` may be null.
[[nodiscard]] config::Machine inspect_machine(const tls::ServerContext* context);

}  // namespace turnd::preflight
