#include <sys/stat.h>

#include <iostream>
#include <variant>

#include "turnd/config/load_config.h"
#include "turnd/config/tree.h"
#include "turnd/daemon.h"
#include "turnd/options.h"
#include "turnd/preflight/check.h"
#include "turnd/preflight/machine.h"
#include "turnd/process/logging.h"
#include "turnd/process/standard_streams.h"

namespace {

enum ExitStatus : int { kCleanStop = 0, kRefusedConfiguration = 1, kCannotStart = 2 };

int refuse(const std::string& file, std::vector<turnd::config::Problem> problems) {
  turnd::config::add_lines(file, problems);
  for (const auto& problem : problems) std::cerr << turnd::config::to_line(file, problem) << "\n";
  return kRefusedConfiguration;
}

int refuse(const turnd::config::WorldError& error) {
  std::cerr << turnd::config::to_line(error) << "\n";
  return kCannotStart;
}

int refuse(const std::string& file, const turnd::StartError& error) {
  if (const auto* problems = std::get_if<std::vector<turnd::config::Problem>>(&error)) return refuse(file, *problems);
  return refuse(std::get<turnd::config::WorldError>(error));
}

int check(const std::string& file, const turnd::config::Loaded& loaded) {
  const turnd::preflight::Findings found = turnd::preflight::check(loaded.config);
  for (const auto* warnings : {&loaded.warnings, &found.warnings})
    for (const std::string& warning : *warnings) std::cerr << "warning: " << warning << "\n";
  if (!found.problems.empty()) return refuse(file, found.problems);
  if (found.error) return refuse(*found.error);
  std::cout << file << ": ok\n";
  return kCleanStop;
}

int print(const turnd::config::Loaded& loaded) {
  std::vector<std::string> warnings;
  const auto resolved = turnd::config::resolved(loaded.config, turnd::preflight::inspect_machine(nullptr), warnings);
  std::cout << turnd::config::to_yaml(turnd::config::to_tree(resolved, turnd::config::Secrets::masked));
  return kCleanStop;
}

int serve(const std::string& path, const std::string& file, turnd::config::Loaded loaded) {
  umask(0077);
  turnd::process::set_up_logging("turnd", loaded.config.log_level, loaded.config.log_format);
  for (const std::string& warning : loaded.warnings) std::cerr << "warning: " << warning << "\n";
  turnd::Daemon daemon(path, std::move(loaded.config));
  if (const auto error = daemon.start()) return refuse(file, *error);
  daemon.run();
  return kCleanStop;
}

}  // namespace

int main(int argc, char** argv) {
  using turnd::Options;
  using turnd::config::MaskedSecrets;
  if (!turnd::process::open_standard_streams()) return kCannotStart;
  const auto parsed = turnd::parse_options(argc, argv);
  if (!parsed.options) return parsed.exit_status;
  const Options& options = *parsed.options;
  const std::string file = options.config.value_or("embedded defaults");

  turnd::config::Loaded loaded;
  if (options.config) {
    const auto masked = options.action == Options::Action::run ? MaskedSecrets::refuse : MaskedSecrets::accept;
    auto read = turnd::config::load_config(*options.config, masked);
    if (const auto* error = std::get_if<turnd::config::WorldError>(&read)) return refuse(*error);
    loaded = std::move(std::get<turnd::config::Loaded>(read));
  }
  if (!loaded.problems.empty()) return refuse(file, loaded.problems);
  switch (options.action) {
    case Options::Action::check_config:
      return check(file, loaded);
    case Options::Action::print_config:
      return print(loaded);
    case Options::Action::run:
      return serve(options.config.value_or(""), file, std::move(loaded));
  }
  return kCannotStart;
}
