// TLS clients: on their own port and recognised on the plain one, ALPN, and a certificate that changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/turnd/net/stream_fixture.h"
#include "tests/turnd/net/tls_client.h"
#include "tests/turnd/tls/certificate_files.h"
#include "turnd/net/stream_server.h"

namespace turnd::net {
namespace {

using namespace std::chrono_literals;
using base::Transport;
using testing::ElementsAre;

enum HandshakeResult : std::size_t { kSuccess, kFailed, kTimeout };

class StreamTlsTest : public StreamFixture {
 protected:
  StreamTlsTest() { server.replace_context(load()); }

  [[nodiscard]] std::shared_ptr<const tls::ServerContext> load() const {
    auto context = tls::ServerContext::load(files.settings());
    EXPECT_TRUE(context) << context.error().why;
    return *context;
  }
  [[nodiscard]] bool shake_hands(TlsClient& client) {
    return client.shake_hands([this] { settle(); });
  }
  [[nodiscard]] std::uint64_t handshakes(HandshakeResult result) const {
    return counters.tls_handshakes[result].value();
  }

  tls::CertificateFiles files;
};

// ChannelData as it stands on a stream.
std::string channel_data(const std::string& payload) {
  return std::string{'\x40', '\x01', static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size() & 0xFF)} +
         payload;
}

void offer(SSL& ssl, std::string_view protocols) {
  SSL_set_alpn_protos(&ssl, reinterpret_cast<const unsigned char*>(protocols.data()),
                      static_cast<unsigned>(protocols.size()));
}

class OnEachPort : public StreamTlsTest, public testing::WithParamInterface<Transport> {};

TEST_P(OnEachPort, ServesTlsRecognisedByItsFirstByte_Rfc7983) {
  TlsClient client(listen(GetParam()));
  ASSERT_TRUE(shake_hands(client));
  client.send(kBinding);
  settle();

  registry.find(inbox.via)->send_message(inbox.from, base::as_bytes("reply..."));
  registry.find(inbox.via)->flush();

  EXPECT_EQ(client.receive(), "reply...");
  EXPECT_EQ(inbox.from.transport, Transport::tls);
  EXPECT_EQ(clients(Transport::tls), 1u);
  EXPECT_EQ(clients(Transport::tcp), 0u);
  EXPECT_EQ(handshakes(kSuccess), 1u);
}

INSTANTIATE_TEST_SUITE_P(Tls, OnEachPort, testing::Values(Transport::tcp, Transport::tls));

TEST_F(StreamTlsTest, ServesPlainClientsOnThePlainPortBesideIt) {
  TcpClient client(listen(Transport::tcp));
  client.send(kBinding);

  settle();

  EXPECT_EQ(inbox.messages.size(), 1u);
  EXPECT_EQ(inbox.from.transport, Transport::tcp);
}

TEST_F(StreamTlsTest, ClosesAPlainClientOnTheTlsPort) {
  TcpClient client(listen(Transport::tls));
  client.send(kBinding);

  settle();

  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(inbox.messages.empty());
  EXPECT_EQ(handshakes(kFailed), 1u);
}

TEST_F(StreamTlsTest, RefusesTls11_Rfc8996) {
  TlsClient client(listen(Transport::tls), [](SSL& ssl) {
    SSL_set_security_level(&ssl, 0);
    SSL_set_min_proto_version(&ssl, TLS1_1_VERSION);
    SSL_set_max_proto_version(&ssl, TLS1_1_VERSION);
  });

  EXPECT_FALSE(shake_hands(client));
  EXPECT_EQ(handshakes(kFailed), 1u);
}

TEST_F(StreamTlsTest, ChoosesStunTurn_Rfc7443) {
  TlsClient client(listen(Transport::tls), [](SSL& ssl) { offer(ssl, "\x02h2\x09stun.turn"); });

  ASSERT_TRUE(shake_hands(client));

  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(&client.ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "stun.turn");
}

TEST_F(StreamTlsTest, RefusesAClientOfAnotherProtocol_Rfc7301_s3_2) {
  TlsClient client(listen(Transport::tls), [](SSL& ssl) { offer(ssl, "\x02h2\x08http/1.1"); });

  EXPECT_FALSE(shake_hands(client));
}

TEST_F(StreamTlsTest, SendsABatchOfSmallMessagesAsOneRecord) {
  TlsClient client(listen(Transport::tls));
  ASSERT_TRUE(shake_hands(client));
  client.send(kBinding);
  settle();
  turn::ClientForwards forwards;
  forwards.reserve(3);
  for (int i = 0; i < 3; ++i) {
    auto next = forwards.next(4);
    std::memcpy(next.header.data(), "\x40\x01\x00\x05", 4);
    next.item.payload = base::as_bytes("hello");
  }

  const NotSent failed = registry.find(inbox.via)->send_forwards(forwards);

  std::array<char, 16'384> record{};
  const int size = SSL_read(&client.ssl(), record.data(), record.size());
  EXPECT_EQ(failed.packets, 0u);
  EXPECT_EQ(size, 36);
}

TEST_F(StreamTlsTest, HandsOverTheRecordsOfOneReadAsOneBatch) {
  TlsClient client(listen(Transport::tls));
  ASSERT_TRUE(shake_hands(client));
  for (int i = 0; i < 3; ++i) client.send(kBinding);  // each a record

  settle();

  EXPECT_THAT(inbox.batches, ElementsAre(3u));
  EXPECT_THAT(inbox.messages, ElementsAre(kBinding, kBinding, kBinding));
}

TEST_F(StreamTlsTest, PutsTogetherMessagesThatRecordsAndReadsCutAnywhere) {
  TlsClient client(listen(Transport::tls));
  ASSERT_TRUE(shake_hands(client));
  client.send(kBinding);
  settle();
  registry.find(inbox.via)->on_session_opened(now);
  inbox.messages.clear();

  std::string stream;
  for (int i = 0; i < 10; ++i) stream += channel_data(std::string(20'000, static_cast<char>('a' + i)));
  for (std::string_view rest = stream; !rest.empty();) {  // records of the largest size, more than one read of them
    const std::string_view part = rest.substr(0, 16'384);
    client.send(part);
    rest.remove_prefix(part.size());
    settle();
  }

  ASSERT_EQ(inbox.messages.size(), 10u);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(inbox.messages[static_cast<std::size_t>(i)].substr(4), std::string(20'000, static_cast<char>('a' + i)));
}

TEST_F(StreamTlsTest, DeliversWhatCameBeforeTheGoodbyeInOneRead) {
  TlsClient client(listen(Transport::tls));
  ASSERT_TRUE(shake_hands(client));
  client.send(kBinding);
  SSL_shutdown(&client.ssl());

  settle();

  EXPECT_THAT(inbox.messages, ElementsAre(kBinding));
  EXPECT_EQ(clients(Transport::tls), 0u);
}

TEST_F(StreamTlsTest, DeliversWhatCameBeforeABrokenRecord) {
  TlsClient client(listen(Transport::tls));
  ASSERT_TRUE(shake_hands(client));
  client.send(kBinding);
  client.tcp().send(std::string("\x17\x03\x03\x20\x00", 5) + std::string(0x2000, 'x'));

  settle();

  EXPECT_THAT(inbox.messages, ElementsAre(kBinding));
  EXPECT_EQ(clients(Transport::tls), 0u);
}

TEST_F(StreamTlsTest, AnswersKeyUpdatesAndReadsOn_Rfc8446_s4_6_3) {
  TlsClient client(listen(Transport::tls));
  ASSERT_TRUE(shake_hands(client));
  for (int i = 0; i < 3; ++i) {
    client.send(kBinding);
    SSL_key_update(&client.ssl(), SSL_KEY_UPDATE_REQUESTED);
  }
  client.send(kBinding);

  settle();

  EXPECT_EQ(inbox.messages.size(), 4u);
  EXPECT_EQ(client.receive(), "");
  EXPECT_EQ(clients(Transport::tls), 1u);
}

TEST_F(StreamTlsTest, ShowsANewCertificateToNewClientsOnly) {
  const base::Endpoint at = listen(Transport::tls);
  TlsClient before(at);
  ASSERT_TRUE(shake_hands(before));

  files.issue({.serial = 2});
  server.replace_context(load());
  TlsClient after(at);
  ASSERT_TRUE(shake_hands(after));
  before.send(kBinding);
  settle();

  EXPECT_EQ(before.serial(), 1);
  EXPECT_EQ(after.serial(), 2);
  EXPECT_THAT(inbox.messages, ElementsAre(kBinding));
}

TEST_F(StreamTlsTest, EndsAHandshakeThatTakesTooLong) {
  TcpClient client(listen(Transport::tls));
  client.send("\x16\x03\x01");
  settle();

  pass(10s + 1ms);

  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(handshakes(kTimeout), 1u);
}

TEST_F(StreamTlsTest, SaysGoodbyeToAClientWithoutAnAllocation) {
  TlsClient client(listen(Transport::tls));
  ASSERT_TRUE(shake_hands(client));
  client.send(kBinding);
  settle();

  pass(60s + 1ms);

  EXPECT_EQ(client.receive(), "");
  EXPECT_TRUE(client.has_ended());
}

TEST_F(StreamTlsTest, KeepsOrderForAClientThatReadsLate) {
  TlsClient client(listen(Transport::tls));
  ASSERT_TRUE(shake_hands(client));
  client.send(kBinding);
  settle();
  ClientLink* link = registry.find(inbox.via);
  turn::ClientForwards forwards;
  forwards.reserve(1);
  std::string expected, received;
  for (int i = 0; i < 20'000; ++i) {
    const std::string payload = std::to_string(i) + std::string(1000, '.');
    forwards.clear();
    auto next = forwards.next(4);
    const unsigned size = static_cast<unsigned>(payload.size());
    const std::array<char, 4> header{'\x40', '\x01', static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)};
    std::memcpy(next.header.data(), header.data(), 4);
    next.item.payload = base::as_bytes(payload);
    const NotSent failed = link->send_forwards(forwards);
    if (failed.packets != 0) break;
    expected.append(header.data(), 4).append(payload).resize((expected.size() + 3) / 4 * 4);
  }
  for (int idle = 0; idle < 100;) {
    const std::string part = client.receive();
    idle = part.empty() ? idle + 1 : 0;
    received += part;
    settle();
  }

  EXPECT_GT(expected.size(), 256u * 1024);
  EXPECT_TRUE(received == expected) << received.size() << " of " << expected.size();
}

}  // namespace
}  // namespace turnd::net
