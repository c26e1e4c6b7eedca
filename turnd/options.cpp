#include "turnd/options.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace turnd {

ParsedOptions parse_options(int argc, char** argv) {
  CLI::App app("turnd, a STUN/TURN server");
  app.name("turnd");
  app.set_version_flag("--version", "turnd " TURND_VERSION);
  app.footer(
      "Without --config turnd starts on embedded defaults: UDP and TCP on port 3478, a generated secret.\n"
      "TURND_WITHOUT=gso,gro,epoll_pwait2 in the environment: without these features of the kernel.\n"
      "Signals: SIGHUP reloads, SIGUSR1 drains, SIGTERM and SIGINT stop.\n"
      "Exit status: 0 clean stop, 1 refused configuration or command line, 2 cannot start.");
  Options options;
  app.add_option("--config", options.config, "Configuration file (turnd.yaml)")->type_name("FILE");
  bool check = false;
  bool print = false;
  auto* check_flag = app.add_flag("--check-config", check, "Check the configuration and the files it names, then exit");
  app.add_flag("--print-config", print, "Print every key with the value in force, secrets masked, then exit")
      ->excludes(check_flag);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return {std::nullopt, 0};
  } catch (const CLI::CallForVersion&) {
    std::cout << app.version() << "\n";
    return {std::nullopt, 0};
  } catch (const CLI::ParseError& error) {
    std::cerr << "turnd: " << error.what() << "\n" << app.help();
    return {std::nullopt, 1};
  }
  if (check) options.action = Options::Action::check_config;
  if (print) options.action = Options::Action::print_config;
  return {options, 0};
}

}  // namespace turnd
