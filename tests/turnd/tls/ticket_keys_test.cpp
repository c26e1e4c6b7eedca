// Session tickets: who gets one, what it is good for, and for how long.
#include "turnd/tls/ticket_keys.h"

#include <gtest/gtest.h>

#include "tests/turnd/tls/certificate_files.h"
#include "turnd/tls/server_context.h"

namespace turnd::tls {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kStart = base::TimePoint(1h);

std::optional<TicketKey> open(TicketKeys& keys, const TicketKey& key, base::TimePoint now) {
  return keys.to_open(key.name, now);
}

TEST(TicketKeys, OpensWhatItMade) {
  TicketKeys keys;
  const TicketKey key = keys.to_make(kStart);
  EXPECT_EQ(keys.to_make(kStart + 11h).name, key.name);
  ASSERT_TRUE(open(keys, key, kStart + 11h));
  EXPECT_EQ(open(keys, key, kStart + 11h)->encryption, key.encryption);
  EXPECT_FALSE(keys.to_open(TicketKey{}.name, kStart));
}

TEST(TicketKeys, AKeyMakesForHalfADayAndOpensForAsLongAgain) {
  TicketKeys keys;
  const TicketKey key = keys.to_make(kStart);
  const TicketKey next = keys.to_make(kStart + 12h);
  EXPECT_NE(next.name, key.name);
  EXPECT_NE(next.encryption, key.encryption);
  EXPECT_TRUE(open(keys, key, kStart + 23h));
  EXPECT_TRUE(open(keys, next, kStart + 23h));
  EXPECT_FALSE(open(keys, key, kStart + 24h));
}

TEST(TicketKeys, AKeyIsForgottenAlsoWhenNobodyCame) {
  TicketKeys keys;
  const TicketKey key = keys.to_make(kStart);
  EXPECT_FALSE(open(keys, key, kStart + 48h));
}

// A server and clients that shake hands in memory.
class Tickets : public ::testing::Test {
 protected:
  void serve(bool resumption) {
    Settings settings = files_.settings();
    settings.alpn.clear();
    settings.resumption = resumption;
    auto loaded = ServerContext::load(settings);
    ASSERT_TRUE(loaded);
    server_ = *loaded;
  }

  // Whether the handshake was a shorter one; keeps the ticket that came.
  bool come(int version) {
    const SslContextPointer context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_max_proto_version(context.get(), version);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_app_data(context.get(), this);
    SSL_CTX_sess_set_new_cb(context.get(), [](SSL* ssl, SSL_SESSION* session) {
      static_cast<Tickets*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->session_.reset(session);
      return 1;  // it is ours now
    });
    const SslPointer client(SSL_new(context.get())), server(SSL_new(server_->tls()));
    BIO *near = nullptr, *far = nullptr;
    BIO_new_bio_pair(&near, 0, &far, 0);
    SSL_set_bio(client.get(), near, near);
    SSL_set_bio(server.get(), far, far);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
    if (session_) SSL_set_session(client.get(), session_.get());
    char byte = 0;
    for (int i = 0; i < 4; ++i) {
      (void)SSL_read(client.get(), &byte, 1);
      (void)SSL_read(server.get(), &byte, 1);
    }
    EXPECT_TRUE(SSL_is_init_finished(client.get()) && SSL_is_init_finished(server.get()));
    SSL_shutdown(client.get());  // a connection that just ends spoils its session
    return SSL_session_reused(client.get()) == 1;
  }

  std::unique_ptr<SSL_SESSION, Freeing<SSL_SESSION_free>> session_;

 private:
  const CertificateFiles files_;
  std::shared_ptr<const ServerContext> server_;
};

TEST_F(Tickets, AreGoodForAShorterHandshakeAndRenewed) {
  serve(true);
  EXPECT_FALSE(come(TLS1_3_VERSION));
  ASSERT_TRUE(session_);
  const SSL_SESSION* const first = session_.get();
  EXPECT_TRUE(come(TLS1_3_VERSION));
  EXPECT_NE(session_.get(), first);
  EXPECT_TRUE(come(TLS1_3_VERSION));
}

TEST_F(Tickets, OfAnotherServerLeadToAWholeHandshake) {
  serve(true);
  come(TLS1_3_VERSION);
  serve(true);
  EXPECT_FALSE(come(TLS1_3_VERSION));
  EXPECT_TRUE(come(TLS1_3_VERSION));
}

TEST_F(Tickets, AreNotGivenWhereTheyCouldOpenWhatWasSaid) {
  serve(true);
  EXPECT_FALSE(come(TLS1_2_VERSION));
  EXPECT_FALSE(come(TLS1_2_VERSION));
}

TEST_F(Tickets, AreNotGivenWithoutBeingAskedFor) {
  serve(false);
  come(TLS1_3_VERSION);
  EXPECT_FALSE(session_);
}

}  // namespace
}  // namespace turnd::tls
