#include "turnd/auth/identity.h"

namespace turnd::auth {

std::string_view Identity::user() const {
  const std::string_view name = username;
  const std::size_t colon = name.find(':');
  return kind == CredentialKind::ephemeral && colon != std::string_view::npos ? name.substr(colon + 1) : name;
}

crypto::Sha256Digest Identity::userhash() const {
  return crypto::sha256({base::as_bytes(username), base::as_bytes(":"), base::as_bytes(realm)});
}

}  // namespace turnd::auth
