#include "turnd/tls/key_pair.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace turnd::tls {
namespace {

// A key with a passphrase: nobody is there to be asked.
int no_passphrase(char*, int, int, void*) { return -1; }

base::Result<BioPointer, LoadError> open_file(const std::string& path) {
  errno = 0;
  BioPointer file(BIO_new_file(path.c_str(), "r"));
  if (file) return file;
  const std::string why = errno != 0 ? std::strerror(errno) : "cannot be opened";
  ERR_clear_error();
  return LoadError{path, why, "check that the file is there and that the user of the server may read it"};
}

LoadError not_pem(const std::string& path, const char* what, const char* remedy) {
  return {path, std::string(what) + " (" + take_errors() + ")", remedy};
}

base::Result<KeyPair, LoadError> read_chain(const std::string& path) {
  auto file = open_file(path);
  if (!file) return file.error();
  KeyPair pair;
  pair.leaf.reset(PEM_read_bio_X509_AUX(file->get(), nullptr, no_passphrase, nullptr));
  if (!pair.leaf)
    return not_pem(path, "holds no certificate in PEM",
                   "give the full chain in PEM, the server's own certificate first");
  while (X509* issuer = PEM_read_bio_X509(file->get(), nullptr, no_passphrase, nullptr))
    pair.issuers.emplace_back(issuer);
  // The end of the file says "no start line"; anything else is a damaged certificate.
  const unsigned long end = ERR_peek_last_error();
  if (ERR_GET_LIB(end) != ERR_LIB_PEM || ERR_GET_REASON(end) != PEM_R_NO_START_LINE)
    return not_pem(path, "holds a certificate that cannot be read", "give the full chain in PEM, complete");
  ERR_clear_error();
  return pair;
}

base::Result<KeyPointer, LoadError> read_key(const std::string& path) {
  auto file = open_file(path);
  if (!file) return file.error();
  KeyPointer key(PEM_read_bio_PrivateKey(file->get(), nullptr, no_passphrase, nullptr));
  if (!key) return not_pem(path, "holds no readable private key in PEM", "give the key in PEM, without a passphrase");
  return key;
}

}  // namespace

base::Result<KeyPair, LoadError> read_key_pair(const std::string& certificate, const std::string& key) {
  auto pair = read_chain(certificate);
  if (!pair) return pair.error();
  auto own_key = read_key(key);
  if (!own_key) return own_key.error();
  if (X509_check_private_key(pair->leaf.get(), own_key->get()) != 1) {
    ERR_clear_error();
    return LoadError{key, "does not belong to the certificate in " + certificate,
                     "give the key that the certificate was issued for"};
  }
  pair->key = std::move(*own_key);
  return pair;
}

base::WallTime not_after(const X509& certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts) != 1) return {};
  return base::WallTime(std::chrono::seconds(timegm(&parts)));
}

std::vector<std::string> dns_names(const X509& certificate) {
  const std::unique_ptr<GENERAL_NAMES, Freeing<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    const unsigned char* text = ASN1_STRING_get0_data(name->d.dNSName);
    std::string dns(reinterpret_cast<const char*>(text), static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    const bool is_plain = !dns.empty() && dns.find_first_of(std::string_view("*\0", 2)) == std::string::npos;
    if (is_plain) found.push_back(std::move(dns));
  }
  return found;
}

}  // namespace turnd::tls
