// CertificateFiles: a self-signed certificate and its key in a folder of their own, removed at the end.
#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include "tests/support/temporary_folder.h"
#include "turnd/tls/openssl_types.h"
#include "turnd/tls/server_context.h"

namespace turnd::tls {

class CertificateFiles {
 public:
  struct Subject {
    const char* names = "DNS:turn.example.org";
    long serial = 1;
    long valid_seconds = 3600;
  };
  CertificateFiles() : CertificateFiles(Subject{}) {}
  explicit CertificateFiles(const Subject& subject) { issue(subject); }

  [[nodiscard]] std::string certificate() const { return folder_.file("fullchain.pem"); }
  [[nodiscard]] std::string key() const { return folder_.file("privkey.pem"); }
  [[nodiscard]] Settings settings() const {
    Settings settings;
    settings.certificate = certificate();
    settings.key = key();
    return settings;
  }

  // Another pair in the same files.
  void issue(const Subject& subject) {
    const KeyPointer key(EVP_EC_gen("P-256"));
    const CertificatePointer made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), subject.serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), subject.valid_seconds);
    X509_set_pubkey(made.get(), key.get());
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.names);
    X509_add_ext(made.get(), names, -1);
    X509_EXTENSION_free(names);
    if (X509_sign(made.get(), key.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
    write(certificate(), [&](std::FILE* file) { return PEM_write_X509(file, made.get()); });
    write(this->key(), [&](std::FILE* file) {
      return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }

 private:
  template <class Put>
  static void write(const std::string& path, const Put& put) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr || put(file) != 1) throw std::runtime_error(path);
    std::fclose(file);
  }
  support::TemporaryFolder folder_;
};

}  // namespace turnd::tls
