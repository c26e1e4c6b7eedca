// KeyPair: a certificate chain and its private key, read from PEM files and known to belong together.
#pragma once

#include <string>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/base/result.h"
#include "turnd/tls/openssl_types.h"
#include "turnd/tls/server_context.h"

namespace turnd::tls {

struct KeyPair {
  CertificatePointer leaf;
  std::vector<CertificatePointer> issuers;  // as in the file
  KeyPointer key;
};

[[nodiscard]] base::Result<KeyPair, LoadError> read_key_pair(const std::string& certificate, const std::string& key);

[[nodiscard]] base::WallTime not_after(const X509& certificate);
// subjectAltName dNSName entries in order, wildcards left out.
[[nodiscard]] std::vector<std::string> dns_names(const X509& certificate);

}  // namespace turnd::tls
