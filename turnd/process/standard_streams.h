// The standard streams: descriptors 0, 1 and 2, which nothing else may get.
#pragma once

namespace turnd::process {

// Opens those that the program was started without on /dev/null: else the first socket or file gets the number, and
// what is meant for stderr is written into it. First thing in main, before any thread. False: one stays closed.
[[nodiscard]] bool open_standard_streams();

}  // namespace turnd::process
