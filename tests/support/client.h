// Client: a TURN client of the tests; builds and signs its messages as a real one does.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "turnd/auth/long_term_key.h"
#include "turnd/base/bytes.h"
#include "turnd/stun/channel_data.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/ids.h"

namespace turnd::support {

// Adds what is special about a message.
using Attributes = std::function<void(stun::MessageBuilder&)>;

inline base::Endpoint endpoint(std::string_view text) { return base::Endpoint::parse(text).value(); }
inline base::IpAddress address(std::string_view text) { return base::IpAddress::parse(text).value(); }

struct Client {
  std::string username;
  std::string password;
  turn::FiveTuple tuple;
  turn::ClientId via{1};
  // Learnt from a challenge.
  std::string realm{};
  std::string nonce{};
  stun::TransactionId transaction{};  // of the latest message
  std::uint32_t requests = 0;

  [[nodiscard]] auth::LongTermKeys keys() const { return auth::derive_keys(username, realm, password); }

  [[nodiscard]] base::Bytes unsigned_request(stun::Method method, const Attributes& attributes = {}) {
    next_transaction();
    stun::MessageBuilder message({method, stun::MessageClass::request}, transaction);
    if (attributes) attributes(message);
    return message.take();
  }
  [[nodiscard]] base::Bytes signed_request(stun::Method method, const Attributes& attributes = {}) {
    next_transaction();
    return signed_again(method, attributes);
  }
  // With the transaction id of the request before: a retransmission when nothing else differs.
  [[nodiscard]] base::Bytes signed_again(stun::Method method, const Attributes& attributes = {}) const {
    stun::MessageBuilder message({method, stun::MessageClass::request}, transaction);
    if (attributes) attributes(message);
    message.add(stun::Username{username}).add(stun::Realm{realm}).add(stun::Nonce{nonce});
    const auth::LongTermKeys long_term = keys();
    message.sign({stun::IntegrityAlgorithm::sha1, long_term.md5});
    return message.take();
  }
  [[nodiscard]] base::Bytes send_indication(const base::Endpoint& peer, std::string_view payload,
                                            const Attributes& attributes = {}) {
    next_transaction();
    stun::MessageBuilder message({stun::Method::send, stun::MessageClass::indication}, transaction);
    message.add(stun::XorPeerAddress{peer}).add(stun::Data{base::as_bytes(payload)});
    if (attributes) attributes(message);
    return message.take();
  }
  [[nodiscard]] static base::Bytes channel_data(std::uint16_t number, std::string_view payload) {
    const auto header = stun::channel_data_header({number}, payload.size());
    base::Bytes message(header.begin(), header.end());
    message.insert(message.end(), payload.begin(), payload.end());
    return message;
  }

 private:
  void next_transaction() {
    ++requests;
    for (std::size_t i = 0; i < 4; ++i) transaction[i] = static_cast<std::uint8_t>(requests >> (8 * i) & 0xFF);
    transaction[11] = static_cast<std::uint8_t>(tuple.client.port & 0xFF);
  }
};

}  // namespace turnd::support
