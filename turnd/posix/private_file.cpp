#include "turnd/posix/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "turnd/posix/file_descriptor.h"

namespace turnd::posix {
namespace {

bool write_synced(const std::string& path, std::string_view text) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  return file && ::fchmod(file.get(), 0600) == 0 &&
         ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file.get()) == 0;
}

}  // namespace

bool write_private_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  if (write_synced(beside, text) && std::rename(beside.c_str(), path.c_str()) == 0) return true;
  const int why = errno;
  ::unlink(beside.c_str());
  errno = why;
  return false;
}

}  // namespace turnd::posix
