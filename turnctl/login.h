// How a diagnosis logs in: as the user that was named, or with a credential of the turnd of this machine.
#pragma once

#include <optional>
#include <string>

#include "turnctl/context.h"
#include "turnctl/turn_client.h"

namespace turnctl {

struct LoginRequest {
  std::optional<std::string> user;
  std::optional<std::string> password_file;  // "-": stdin
};
[[nodiscard]] Outcome<Login> log_in(const Context& context, const LoginRequest& request);

}  // namespace turnctl
