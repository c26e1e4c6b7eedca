// The options of `turnctl bench`, but for those of the server and the login.
#pragma once

#include "turnctl/commands.h"

namespace CLI {
class App;
}

namespace turnctl {

// The request outlives the command.
void add_bench_options(CLI::App& command, BenchRequest& request);

}  // namespace turnctl
