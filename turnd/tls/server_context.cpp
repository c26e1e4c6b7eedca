#include "turnd/tls/server_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <utility>

#include "turnd/tls/dtls_cookie.h"
#include "turnd/tls/key_pair.h"
#include "turnd/tls/openssl_types.h"
#include "turnd/tls/ticket_keys.h"

namespace turnd::tls {
namespace {

// Forward secrecy and authenticated encryption, nothing else (RFC 9325).
constexpr const char* kDefaultCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK";

// No client certificate is ever asked for: the longest handshake message of a client is its hello. Without this a
// client may pin 100 KB of reassembly.
constexpr long kMaxPeerChain = 4096;

constexpr std::uint64_t kOptions = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA;

// Writes may be taken in part and tried again from another buffer; an idle connection holds no record buffers.
constexpr long kModes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS;

std::string to_wire(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const std::string& each : protocols) {
    if (each.empty() || each.size() > 255) continue;
    wire.push_back(static_cast<char>(each.size()));
    wire += each;
  }
  return wire;
}

// RFC 7301 s3.2: nothing in common ends the handshake. It also keeps a browser from being led to speak HTTP here.
int select_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void* ours) {
  const auto& accepted = *static_cast<const std::string*>(ours);
  unsigned char* selected = nullptr;
  const int result =
      SSL_select_next_proto(&selected, chosen_size, reinterpret_cast<const unsigned char*>(accepted.data()),
                            static_cast<unsigned int>(accepted.size()), offered, offered_size);
  *chosen = selected;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool use_pair(SSL_CTX& context, const KeyPair& pair) {
  if (SSL_CTX_use_certificate(&context, pair.leaf.get()) != 1) return false;
  for (const CertificatePointer& issuer : pair.issuers)
    if (SSL_CTX_add1_chain_cert(&context, issuer.get()) != 1) return false;
  return SSL_CTX_use_PrivateKey(&context, pair.key.get()) == 1;
}

// The list belongs to the context that reads it, so that a handshake may outlive ServerContext.
int list_index() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr,
      [](void*, void* list, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<std::string*>(list); });
  return index;
}

void accept_protocols(SSL_CTX& context, const std::vector<std::string>& protocols) {
  auto list = std::make_unique<std::string>(to_wire(protocols));
  if (list->empty() || SSL_CTX_set_ex_data(&context, list_index(), list.get()) != 1) return;
  SSL_CTX_set_alpn_select_cb(&context, select_protocol, list.release());
}

struct Protocol {
  const SSL_METHOD* method;
  int min_version;
};

base::Result<SslContextPointer, LoadError> make_context(const Settings& settings, const KeyPair& pair,
                                                        const Protocol& protocol) {
  SslContextPointer context(SSL_CTX_new(protocol.method));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), protocol.min_version) != 1)
    return LoadError{settings.certificate, "OpenSSL cannot serve this version: " + take_errors(),
                     "check the system's OpenSSL configuration"};
  SSL_CTX_set_options(context.get(), kOptions);
  SSL_CTX_set_mode(context.get(), kModes);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_max_cert_list(context.get(), kMaxPeerChain);
  const char* ciphers = settings.ciphers == "default" ? kDefaultCiphers : settings.ciphers.c_str();
  if (SSL_CTX_set_cipher_list(context.get(), ciphers) != 1) {
    ERR_clear_error();
    return LoadError{"tls.ciphers", '"' + settings.ciphers + "\" selects no cipher",
                     "use `default`, or a list of `openssl ciphers`"};
  }
  accept_protocols(*context, settings.alpn);
  if (!use_pair(*context, pair))
    return LoadError{settings.certificate, "cannot be used: " + take_errors(),
                     "get a certificate with a key of today's size (ECDSA P-256, or RSA with 2048 bits or more)"};
  return context;
}

}  // namespace

bool selects_a_cipher(const std::string& ciphers) {
  if (ciphers == "default") return true;
  const SslContextPointer context(SSL_CTX_new(TLS_server_method()));
  const bool selects = context && SSL_CTX_set_cipher_list(context.get(), ciphers.c_str()) == 1;
  ERR_clear_error();
  return selects;
}

base::Result<std::shared_ptr<const ServerContext>, LoadError> ServerContext::load(const Settings& settings) {
  ERR_clear_error();
  const auto pair = read_key_pair(settings.certificate, settings.key);
  if (!pair) return pair.error();
  auto tls = make_context(settings, *pair,
                          {TLS_server_method(), settings.min_version == "1.3" ? TLS1_3_VERSION : TLS1_2_VERSION});
  if (!tls) return tls.error();
  auto dtls = make_context(settings, *pair, {DTLS_server_method(), DTLS1_2_VERSION});
  if (!dtls) return dtls.error();
  if (settings.resumption) use_tickets(**tls);
  use_cookies(**dtls);
  SSL_CTX_set_options(dtls->get(), SSL_OP_NO_QUERY_MTU);

  std::shared_ptr<ServerContext> context(new ServerContext());
  context->tls_ = tls->release();
  context->dtls_ = dtls->release();
  context->not_after_ = tls::not_after(*pair->leaf);
  context->dns_names_ = tls::dns_names(*pair->leaf);
  return std::shared_ptr<const ServerContext>(std::move(context));
}

ServerContext::~ServerContext() {
  SSL_CTX_free(tls_);
  SSL_CTX_free(dtls_);
}

}  // namespace turnd::tls
