#include "turnd/tls/descriptor_bio.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace turnd::tls {
namespace {

DescriptorSource& source_of(BIO* bio) { return *static_cast<DescriptorSource*>(BIO_get_data(bio)); }

bool is_temporary(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int read_ahead(BIO* bio, DescriptorSource& source, char* into, std::size_t size) {
  const base::ByteView part = source.ahead.first(std::min(size, source.ahead.size()));
  if (part.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  std::memcpy(into, part.data(), part.size());
  source.ahead = source.ahead.subspan(part.size());
  return static_cast<int>(part.size());
}

int read_some(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  DescriptorSource& source = source_of(bio);
  if (source.reads_ahead) return read_ahead(bio, source, into, static_cast<std::size_t>(size));
  const ssize_t got = recv(source.descriptor, into, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (got < 0 && is_temporary(errno)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

int write_some(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent =
      send(source_of(bio).descriptor, from, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && is_temporary(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP ? 1 : 0; }

BIO_METHOD* descriptor_method() {
  static const BioMethodPointer method = [] {
    BioMethodPointer made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without SIGPIPE"));
    BIO_meth_set_read(made.get(), read_some);
    BIO_meth_set_write(made.get(), write_some);
    BIO_meth_set_ctrl(made.get(), control);
    return made;
  }();
  return method.get();
}

}  // namespace

BioPointer make_descriptor_bio(DescriptorSource& source) {
  BioPointer bio(BIO_new(descriptor_method()));
  if (!bio) return bio;
  BIO_set_data(bio.get(), &source);
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace turnd::tls
