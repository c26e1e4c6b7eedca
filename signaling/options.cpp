#include "signaling/options.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace signaling {
namespace {

using Action = Options::Action;

// C12
void add_user_commands(CLI::App& app, Options& options) {
  auto* user = app.add_subcommand("user", "Accounts")->require_subcommand(1);
  auto* add = user->add_subcommand("add", "Make an account; its password is read as one line from standard input");
  add->add_option("email", options.email, "E-mail address")->required()->type_name("EMAIL");
  add->add_option("--name", options.name, "Name that others see; default: what stands before the @")->type_name("NAME");
  add->add_option("--username", options.username, "Short name, 3 to 20 of A-Z a-z 0-9 _ -")->type_name("U");
  add->add_flag("--admin", options.is_admin, "An administrator");
  add->callback([&options] { options.action = Action::add_user; });
}

// C13
void add_key_commands(CLI::App& app, Options& options) {
  auto* key = app.add_subcommand("key", "API keys of other servers")->require_subcommand(1);
  auto* add = key->add_subcommand("add", "Make a key and print it, this once");
  add->add_option("name", options.name, "What it is for")->required()->type_name("NAME");
  add->add_option("--scopes", options.scopes, "What it may do: turn, rooms")->type_name("LIST");
  add->callback([&options] { options.action = Action::add_key; });
  key->add_subcommand("list", "Names, scopes and age")->callback([&options] { options.action = Action::list_keys; });
  auto* revoke = key->add_subcommand("revoke", "End a key now");
  revoke->add_option("name", options.name, "Its name")->required()->type_name("NAME");
  revoke->callback([&options] { options.action = Action::revoke_key; });
}

// 2.8
void add_replay_command(CLI::App& app, Options& options) {
  const auto send_to = [&options](const std::string& sink) {
    options.to = sink == "amqp" ? Options::ReplayTo::amqp : Options::ReplayTo::webhooks;
  };
  auto* replay = app.add_subcommand(
      "replay", "Print the event log as one JSON object a line, oldest first, or send it again to who gets events");
  replay->add_option("--after", options.after, "Only events with a greater id")
      ->check(CLI::NonNegativeNumber)
      ->type_name("ID");
  replay->add_option("--events", options.events, "Only these, such as meeting_created,meeting_ended")
      ->delimiter(',')
      ->type_name("LIST");
  replay
      ->add_option_function<std::string>("--to", send_to,
                                         "Queue them for what the configuration names, instead of printing them")
      ->check(CLI::IsMember(std::vector<std::string>{"webhooks", "amqp"}))
      ->type_name("SINK");
  replay->callback([&options] { options.action = Action::replay; });
}

void describe(CLI::App& app, Options& options) {
  app.name("signald");
  app.set_version_flag("--version", "signald " TURND_VERSION);
  app.footer(
      "Without --config signald starts on embedded defaults: http://127.0.0.1:8080, paired with a turnd on this "
      "machine.\n"
      "Signals: SIGHUP reloads, SIGUSR1 drains, SIGTERM and SIGINT stop.\n"
      "Exit status: 0 clean stop, 1 refused configuration or command line, 2 cannot start; of a command 0 done, 1 "
      "not.");
  app.add_option("--config", options.config, "Configuration file (signald.yaml)")->type_name("FILE");
  app.add_subcommand("check-config", "Check the configuration and the files it names")->callback([&options] {
    options.action = Action::check_config;
  });
  app.require_subcommand(0, 1);
  app.fallthrough();
}

}  // namespace

ParsedOptions parse_options(int argc, char** argv) {
  CLI::App app("signald, signaling and chat beside turnd");
  Options options;
  describe(app, options);
  add_user_commands(app, options);
  add_key_commands(app, options);
  add_replay_command(app, options);
  bool check = false;
  bool print = false;
  auto* check_flag = app.add_flag("--check-config", check, "The same as check-config");
  app.add_flag("--print-config", print, "Print every key with the value in force, then exit")->excludes(check_flag);
  app.add_flag("--compat-test", options.compat_test,
               "Serve the echo servers of the official Engine.IO and Socket.IO suites; on loopback only");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return {std::nullopt, 0};
  } catch (const CLI::CallForAllHelp&) {
    std::cout << app.help();
    return {std::nullopt, 0};
  } catch (const CLI::CallForVersion&) {
    std::cout << app.version() << "\n";
    return {std::nullopt, 0};
  } catch (const CLI::ParseError& error) {
    std::cerr << "signald: " << error.what() << "\n" << app.help();
    return {std::nullopt, 1};
  }
  if (check) options.action = Action::check_config;
  if (print) options.action = Action::print_config;
  return {options, 0};
}

}  // namespace signaling
