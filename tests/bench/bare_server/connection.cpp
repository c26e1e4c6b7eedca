#include "tests/bench/bare_server/connection.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace signaling::bare {
namespace {

constexpr std::size_t kFramesPerCall = 64;

}  // namespace

bool Connection::shake_hands(Progress& progress) {
  if (tls_ == nullptr || is_shaken_) return true;
  const int done = SSL_do_handshake(tls_);
  is_shaken_ = done == 1;
  if (!is_shaken_ && SSL_get_error(tls_, done) != SSL_ERROR_WANT_READ) progress = Progress::over;
  return is_shaken_;
}

Connection::Input Connection::read(std::span<char> into) {
  Input input;
  if (!shake_hands(input.progress)) return input;
  const std::size_t kept = in_.copy(into.data(), in_.size());
  std::size_t filled = kept;
  while (filled < into.size()) {
    const std::span<char> room = into.subspan(filled);
    const ssize_t size = tls_ != nullptr ? SSL_read(tls_, room.data(), static_cast<int>(room.size()))
                                         : ::recv(descriptor(), room.data(), room.size(), 0);
    if (size <= 0) {
      const bool is_later = tls_ != nullptr ? SSL_get_error(tls_, static_cast<int>(size)) == SSL_ERROR_WANT_READ
                                            : size < 0 && errno == EAGAIN;
      if (!is_later) input.progress = Progress::over;
      break;
    }
    filled += static_cast<std::size_t>(size);
    if (tls_ == nullptr && filled < into.size()) break;
  }
  if (filled == into.size()) input.progress = Progress::over;  // a message of that size is none of ours
  if (filled > kept) input.bytes = into.first(filled);
  return input;
}

void Connection::keep_unread(std::string_view bytes) {
  in_.assign(bytes);
  if (in_.empty()) in_.shrink_to_fit();
}

void Connection::gather_owed() {
  std::array<iovec, kFramesPerCall> parts;
  for (std::size_t first = 0; first < owed_.size(); first += kFramesPerCall) {
    const std::size_t count = std::min(kFramesPerCall, owed_.size() - first);
    std::size_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string& frame = *owed_[first + i];
      parts[i] = {const_cast<char*>(frame.data()), frame.size()};
      total += frame.size();
    }
    std::size_t sent = 0;
    if (tls_ == nullptr && out_.empty()) {
      const ssize_t size = ::writev(descriptor(), parts.data(), static_cast<int>(count));
      sent = size > 0 ? static_cast<std::size_t>(size) : 0;
    }
    for (std::size_t i = 0; i < count && sent < total; ++i) {  // the rest waits, in order
      const std::size_t skipped = std::min(sent, parts[i].iov_len);
      out_.append(static_cast<const char*>(parts[i].iov_base) + skipped, parts[i].iov_len - skipped);
      sent -= skipped;
      total -= skipped;
    }
  }
  owed_.clear();
}

bool Connection::write_owed() {
  if (!owed_.empty()) gather_owed();
  std::size_t written = 0;
  while (written < out_.size()) {
    const std::string_view rest = std::string_view(out_).substr(written);
    const ssize_t size = tls_ != nullptr ? SSL_write(tls_, rest.data(), static_cast<int>(rest.size()))
                                         : ::send(descriptor(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (size <= 0) break;
    written += static_cast<std::size_t>(size);
  }
  out_.erase(0, written);
  if (out_.empty()) out_.shrink_to_fit();
  return out_.empty();
}

}  // namespace signaling::bare
