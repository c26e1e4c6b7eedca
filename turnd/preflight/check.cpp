#include "turnd/preflight/check.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "turnd/preflight/machine.h"
#include "turnd/preflight/named_files.h"
#include "turnd/preflight/paths.h"
#include "turnd/store/database.h"

namespace turnd::preflight {
namespace {

std::optional<config::WorldError> check_control_socket(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 || S_ISSOCK(found.st_mode)) return std::nullopt;
  return config::WorldError{path, "something that is no socket is there", "move it away or set control.socket"};
}

std::optional<config::WorldError> check_database(const std::string& path) {
  const auto usable = store::Database::inspect(path);
  if (usable) return std::nullopt;
  return database_error(path, usable.error());
}

}  // namespace

std::vector<config::Problem> problems_for_openssl(const config::Config& written) {
  if (tls::selects_a_cipher(written.tls.ciphers)) return {};
  return {{0, "tls.ciphers", "\"" + written.tls.ciphers + "\"", "selects no cipher",
           "write default, or a list of `openssl ciphers`"}};
}

std::vector<config::Problem> problems_when_resolved(const config::Config& resolved) {
  std::vector<config::Problem> problems;
  for (const auto& [bound, advertised] : resolved.relay.external)
    if (std::ranges::find(resolved.relay.addresses, bound) == resolved.relay.addresses.end())
      problems.push_back({0, "relay.external." + to_string(bound), "\"" + to_string(advertised) + "\"",
                          "is not in relay.addresses", "add " + to_string(bound) + " there"});
  return problems;
}

Findings check(const config::Config& written) {
  Findings found;
  found.problems = problems_for_openssl(written);
  if (!found.problems.empty()) return found;
  auto context = load_tls(written);
  if ((found.error = error_in(context))) return found;
  const auto& tls = std::get<std::shared_ptr<const tls::ServerContext>>(context);
  const config::Config resolved = config::resolved(written, inspect_machine(tls.get()), found.warnings);
  found.problems = problems_when_resolved(resolved);
  if (!found.problems.empty()) return found;

  const Paths paths = find_paths(resolved);
  found.error = error_in(read_authentication(resolved));
  if (!found.error) found.error = check_database(paths.database);
  if (!found.error) found.error = check_control_socket(paths.control_socket);
  return found;
}

}  // namespace turnd::preflight
