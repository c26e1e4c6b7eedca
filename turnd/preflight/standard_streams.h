// The standard streams: descriptors 0, 1 and 2, which nothing else may get.
#pragma once

namespace turnd::preflight {

// Opens those that the program was started without on /dev/null: the first socket or file would get the number, and
// be written into by whatever speaks to stderr. First thing in main, before any thread. False: one is closed and stays so.
[[nodiscard]] bool open_standard_streams();

}  // namespace turnd::preflight
