// The same person to the hub and to the services.
#pragma once

#include "signaling/room/person.h"
#include "signaling/service/identity.h"

namespace signaling::gateway {

[[nodiscard]] service::Identity to_identity(const room::Person& person);

}  // namespace signaling::gateway
