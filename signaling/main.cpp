#include <sys/stat.h>

#include <iostream>
#include <string>
#include <variant>

#include "signaling/commands.h"
#include "signaling/compat_daemon.h"
#include "signaling/config/load_config.h"
#include "signaling/config/tree.h"
#include "signaling/daemon.h"
#include "signaling/named_files.h"
#include "signaling/options.h"
#include "turnd/process/logging.h"
#include "turnd/process/standard_streams.h"

namespace {

using signaling::WorldError;
using turnd::config::Problem;

enum ExitStatus : int { kCleanStop = 0, kRefusedConfiguration = 1, kCannotStart = 2 };

int refuse(const std::string& file, const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) std::cerr << to_line(file, problem) << "\n";
  return kRefusedConfiguration;
}

int refuse(const WorldError& error) {
  std::cerr << "signald: " << error.what << ": " << error.why << "; " << error.remedy << "\n";
  return kCannotStart;
}

int check(const std::string& file, const signaling::config::Loaded& loaded) {
  for (const std::string& warning : loaded.warnings) std::cerr << "warning: " << warning << "\n";
  if (const auto error = signaling::check_named_files(loaded.config)) return refuse(*error);
  std::cout << file << ": ok\n";
  return kCleanStop;
}

int print(const signaling::config::Loaded& loaded) {
  std::cout << turnd::config::to_yaml(to_tree(signaling::config::resolved(loaded.config)));
  return kCleanStop;
}

int serve_suites(const signaling::config::Loaded& loaded) {
  signaling::CompatDaemon daemon(loaded.config);
  if (const auto error = daemon.start()) return refuse(*error);
  daemon.run();
  return kCleanStop;
}

int serve(const signaling::Options& options, signaling::config::Loaded loaded) {
  umask(0077);
  turnd::process::set_up_logging("signald", loaded.config.log.level, loaded.config.log.format);
  for (const std::string& warning : loaded.warnings) std::cerr << "warning: " << warning << "\n";
  if (options.compat_test) return serve_suites(loaded);
  signaling::Daemon daemon(options.config.value_or(""), std::move(loaded.config));
  if (const auto error = daemon.start()) return refuse(*error);
  daemon.run();
  return kCleanStop;
}

}  // namespace

int main(int argc, char** argv) {
  using signaling::Options;
  if (!turnd::process::open_standard_streams()) return kCannotStart;
  const auto parsed = signaling::parse_options(argc, argv);
  if (!parsed.options) return parsed.exit_status;
  const Options& options = *parsed.options;
  const std::string file = options.config.value_or("embedded defaults");

  signaling::config::Loaded loaded;
  if (options.config) {
    auto read = signaling::config::load_config(*options.config);
    if (const auto* error = std::get_if<WorldError>(&read)) return refuse(*error);
    loaded = std::move(std::get<signaling::config::Loaded>(read));
  }
  if (!loaded.problems.empty()) return refuse(file, loaded.problems);
  switch (options.action) {
    case Options::Action::check_config:
      return check(file, loaded);
    case Options::Action::print_config:
      return print(loaded);
    case Options::Action::run:
      return serve(options, std::move(loaded));
    case Options::Action::add_user:
    case Options::Action::add_key:
    case Options::Action::list_keys:
    case Options::Action::revoke_key:
    case Options::Action::replay:
      return signaling::run_command(options, loaded.config);
  }
  return kCannotStart;
}
