#include "turnd/process/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

namespace turnd::process {

bool open_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    if (::open("/dev/null", O_RDWR) != stream) return false;  // the lowest free number is this one
  }
  return true;
}

}  // namespace turnd::process
