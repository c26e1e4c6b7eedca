// Owners of OpenSSL's objects, and its error queue in words.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace turnd::tls {

template <auto Free>
struct Freeing {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using SslPointer = std::unique_ptr<SSL, Freeing<SSL_free>>;
using SslContextPointer = std::unique_ptr<SSL_CTX, Freeing<SSL_CTX_free>>;
using BioPointer = std::unique_ptr<BIO, Freeing<BIO_free>>;
using BioMethodPointer = std::unique_ptr<BIO_METHOD, Freeing<BIO_meth_free>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, Freeing<X509_free>>;

// Takes the whole queue of this thread; the first error is the cause, what follows are its consequences.
[[nodiscard]] std::string take_errors();

}  // namespace turnd::tls
