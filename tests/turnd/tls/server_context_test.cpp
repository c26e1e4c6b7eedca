// Loading certificates: what is served, what is refused and how the operator is told.
#include "turnd/tls/server_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/turnd/tls/certificate_files.h"

namespace turnd::tls {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ServerContext, LoadsAPairForTlsAndDtls) {
  const CertificateFiles files;

  const auto context = ServerContext::load(files.settings());

  ASSERT_TRUE(context) << context.error().why;
  EXPECT_NE((*context)->tls(), nullptr);
  EXPECT_NE((*context)->dtls(), nullptr);
}

TEST(ServerContext, TellsTheDnsNamesInOrderWithoutWildcards) {
  const CertificateFiles files({.names = "DNS:turn.example.org,DNS:*.example.org,IP:192.0.2.1,DNS:b.example.org"});

  const auto context = ServerContext::load(files.settings());

  ASSERT_TRUE(context);
  EXPECT_THAT((*context)->dns_names(), ElementsAre("turn.example.org", "b.example.org"));
}

TEST(ServerContext, TellsWhenTheCertificateExpiresAndServesItAllTheSame) {
  const CertificateFiles files({.valid_seconds = -30});

  const auto context = ServerContext::load(files.settings());

  ASSERT_TRUE(context);
  const auto ago = std::chrono::system_clock::now() - (*context)->not_after();
  EXPECT_GE(ago, std::chrono::seconds(29));
  EXPECT_LT(ago, std::chrono::minutes(10));
}

TEST(ServerContext, RefusesAKeyThatDoesNotBelongToTheCertificate) {
  const CertificateFiles files;
  const CertificateFiles others;
  Settings settings = files.settings();
  settings.key = others.key();

  const auto context = ServerContext::load(settings);

  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().path, others.key());
  EXPECT_THAT(context.error().why, HasSubstr("does not belong to"));
}

TEST(ServerContext, RefusesAFileThatIsNotThere) {
  const CertificateFiles files;
  Settings settings = files.settings();
  settings.certificate += ".missing";

  const auto context = ServerContext::load(settings);

  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().path, settings.certificate);
  EXPECT_EQ(context.error().why, "No such file or directory");
}

TEST(ServerContext, RefusesAChainThatIsCutOff) {
  const CertificateFiles files;
  std::ofstream(files.certificate(), std::ios::app) << "-----BEGIN CERTIFICATE-----\nMIIB\n";

  const auto context = ServerContext::load(files.settings());

  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().path, files.certificate());
}

TEST(ServerContext, RefusesAKeyWithAPassphraseInsteadOfAskingForIt) {
  const CertificateFiles files;
  const KeyPointer key(EVP_EC_gen("P-256"));
  std::FILE* file = std::fopen(files.key().c_str(), "w");
  unsigned char passphrase[] = "secret";
  PEM_write_PrivateKey(file, key.get(), EVP_aes_128_cbc(), passphrase, 6, nullptr, nullptr);
  std::fclose(file);

  const auto context = ServerContext::load(files.settings());

  ASSERT_FALSE(context);
  EXPECT_THAT(context.error().remedy, HasSubstr("without a passphrase"));
}

TEST(ServerContext, RefusesACipherListThatSelectsNothing) {
  const CertificateFiles files;
  Settings settings = files.settings();
  settings.ciphers = "NOPE";

  const auto context = ServerContext::load(settings);

  ASSERT_FALSE(context);
  EXPECT_THAT(context.error().why, HasSubstr("NOPE"));
}

TEST(ServerContext, ServesOnlyForwardSecrecyWithAead_Rfc9325_s4_2) {
  const CertificateFiles files;
  const auto context = ServerContext::load(files.settings());
  ASSERT_TRUE(context);

  STACK_OF(SSL_CIPHER)* ciphers = SSL_CTX_get_ciphers((*context)->tls());

  ASSERT_GT(sk_SSL_CIPHER_num(ciphers), 0);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(ciphers, i);
    const int exchange = SSL_CIPHER_get_kx_nid(cipher);
    EXPECT_TRUE(exchange == NID_kx_ecdhe || exchange == NID_kx_any) << SSL_CIPHER_get_name(cipher);
    EXPECT_EQ(SSL_CIPHER_is_aead(cipher), 1) << SSL_CIPHER_get_name(cipher);
  }
}

TEST(CertificateWatch, SeesAnotherPairOnce) {
  CertificateFiles files;
  CertificateWatch watch(files.settings());
  const bool before = watch.changed();

  files.issue({.names = "DNS:another-name-of-another-length.example.org", .serial = 2});

  EXPECT_FALSE(before);
  EXPECT_TRUE(watch.changed());
  EXPECT_FALSE(watch.changed());
}

TEST(CertificateWatch, SeesAFileThatIsMovedIntoPlace) {
  const CertificateFiles files;
  const CertificateFiles others;
  CertificateWatch watch(files.settings());

  std::filesystem::rename(others.key(), files.key());

  EXPECT_TRUE(watch.changed());
}

}  // namespace
}  // namespace turnd::tls
