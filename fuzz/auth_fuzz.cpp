// Nobody is authenticated without the right key: requests built from the input, some of them signed with it.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/auth/authenticator.h"
#include "turnd/base/byte_reader.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/stun_attributes.h"

namespace {

using namespace turnd;

constexpr std::string_view kRealm = "example.org";
constexpr base::Now kNow{base::TimePoint(std::chrono::hours(1)), base::WallTime(std::chrono::hours(24 * 365))};

const auth::LongTermKeys& right_keys() {
  static const auth::LongTermKeys keys = auth::derive_keys("alice", kRealm, "wonderland");
  return keys;
}

auth::Authenticator make_authenticator() {
  auth::Settings settings;
  settings.realm = kRealm;
  settings.users["alice"] = {.password = base::Secret("wonderland")};
  settings.secrets = {{"one", base::Secret("a shared secret")}};
  const auth::Authenticator::Config config{
      .nonce_key = {1}, .nonce_lifetime = std::chrono::minutes(10), .challenges_per_ip = 50, .limiter_key = {2, 3}};
  return {config, auth::CredentialSource::make(settings, {})};
}

// The input, read as choices; its end reads as zeroes.
class Choices {
 public:
  explicit Choices(base::ByteView bytes) : rest_(bytes) {}
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  base::ByteView bytes() {
    const std::size_t size = std::min<std::size_t>(byte(), rest_.size());
    const base::ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  base::ByteView rest_;
};

std::string nonce_of(const auth::Authenticator& authenticator, const auth::Requester& from) {
  stun::MessageBuilder reply({stun::Method::allocate, stun::MessageClass::error}, {});
  authenticator.write_challenge(reply, from, kNow);
  const base::Bytes bytes = reply.take();
  return std::string(stun::MessageView::parse(bytes)->get<stun::Nonce>().value.value().text);
}

// Signs with the right key, or with bytes of the input. True: whoever signed knows the password.
bool sign(stun::MessageBuilder& message, Choices& choices) {
  const std::uint8_t how = choices.byte();
  const auto algorithm = (how & 1) != 0 ? stun::IntegrityAlgorithm::sha256 : stun::IntegrityAlgorithm::sha1;
  if ((how & 2) != 0) {
    message.sign({algorithm, (how & 4) != 0 ? base::ByteView(*right_keys().sha256) : base::ByteView(right_keys().md5)});
    return true;
  }
  message.sign({algorithm, choices.bytes()});
  return false;
}

void add_something(stun::MessageBuilder& message, const std::string& nonce, Choices& choices) {
  switch (choices.byte() % 8) {
    case 0:
      message.add(stun::Username{"alice"});
      break;
    case 1:
      message.add(stun::Realm{kRealm});
      break;
    case 2:
      message.add(stun::Nonce{nonce});
      break;
    case 3:
      message.add(stun::PasswordAlgorithms{{stun::PasswordAlgorithmId::sha256, stun::PasswordAlgorithmId::md5}});
      break;
    case 4:
      message.add(stun::PasswordAlgorithm{static_cast<stun::PasswordAlgorithmId>(choices.byte() % 4)});
      break;
    case 5:
      message.add(stun::Username{base::as_text(choices.bytes())});
      break;
    case 6:
      message.add(stun::Nonce{base::as_text(choices.bytes())});
      break;
    default: {
      const auto type = static_cast<std::uint16_t>(choices.byte() << 8);
      message.add_raw(static_cast<stun::AttributeType>(type | choices.byte()), choices.bytes());
    }
  }
}

bool is_authenticated(const auth::Authenticator& authenticator, const auth::Requester& from, base::ByteView bytes) {
  const auto view = stun::MessageView::parse(bytes);
  if (!view) return false;
  const auto outcome = authenticator.check(*view, from, kNow);
  if (const auto* refusal = std::get_if<auth::Refusal>(&outcome))
    if (refusal->code != 400 && !refusal->is_challenge()) std::abort();
  return std::holds_alternative<auth::Authenticated>(outcome);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auth::Authenticator authenticator = make_authenticator();
  const auth::Requester from{base::Endpoint::parse("192.0.2.1:5000").value(), base::Transport::udp};
  static const std::string nonce = nonce_of(authenticator, from);

  const base::ByteView input(data, size);
  if (is_authenticated(authenticator, from, input)) std::abort();  // no input knows the key

  Choices choices(input);
  stun::MessageBuilder message({stun::Method::allocate, stun::MessageClass::request}, {});
  for (int left = choices.byte() % 16; left > 0; --left) add_something(message, nonce, choices);
  const bool knows_password = sign(message, choices);
  base::Bytes bytes = message.take();
  if (is_authenticated(authenticator, from, bytes) && !knows_password) std::abort();

  // One changed bit of what was signed, and the key is of no use.
  if (bytes.empty() || choices.empty()) return 0;
  const std::size_t high = choices.byte();
  const std::size_t bit = (high << 8U | choices.byte()) % (bytes.size() * 8);
  bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
  if (is_authenticated(authenticator, from, bytes)) std::abort();
  return 0;
}
