// Connection: a client of the bare server; reads what is there, and writes all that it is owed with one call.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/posix/file_descriptor.h"

namespace signaling::bare {

using Shared = std::shared_ptr<const std::string>;  // a framed message, one for all recipients

class Connection {
 public:
  enum class Progress : std::uint8_t { open, over };

  // `tls` null: plain.
  Connection(turnd::posix::FileDescriptor socket, SSL* tls) : socket_(std::move(socket)), tls_(tls) {}
  ~Connection() { SSL_free(tls_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  // What has come, behind what was left unread; `into` is large enough for any message. nullopt size: nothing for now.
  struct Input {
    Progress progress = Progress::open;
    std::span<char> bytes;
  };
  [[nodiscard]] Input read(std::span<char> into);
  void keep_unread(std::string_view bytes);

  void owe(Shared frame) { owed_.push_back(std::move(frame)); }
  void answer(std::string_view bytes) { out_.append(bytes); }
  // False: the socket takes no more for now.
  [[nodiscard]] bool write_owed();

  bool is_upgraded = false;
  bool is_queued = false;
  bool is_gone = false;  // it stays until the end of the turn
  bool watches_writing = false;
  std::int64_t room = -1;
  std::size_t place = 0;  // among the members of its room

 private:
  [[nodiscard]] bool shake_hands(Progress& progress);
  void gather_owed();

  turnd::posix::FileDescriptor socket_;
  SSL* tls_;
  bool is_shaken_ = false;
  std::string in_, out_;  // empty while nothing waits: an idle connection owns no buffer
  std::vector<Shared> owed_;
};

}  // namespace signaling::bare
