#include "turnd/admin/listening_socket.h"

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "turnd/posix/socket_address.h"
#include "turnd/posix/tcp_listener.h"

namespace turnd::admin {
namespace {

constexpr mode_t kSocketMode = 0660;
constexpr mode_t kFolderMode = 0755;
constexpr const char* kGroup = "turnd";

std::string describe(int error) { return std::generic_category().message(error); }

posix::FileDescriptor new_unix_socket() {
  return posix::FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

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
  const posix::FileDescriptor probe = new_unix_socket();
  if (!probe) return OpenError{path, describe(errno), "raise the limit of open files"};
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

}  // namespace

base::Result<Listener, OpenError> open_unix_listener(const std::string& path) {
  const std::optional<sockaddr_un> address = unix_address(path);
  if (!address) return OpenError{path, "the path is empty or longer than 107 bytes", "set control.socket"};
  if (auto error = clear_path(path, *address)) return std::move(*error);
  // On a fresh machine nobody has made /run/turnd. Where it cannot be made, bind() tells.
  (void)::mkdir(std::filesystem::path(path).parent_path().c_str(), kFolderMode);
  posix::FileDescriptor socket = new_unix_socket();
  // Linux makes the file with the socket's own mode less the umask: at no moment is it open to others.
  if (!socket || ::fchmod(socket.get(), kSocketMode) != 0)
    return OpenError{path, describe(errno), "raise the limit of open files"};
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0)
    return OpenError{path, describe(errno), "make its directory writable or set control.socket"};
  give_to_group(path);
  if (::chmod(path.c_str(), kSocketMode) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
    return OpenError{path, describe(errno), "set control.socket"};
  return Listener{std::move(socket), AF_UNIX};
}

FileIdentity identity_of(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino};
}

base::Result<Listener, OpenError> open_tcp_listener(const base::Endpoint& endpoint) {
  auto socket = posix::open_tcp_listener(endpoint);
  if (!socket)
    return OpenError{to_string(endpoint), socket.error().message(),
                     "stop what uses it, or set metrics.address to another address"};
  return Listener{std::move(*socket), posix::family_of(endpoint.address)};
}

}  // namespace turnd::admin
