#include "tests/bench/signald_load/fleet.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "tests/bench/signald_load/client_frame.h"
#include "tests/bench/signald_load/http_call.h"

namespace signaling::load {
namespace {

constexpr std::size_t kReadBuffer = 1 << 20;
constexpr auto kLongestOpening = std::chrono::seconds(120);
constexpr std::uint64_t kMostFailures = 20;
constexpr std::uint32_t kFirstAddress = 0x7F01'0002;  // 127.1.0.2
constexpr std::string_view kNormalClosure("\x03\xE8", 2);

}  // namespace

Fleet::Fleet(const Options& options, Dialect& dialect, Speech speech)
    : options_(options),
      dialect_(dialect),
      speech_(speech),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      clients_(options.uses_rooms() && options.scenario != "connect" ? options.rooms * options.members
                                                                     : options.clients),
      buffer_(kReadBuffer),
      random_(std::random_device{}()) {
  if (options.tls) tls_.emplace(options.tickets ? TlsClient::Sessions::resumed : TlsClient::Sessions::fresh);
  if (options.uses_rooms()) rooms_.resize(options.rooms);
  for (std::size_t i = 0; i < rooms_.size(); ++i) rooms_[i].id = dialect.make_room(options, i);
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    Client& client = clients_[i];
    client.id = static_cast<std::uint32_t>(i);
    if (rooms_.empty()) continue;
    client.room = static_cast<std::uint32_t>(options.scenario == "connect" ? i % rooms_.size() : i / options.members);
    Room& room = rooms_[client.room];
    if (room.members++ == 0) room.speaker = &client;
  }
}

Fleet::~Fleet() = default;

const Room* Fleet::room_of(const Client& client) const { return rooms_.empty() ? nullptr : &rooms_[client.room]; }

void Fleet::open(std::size_t count) {
  const auto deadline = Clock::now() + kLongestOpening;
  for (std::size_t next = 0; ready_ < count;) {
    for (; next < count && opening_ < options_.opening; ++next)
      if (clients_[next].state == Client::State::closed) start(clients_[next]);
    turn(std::chrono::milliseconds(20));
    if (failed_ > kMostFailures || Clock::now() > deadline)
      throw std::runtime_error(std::to_string(ready_) + " of " + std::to_string(count) + " clients are ready, " +
                               std::to_string(failed_) + " failed: " + last_refusal_);
  }
}

void Fleet::start(Client& client) {
  // Who resumes keeps its name.
  if (client.session.empty()) client.name = "load" + std::to_string(::getpid()) + "-" + std::to_string(lives_++);
  client.began = Clock::now();
  client.state = Client::State::connecting;
  ++opening_;
  const std::uint32_t from =
      options_.addresses > 1 ? kFirstAddress + static_cast<std::uint32_t>(random_() % options_.addresses) : 0;
  client.stream = Stream({options_.host, options_.port, from}, tls_ ? &*tls_ : nullptr);
  if (!client.stream.is_open()) return drop(client, "cannot connect");
  watch(client, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

void Fleet::watch(Client& client, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.u32 = client.id;
  epoll_ctl(epoll_.get(), operation, client.stream.descriptor(), &event);
  client.watches_writing = (events & EPOLLOUT) != 0;
}

void Fleet::want_writing(Client& client, bool wanted) {
  if (client.watches_writing != wanted) watch(client, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
}

void Fleet::turn(std::chrono::milliseconds patience) {
  flush();
  std::array<epoll_event, 512> ready;
  const int count = epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()),
                               options_.spin ? 0 : static_cast<int>(patience.count()));
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = ready[static_cast<std::size_t>(i)];
    Client& client = clients_[event.data.u32];
    if (client.stream.is_open()) on_event(client, event.events);
  }
  flush();
}

void Fleet::run_for(double seconds) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end) turn(std::chrono::milliseconds(20));
}

void Fleet::on_event(Client& client, std::uint32_t events) {
  if (client.state == Client::State::connecting) return establish(client);
  if ((events & EPOLLOUT) != 0) flush(client);
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && client.stream.is_open()) read(client);
}

void Fleet::establish(Client& client) {
  switch (client.stream.establish()) {
    case Stream::Status::done:
      return established(client);
    case Stream::Status::wants_read:
      return want_writing(client, false);
    case Stream::Status::wants_write:
      return want_writing(client, true);
    case Stream::Status::over:
      return drop(client, "cannot connect");
  }
}

void Fleet::established(Client& client) {
  want_writing(client, false);
  if (speech_ == Speech::http) return obey(client, {Greeting::Step::ready, {}});
  client.state = Client::State::upgrading;
  std::string request = "GET " + std::string(dialect_.path()) + " HTTP/1.1\r\nHost: " + options_.host + ":" +
                        std::to_string(options_.port) +
                        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  write(client, request + std::string(dialect_.upgrade_fields()) + "\r\n");
}

void Fleet::read(Client& client) {
  while (client.stream.is_open()) {
    const std::size_t kept = client.in.size();
    if (kept == buffer_.size()) return drop(client, "a message of more than 1 MiB");
    client.in.copy(buffer_.data(), kept);
    const Stream::Result result = client.stream.read(std::span(buffer_).subspan(kept));
    if (result.status == Stream::Status::over) return drop(client, "the server ended a connection");
    if (result.status != Stream::Status::done) return;
    const std::string_view bytes(buffer_.data(), kept + result.bytes);
    const std::size_t used = take(client, bytes);
    if (!client.stream.is_open()) return;
    client.in.assign(bytes.substr(used));
    if (client.in.empty()) client.in.shrink_to_fit();
    if (!client.stream.is_secure() && bytes.size() < buffer_.size()) return;
  }
}

std::size_t Fleet::take(Client& client, std::string_view bytes) {
  std::size_t used = 0;
  if (speech_ == Speech::http) {
    for (std::size_t size = 0; (size = http_answer_size(bytes.substr(used))) != 0; used += size)
      play_->on_text(client, bytes.substr(used, size));
    return used;
  }
  if (client.state == Client::State::upgrading) used = take_head(client, bytes);
  if (client.state == Client::State::upgrading || !client.stream.is_open()) return used;
  return used + take_frames(client, bytes.substr(used));
}

std::size_t Fleet::take_head(Client& client, std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  if (!bytes.starts_with("HTTP/1.1 101")) {
    drop(client, bytes.substr(0, 300));
    return 0;
  }
  client.state = Client::State::greeting;
  obey(client, dialect_.open(client, room_of(client)));
  return end + 4;
}

std::size_t Fleet::take_frames(Client& client, std::string_view bytes) {
  std::size_t used = 0;
  while (client.stream.is_open()) {
    const auto frame = take_server_frame(bytes.substr(used));
    if (!frame) drop(client, "the server does not speak RFC 6455");
    if (!frame || frame->size == 0) break;
    used += frame->size;
    on_frame(client, frame->opcode, frame->payload);
  }
  return used;
}

void Fleet::on_frame(Client& client, net::Opcode opcode, std::string_view payload) {
  if (opcode == net::Opcode::text) return on_text(client, payload);
  if (opcode == net::Opcode::close) return drop(client, payload.substr(std::min<std::size_t>(2, payload.size())));
  if (opcode != net::Opcode::ping) return;
  append_client_frame(client.out, net::Opcode::pong, payload);
  queue(client);
}

void Fleet::on_text(Client& client, std::string_view text) {
  if (const std::string answer = dialect_.alive(text); !answer.empty()) return say(client, answer);
  if (dialect_.is_refusal(text)) {
    ++refused_;
    last_refusal_ = text;
  }
  if (client.state == Client::State::ready)
    play_->on_text(client, text);
  else if (client.state == Client::State::greeting)
    obey(client, dialect_.greet(client, room_of(client), text));
}

void Fleet::obey(Client& client, const Greeting& greeting) {
  if (!greeting.say.empty()) say(client, greeting.say);
  if (greeting.step == Greeting::Step::refused) return drop(client, last_refusal_);
  if (greeting.step != Greeting::Step::ready) return;
  client.state = Client::State::ready;
  ++ready_;
  --opening_;
  play_->on_ready(client);
}

void Fleet::say(Client& client, std::string_view text) {
  if (!client.stream.is_open()) return;
  append_client_frame(client.out, net::Opcode::text, text);
  queue(client);
}

void Fleet::write(Client& client, std::string_view bytes) {
  client.out.append(bytes);
  queue(client);
}

void Fleet::leave(Client& client) {
  --ready_;
  client.state = Client::State::leaving;
  client.session.clear();
  append_client_frame(client.out, net::Opcode::close, kNormalClosure);
  queue(client);
}

void Fleet::cut_all() {
  for (Client& client : clients_) {
    client.stream.reset();
    client.in.clear();
    client.out.clear();
    client.state = Client::State::closed;
  }
  ready_ = 0;
}

void Fleet::drop(Client& client, std::string_view why) {
  const Client::State was = std::exchange(client.state, Client::State::closed);
  if (was == Client::State::ready)
    --ready_;
  else if (was != Client::State::leaving)
    --opening_;
  if (was != Client::State::leaving) {
    ++failed_;
    last_refusal_ = why;
  }
  client.stream.close();
  client.in.clear();
  client.out.clear();
  if (was == Client::State::ready || was == Client::State::leaving) play_->on_gone(client);
}

void Fleet::queue(Client& client) {
  if (!std::exchange(client.is_queued, true)) to_flush_.push_back(&client);
}

void Fleet::flush() {
  for (std::size_t i = 0; i < to_flush_.size(); ++i) flush(*to_flush_[i]);
  to_flush_.clear();
}

void Fleet::flush(Client& client) {
  client.is_queued = false;
  if (!client.stream.is_open() || client.state == Client::State::connecting) return;
  std::size_t written = 0;
  while (written < client.out.size()) {
    const Stream::Result result = client.stream.write(std::string_view(client.out).substr(written));
    written += result.bytes;
    if (result.status != Stream::Status::done) break;
  }
  client.out.erase(0, written);
  want_writing(client, !client.out.empty());
}

}  // namespace signaling::load
