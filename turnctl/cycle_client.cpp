#include "turnctl/cycle_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr Deadline kAtOnce{};         // has passed
constexpr auto kFirstRepeat = 500ms;  // RFC 8489 s6.2.1, then twice as long
constexpr auto kPatience = 5s;
// No reply to a request of ours is larger.
constexpr std::size_t kLargestReply = 2048;

// As browsers do, requests leave at once (TCP_NODELAY).
void prepare_stream(int descriptor) {
  const linger reset{1, 0};
  const int at_once = 1;
  (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
}

}  // namespace

std::optional<Failure> CycleClient::begin(const ControlCycle::Wanted& wanted, std::uint16_t from_port) {
  end();
  auto connection = Connection::begin(server_.endpoint, server_.transport, from_port);
  if (!connection) return connection.error();
  connection_ = std::move(*connection);
  descriptor_ = connection_->descriptor();
  if (turnd::base::is_stream(server_.transport)) prepare_stream(descriptor_);
  wants_ = Wants::to_write;
  cycle_.emplace(login_, wanted);
  begun_ = Clock::now();
  return std::nullopt;
}

void CycleClient::end() {
  // Whether it arrives or not, the allocation ends: at once or at its expiry.
  if (link_ && cycle_->holds_allocation()) (void)link_->send(cycle_->release());
  link_.reset();
  handshake_.reset();
  connection_.reset();
  cycle_.reset();
}

Outcome<CycleClient::Progress> CycleClient::on_ready() {
  if (!link_) {
    const auto stands = open();
    if (!stands) return stands.error();
    if (!*stands) return Progress::busy;
    if (const auto sent = send_request(); !sent) return sent.error();
  }
  for (;;) {
    const auto message = link_->receive(kAtOnce);
    if (!message) return message.error();
    if (!*message) return Progress::busy;
    const auto progress = cycle_->take(**message);
    if (progress == ControlCycle::Progress::done) return Progress::done;
    if (progress == ControlCycle::Progress::failed) return cycle_->failure();
    if (progress == ControlCycle::Progress::none) continue;
    if (const auto sent = send_request(); !sent) return sent.error();
  }
}

Outcome<bool> CycleClient::open() {
  if (connection_) {
    const auto stands = connection_->is_open();
    if (!stands || !*stands) return stands;
    if (server_.tls)
      handshake_.emplace(server_.tls, server_.trust, std::move(connection_));
    else
      link_ = plain_link(std::move(connection_), kLargestReply);
  }
  if (handshake_) {
    const auto progress = handshake_->advance();
    if (!progress) return progress.error();
    wants_ = *progress == TlsHandshake::Progress::wants_to_write ? Wants::to_write : Wants::to_read;
    if (*progress != TlsHandshake::Progress::done) return false;
    link_ = handshake_->take_link(kLargestReply);
    handshake_.reset();
  }
  wants_ = Wants::to_read;
  return true;
}

Outcome<CycleClient::Progress> CycleClient::send_request() {
  patience_ = kFirstRepeat;
  repeat_ = Clock::now() + patience_;
  if (const auto sent = link_->send(cycle_->request()); !sent) return sent.error();
  return Progress::busy;
}

Outcome<CycleClient::Progress> CycleClient::on_time(Deadline now) {
  if (now - begun_ > kPatience)
    return Failure{"no answer", "does the server limit challenges or allocations? is a firewall in between?"};
  if (handshake_) return on_ready();  // DTLS's own timer
  if (!link_ || link_->is_reliable() || now < repeat_) return Progress::busy;
  patience_ *= 2;
  repeat_ = now + patience_;
  if (const auto sent = link_->send(cycle_->request()); !sent) return sent.error();
  return Progress::busy;
}

}  // namespace turnctl
