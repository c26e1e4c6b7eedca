#include "turnd/admin/listening_socket.h"

#include <arpa/inet.h>
#include <grp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

namespace turnd::admin {
namespace {

constexpr mode_t kSocketMode = 0660;
constexpr mode_t kFolderMode = 0755;
constexpr const char* kGroup = "turnd";

std::string describe(int error) { return std::generic_category().message(error); }

// A descriptor until it is handed on.
class Pending {
 public:
  explicit Pending(int descriptor) : descriptor_(descriptor) {}
  ~Pending() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

int new_socket(int family) { return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

std::optional<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// Nothing is left at the path, or the reason why it has to stay.
std::optional<OpenError> clear_path(const std::string& path, const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;  // bind() tells what else is wrong
  if (!S_ISSOCK(found.st_mode))
    return OpenError{path, "something that is no socket is there", "move it away or set control.socket"};
  const Pending probe(new_socket(AF_UNIX));
  if (probe.get() < 0) return OpenError{path, describe(errno), "raise the limit of open files"};
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN)
    return OpenError{path, "a running server answers there", "stop it or set control.socket"};
  if (errno != ECONNREFUSED && errno != ENOENT)
    return OpenError{path, describe(errno), "remove it or set control.socket"};
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return OpenError{path, "a stale socket cannot be removed: " + describe(errno), "remove it or set control.socket"};
  return std::nullopt;
}

std::optional<gid_t> find_group() {
  std::vector<char> buffer(16 * 1024);
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(kGroup, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return std::nullopt;
  return found->gr_gid;
}

void give_to_group(const std::string& path) {
  const std::optional<gid_t> group = find_group();
  if (!group) {
    spdlog::info("{}: there is no group {}; the socket keeps the group of the server", path, kGroup);
    return;
  }
  if (::chown(path.c_str(), static_cast<uid_t>(-1), *group) != 0)
    spdlog::info("{}: cannot be given to group {}: {}; it keeps the group of the server", path, kGroup,
                 describe(errno));
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress to_socket_address(const base::Endpoint& endpoint) {
  SocketAddress out;
  const base::ByteView octets = endpoint.address.octets();
  if (endpoint.address.is_v4()) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(endpoint.port);
    std::memcpy(&v4->sin_addr, octets.data(), octets.size());
    out.size = sizeof *v4;
  } else {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(endpoint.port);
    std::memcpy(&v6->sin6_addr, octets.data(), octets.size());
    out.size = sizeof *v6;
  }
  return out;
}

}  // namespace

base::Result<Listener, OpenError> open_unix_listener(const std::string& path) {
  const std::optional<sockaddr_un> address = unix_address(path);
  if (!address) return OpenError{path, "the path is empty or longer than 107 bytes", "set control.socket"};
  if (auto error = clear_path(path, *address)) return std::move(*error);
  // On a fresh machine nobody has made /run/turnd. Where it cannot be made, bind() tells.
  (void)::mkdir(std::filesystem::path(path).parent_path().c_str(), kFolderMode);
  Pending socket(new_socket(AF_UNIX));
  // Linux makes the file with the socket's own mode less the umask: at no moment is it open to others.
  if (socket.get() < 0 || ::fchmod(socket.get(), kSocketMode) != 0)
    return OpenError{path, describe(errno), "raise the limit of open files"};
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0)
    return OpenError{path, describe(errno), "make its directory writable or set control.socket"};
  give_to_group(path);
  if (::chmod(path.c_str(), kSocketMode) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
    return OpenError{path, describe(errno), "set control.socket"};
  return Listener{socket.release(), AF_UNIX};
}

FileIdentity identity_of(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino};
}

base::Result<Listener, OpenError> open_tcp_listener(const base::Endpoint& endpoint) {
  const std::string what = to_string(endpoint);
  const int family = endpoint.address.is_v4() ? AF_INET : AF_INET6;
  Pending socket(new_socket(family));
  if (socket.get() < 0) return OpenError{what, describe(errno), "set metrics.address to another address"};
  const int on = 1;
  if (family == AF_INET6) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const SocketAddress address = to_socket_address(endpoint);
  if (::bind(socket.get(), address.get(), address.size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
    return OpenError{what, describe(errno), "stop what uses it, or set metrics.address to another address"};
  return Listener{socket.release(), family};
}

base::Endpoint local_endpoint(const Listener& listener) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(listener.descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  if (storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &v4->sin_addr, octets.size());
    return {base::IpAddress::v4(octets), ntohs(v4->sin_port)};
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &v6->sin6_addr, octets.size());
  return {base::IpAddress::v6(octets), ntohs(v6->sin6_port)};
}

}  // namespace turnd::admin
