#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "turnctl/link.h"
#include "turnctl/poll_wait.h"
#include "turnd/stun/stream_framer.h"

namespace turnctl {
namespace {

using turnd::base::Bytes;
using turnd::base::ByteView;

Failure lost(int code) {
  return {std::string("the connection broke: ") + std::strerror(code),
          "the server or something in between closed it; the server's log says why"};
}

class DatagramLink final : public Link {
 public:
  DatagramLink(std::unique_ptr<Connection> connection, std::size_t largest)
      : connection_(std::move(connection)), memory_(largest) {}

  Outcome<bool> send(ByteView message) override {
    if (::send(connection_->descriptor(), message.data(), message.size(), MSG_NOSIGNAL) >= 0) return true;
    if (errno == EAGAIN || errno == ENOBUFS) return false;
    return Failure{std::string("cannot send: ") + std::strerror(errno), "check the route to the server"};
  }
  Outcome<std::optional<Bytes>> receive(Deadline deadline) override {
    do {
      const auto size = recv(descriptor(), memory_.data(), memory_.size(), 0);
      if (size >= 0) return std::optional(Bytes(memory_.begin(), memory_.begin() + size));
      if (errno == ECONNREFUSED)
        return Failure{"nothing listens on this UDP port (ICMP port unreachable)",
                       "is turnd running, and does `listen` have this port?"};
      if (errno != EAGAIN) return lost(errno);
    } while (wait_for(descriptor(), POLLIN, deadline));
    return std::optional<Bytes>{};
  }
  int descriptor() const override { return connection_->descriptor(); }
  bool is_reliable() const override { return false; }

 private:
  std::unique_ptr<Connection> connection_;
  Bytes memory_;
};

class StreamLink final : public Link {
 public:
  StreamLink(std::unique_ptr<Connection> connection, std::size_t largest)
      : connection_(std::move(connection)), memory_(2 * largest), framer_(largest) {
    framer_.adopt(memory_);
  }

  Outcome<bool> send(ByteView message) override {
    if (broken_) return *broken_;
    while (!message.empty()) {
      const auto sent = ::send(connection_->descriptor(), message.data(), message.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN) return lost(errno);
      if (sent >= 0)
        message = message.subspan(static_cast<std::size_t>(sent));
      else if (!wait_for_room(connection_->descriptor()))
        return give_up();
    }
    return true;
  }
  Outcome<std::optional<Bytes>> receive(Deadline deadline) override {
    for (;;) {
      if (const auto message = framer_.next()) return std::optional(turnd::base::to_owned(*message));
      if (framer_.state() == turnd::stun::StreamFramer::State::broken)
        return Failure{"the server answered with something that is not STUN", "is this the port of a TURN server?"};
      const auto room = framer_.writable();
      const auto size = recv(descriptor(), room.data(), room.size(), 0);
      if (size > 0)
        framer_.commit(static_cast<std::size_t>(size));
      else if (size == 0 || errno != EAGAIN)
        return lost(size == 0 ? ECONNRESET : errno);
      else if (!wait_for(descriptor(), POLLIN, deadline))
        return std::optional<Bytes>{};
    }
  }
  int descriptor() const override { return connection_->descriptor(); }
  bool is_reliable() const override { return true; }

 private:
  // Of the message a part may be on its way: nothing can follow it.
  Failure give_up() {
    broken_ = Failure{"cannot send: the server has stopped reading", "see the server's log; is it overloaded?"};
    return *broken_;
  }

  std::unique_ptr<Connection> connection_;
  Bytes memory_;
  turnd::stun::StreamFramer framer_;
  std::optional<Failure> broken_;
};

}  // namespace

std::unique_ptr<Link> plain_link(std::unique_ptr<Connection> connection, std::size_t largest_message) {
  if (turnd::base::is_stream(connection->transport()))
    return std::make_unique<StreamLink>(std::move(connection), largest_message);
  return std::make_unique<DatagramLink>(std::move(connection), largest_message);
}

}  // namespace turnctl
