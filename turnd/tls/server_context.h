// ServerContext: a certificate, its key and the settings of TLS and DTLS servers, immutable once loaded.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/base/result.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace turnd::tls {

struct Settings {
  std::string certificate;          // PEM chain, leaf first
  std::string key;                  // PEM
  std::string min_version = "1.2";  // "1.2" or "1.3"
  std::string ciphers = "default";  // OpenSSL cipher list for TLS 1.2; "default": ECDHE with AEAD only
  // Accepted, in the order of our preference (RFC 7301). A client that offers none is served; one that offers only
  // others speaks another protocol, and gets the alert no_application_protocol. Empty: no answer to any offer.
  // TURN: RFC 7443.
  std::vector<std::string> alpn{"stun.turn", "stun.nat-discovery"};
  // Clients of TLS 1.3 may come back for a shorter handshake. It pays where they come back often.
  bool resumption = false;
  friend bool operator==(const Settings&, const Settings&) = default;
};

// What and which file, why, and what to do: one sentence for the operator.
struct LoadError {
  std::string path;
  std::string why;
  std::string remedy;
};

// What tls.ciphers may say: `default`, or a list in OpenSSL's form that selects something.
[[nodiscard]] bool selects_a_cipher(const std::string& ciphers);

// Shared by all workers; the SSL_CTXs are only read after loading. Running connections keep theirs alive.
class ServerContext {
 public:
  // Reads both files; refuses a pair that does not belong together, an unreadable key, a cipher list
  // that selects nothing.
  [[nodiscard]] static base::Result<std::shared_ptr<const ServerContext>, LoadError> load(const Settings& settings);
  ~ServerContext();
  ServerContext(const ServerContext&) = delete;
  ServerContext& operator=(const ServerContext&) = delete;

  [[nodiscard]] ssl_ctx_st* tls() const { return tls_; }    // TLS 1.2 and 1.3
  [[nodiscard]] ssl_ctx_st* dtls() const { return dtls_; }  // DTLS 1.2, with a stateless cookie (RFC 7350)
  [[nodiscard]] base::WallTime not_after() const { return not_after_; }
  // subjectAltName dNSName entries of the leaf, in order, wildcards left out.
  [[nodiscard]] const std::vector<std::string>& dns_names() const { return dns_names_; }

 private:
  ServerContext() = default;
  ssl_ctx_st* tls_ = nullptr;
  ssl_ctx_st* dtls_ = nullptr;
  std::string alpn_;  // in the form of the wire; the contexts point to it
  base::WallTime not_after_{};
  std::vector<std::string> dns_names_;
};

// Tells when one of the two files has changed (identity, size or mtime), to be asked every few seconds.
class CertificateWatch {
 public:
  explicit CertificateWatch(const Settings& settings);
  [[nodiscard]] bool changed();

 private:
  struct Stamp {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t modified = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  static Stamp stamp(const std::string& path);
  Settings settings_;
  Stamp certificate_, key_;
};

}  // namespace turnd::tls
