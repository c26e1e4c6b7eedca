// Any text is a configuration or a list of problems; one that loads survives being printed and loaded again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "turnd/config/load_config.h"
#include "turnd/config/tree.h"

namespace {

using namespace turnd::config;

// A file cannot name the machine's defaults: an empty realm is none, and the host name is used.
Value printable(Config config) {
  if (config.realm.empty()) config.realm = "example.org";
  return to_tree(config, Secrets::masked);
}

void check_problems(const Loaded& loaded) {
  for (const Problem& problem : loaded.problems)
    if (to_line("turnd.yaml", problem).find('\n') != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Loaded loaded = parse_config({reinterpret_cast<const char*>(data), size}, MaskedSecrets::accept);
  check_problems(loaded);
  if (!loaded.problems.empty()) return 0;
  const Value first = printable(loaded.config);
  const Loaded again = parse_config(to_yaml(first), MaskedSecrets::accept);
  if (!again.problems.empty() || printable(again.config) != first) std::abort();
  return 0;
}
