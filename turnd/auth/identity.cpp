#include "turnd/auth/identity.h"

namespace turnd::auth {

std::string_view Identity::user() const {
  const std::string_view name = username;
  const std::size_t colon = name.find(':');
  return kind == CredentialKind::ephemeral && colon != std::string_view::npos ? name.substr(colon + 1) : name;
}

}  // namespace turnd::auth
