// The command line of turnctl: its commands, their options and their help. What they do is in cmd_*.cpp.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>
#include <optional>
#include <string_view>

#include "turnctl/bench_options.h"
#include "turnctl/command_line.h"
#include "turnctl/commands.h"
#include "turnd/config/suggestion.h"
#include "turnd/process/standard_streams.h"

namespace {

using turnctl::CommandLine;

CLI::App* add_command(CLI::App& parent, const char* name, const char* help) {
  return parent.add_subcommand(name, help);
}

CLI::App* add_command(CLI::App& parent, const char* name, const char* help, CommandLine& line,
                      std::function<int()> run) {
  return add_command(parent, name, help)->callback([&line, run = std::move(run)] { line.run = run; });
}

CLI::App* add_group(CLI::App& parent, const char* name, const char* help) {
  return add_command(parent, name, help)->require_subcommand(1);
}

void add_limit(CLI::App& command, std::optional<std::size_t>& limit) {
  command.add_option("--limit", limit, "Show at most N")->type_name("N")->check(CLI::PositiveNumber);
}

void add_sessions(CLI::App& app, CommandLine& line) {
  CLI::App& sessions = *add_group(app, "sessions", "Live allocations: list, show, watch or end them");

  auto& filter = line.session_filter;
  CLI::App& list = *add_command(sessions, "list", "Show the live sessions, oldest first", line,
                                [&] { return list_sessions(line.context, filter); });
  list.add_option("--user", filter.user, "Only of this user")->type_name("USER");
  list.add_option("--transport", filter.transport, "Only over udp, tcp, tls or dtls")->type_name("TRANSPORT");
  list.add_option("--peer", filter.peer, "Only with a permission or channel for IP or IP:PORT")->type_name("PEER");
  add_limit(list, filter.limit);

  CLI::App& show = *add_command(sessions, "show", "Show one session with its permissions, channels and drops", line,
                                [&] { return show_session(line.context, line.session); });
  show.add_option("ID", line.session, "As `sessions list` shows it")->type_name("")->required();

  CLI::App& kill = *add_command(sessions, "kill", "End sessions; their clients are told at the next refresh", line,
                                [&] { return kill_sessions(line.context, line.kill); });
  auto* ids = kill.add_option("ID", line.kill.ids, "Sessions to end")->type_name("");
  auto* user = kill.add_option("--user", line.kill.user, "End all of this user")->type_name("USER")->excludes(ids);
  ids->excludes(user);
  kill.parse_complete_callback([&] {
    if (line.kill.ids.empty() && !line.kill.user) throw CLI::RequiredError("ID... or --user");
  });

  CLI::App& watch = *add_command(sessions, "watch", "Follow the live sessions until Ctrl-C", line,
                                 [&] { return watch_sessions(line.context, line.watch); });
  watch.add_option("--user", line.watch.user, "Only of this user")->type_name("USER");
  watch.add_option("--interval", line.watch.interval, "How often figures are read")
      ->type_name("DURATION")
      ->capture_default_str();
}

void add_users(CLI::App& app, CommandLine& line) {
  CLI::App& user = *add_group(app, "user", "Users with long-term credentials; a change holds at once");
  CLI::App& list = *add_command(user, "list", "Show the users and how many sessions each has", line,
                                [&] { return list_users(line.context, line.user_limit); });
  add_limit(list, line.user_limit);

  CLI::App& add = *add_command(user, "add", "Add a user; without a file turnd makes the password and shows it once",
                               line, [&] { return add_user(line.context, line.new_user); });
  add.add_option("NAME", line.new_user.name, "The user")->type_name("")->required();
  auto* password = add.add_option("--password-file", line.new_user.password_file, "Read the password here; - is stdin");
  auto* key =
      add.add_option("--key-file", line.new_user.key_file, "Read the key, MD5(name:realm:password) in hex; - is stdin");
  password->type_name("FILE")->excludes(key);
  key->type_name("FILE");

  CLI::App& remove = *add_command(user, "remove", "Remove a user; live sessions go on without --kill", line,
                                  [&] { return remove_user(line.context, line.name, line.live()); });
  remove.add_option("NAME", line.name, "The user")->type_name("")->required();
  remove.add_flag("--kill", line.kill_live, "End the user's live sessions too");
}

void add_secrets(CLI::App& app, CommandLine& line) {
  CLI::App& secret = *add_group(app, "secret", "Secrets that sign ephemeral credentials; a change holds at once");
  add_command(secret, "list", "Show the secrets, never their values", line, [&] { return list_secrets(line.context); });

  CLI::App& add = *add_command(secret, "add", "Add a secret; without a file turnd makes it and shows it once", line,
                               [&] { return add_secret(line.context, line.name, line.value_file); });
  add.add_option("ID", line.name, "A name for it: letters, digits, . _ -")->type_name("")->required();
  add.add_option("--value-file", line.value_file, "Read the secret here; - is stdin")->type_name("FILE");

  CLI::App& remove = *add_command(secret, "remove", "Remove a secret; live sessions go on without --kill", line,
                                  [&] { return remove_secret(line.context, line.name, line.live()); });
  remove.add_option("ID", line.name, "The secret")->type_name("")->required();
  remove.add_flag("--kill", line.kill_live, "End the live sessions that it signed for too");
}

void add_credentials_and_usage(CLI::App& app, CommandLine& line) {
  CLI::App& credential = *add_command(app, "credential", "Make an ephemeral credential, ready for a client", line,
                                      [&] { return make_credential(line.context, line.credential_user, line.ttl); });
  credential.add_option("USER", line.credential_user, "Whose name it carries")->type_name("");
  credential.add_option("--ttl", line.ttl, "How long it is good: 1s to 30d (1h)")->type_name("DURATION");

  CLI::App& usage = *add_command(app, "usage", "Show what ended sessions have relayed, newest first", line,
                                 [&] { return show_usage(line.context, line.usage_filter); });
  usage.add_option("--user", line.usage_filter.user, "Only of this user")->type_name("USER");
  usage.add_option("--since", line.usage_filter.since, "Ended then or later: RFC 3339 or Unix seconds")
      ->type_name("TIME");
  usage.add_option("--until", line.usage_filter.until, "Ended before then")->type_name("TIME");
  add_limit(usage, line.usage_filter.limit);
}

void add_operation(CLI::App& app, CommandLine& line) {
  CLI::App& reload = *add_command(app, "reload", "Read the configuration again; no session is interrupted", line, [&] {
    return turnctl::reload(line.context, line.dry_run ? turnctl::ReloadMode::dry_run : turnctl::ReloadMode::apply);
  });
  reload.add_flag("--dry-run", line.dry_run, "Show what would change, and change nothing");

  CLI::App& drain = *add_command(app, "drain", "Take no new sessions, and stop when the last has ended", line,
                                 [&] { return turnctl::drain(line.context, line.deadline); });
  drain.add_option("--deadline", line.deadline, "End what is left after this time")->type_name("DURATION");
  add_command(app, "undrain", "Take new sessions again", line, [&] { return turnctl::undrain(line.context); });
}

void add_configuration(CLI::App& app, CommandLine& line) {
  CLI::App& config = *add_group(app, "config", "Check a configuration file, or show what is in force");
  CLI::App& check = *add_command(config, "check", "Check a file and the files it names; needs no running turnd", line,
                                 [&] { return check_config(line.context, line.config_file); });
  check.add_option("FILE", line.config_file, "The file (/etc/turnd/turnd.yaml)")->type_name("");
  add_command(config, "show", "Print the configuration in force as YAML, secrets masked", line,
              [&] { return show_config(line.context); });
}

void add_server(CLI::App& command, turnctl::ServerRequest& request, const char* uri) {
  command.add_option("URI", request.uri, uri)->type_name("")->required();
  auto& login = request.login;
  auto* user = command.add_option("--user", login.user, "Log in as this user")->type_name("USER");
  auto* password = command.add_option("--password-file", login.password_file, "Read the password here; - is stdin");
  password->type_name("FILE")->needs(user);
  user->needs(password);
  auto* ca = command.add_option("--ca", request.ca, "Trust the authorities in this PEM file")->type_name("FILE");
  command.add_flag("--insecure", request.insecure, "Do not check the certificate")->excludes(ca);
  command.footer("Without --user the turnd of this machine is asked for a credential.");
}

void add_bench(CLI::App& app, CommandLine& line) {
  auto& wanted = line.bench;
  CLI::App& bench = *add_command(app, "bench", "Measure how a server relays: packets, loss, latency, its cost", line,
                                 [&] { return turnctl::run_bench(line.context, wanted); });
  add_server(bench, wanted, "turn:HOST[:PORT][?transport=udp|tcp], or turns:");
  turnctl::add_bench_options(bench, wanted);
}

void add_diagnosis(CLI::App& app, CommandLine& line) {
  CLI::App& acl = *add_group(app, "acl", "The peer policy");
  CLI::App& test = *add_command(acl, "test", "Tell whether a peer may be reached, and which rule says so", line,
                                [&] { return test_acl(line.context, line.address); });
  test.add_option("IP[:PORT]", line.address, "The peer")->type_name("")->required();
  test.footer("Exit status: 0 allowed, 1 denied, 2 turnd not reached.");

  CLI::App& probe = *add_command(app, "probe", "Try a server step by step, as a client would", line,
                                 [&] { return turnctl::probe(line.context, line.probe); });
  add_server(probe, line.probe, "turn:HOST[:PORT][?transport=udp|tcp], turns:, stun: or stuns:");
  add_bench(app, line);
}

void add_all(CLI::App& app, CommandLine& line) {
  app.name("turnctl");
  app.set_version_flag("--version", "turnctl " TURND_VERSION, "Print the version");
  app.set_help_flag("--help,-h", "Print this help");
  app.fallthrough();  // --socket and --json are good after the command too
  app.require_subcommand(1);
  app.add_option("--socket", line.context.socket, "The control socket of turnd ($TURND_SOCKET)")->type_name("PATH");
  app.add_flag_callback(
      "--json", [&line] { line.context.mode = turnctl::OutputMode::json; }, "Print JSON, for scripts");
  app.footer(
      "turnctl COMMAND --help tells more of a command.\n"
      "Exit status: 0 done, 1 refused or failed, 2 turnd not reached.");
  add_command(app, "status", "Show what turnd is doing", line, [&] { return turnctl::show_status(line.context); });
  add_sessions(app, line);
  add_users(app, line);
  add_secrets(app, line);
  add_credentials_and_usage(app, line);
  add_operation(app, line);
  add_configuration(app, line);
  add_diagnosis(app, line);
}

turnctl::CommandTree tree_of(const CLI::App& app) {
  using Value = turnctl::CommandOption::Value;
  const auto is_file = [](const CLI::Option& option) {
    return option.get_type_name() == "FILE" || option.get_type_name() == "PATH" || option.get_name() == "FILE";
  };
  turnctl::CommandTree tree{app.get_name(), app.get_description(), {}, {}, {}, false};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      tree.takes_file = tree.takes_file || is_file(*option);
      continue;
    }
    const Value value = option->get_items_expected_max() == 0 ? Value::none
                        : is_file(*option)                    ? Value::file
                                                              : Value::text;
    tree.options.push_back({"--" + option->get_lnames().front(), option->get_description(), value});
  }
  for (const CLI::App* command : app.get_subcommands({})) tree.commands.push_back(tree_of(*command));
  if (tree.name == "completion") tree.choices = {"bash", "zsh", "fish"};
  return tree;
}

void add_completion(CLI::App& app, CommandLine& line) {
  CLI::App& completion = *add_command(app, "completion", "Print a completion script for bash, zsh or fish", line,
                                      [&] { return print_completion(line.context, line.shell, tree_of(app)); });
  completion.add_option("SHELL", line.shell, "bash, zsh or fish")->type_name("")->required();
}

// The first word that stands where a command is expected and is none.
std::optional<turnctl::Failure> unknown_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* level = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with('-')) {
      const CLI::Option* option = level->get_option_no_throw(word);
      if (option && option->get_items_expected_max() > 0) ++i;  // its value
      continue;
    }
    const auto commands = level->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) return std::nullopt;  // an argument
    const auto found = std::ranges::find(commands, word, [](const CLI::App* command) { return command->get_name(); });
    if (found != commands.end()) {
      level = *found;
      continue;
    }
    const auto distance = [&word](const CLI::App* command) {
      return turnd::config::edit_distance(word, command->get_name());
    };
    const CLI::App* nearest = *std::ranges::min_element(commands, {}, distance);
    const std::string name = level == &app ? "turnctl" : "turnctl " + level->get_name();
    return turnctl::Failure{
        "there is no command \"" + word + "\"",
        distance(nearest) <= 2 ? "did you mean \"" + nearest->get_name() + "\"?" : "see " + name + " --help"};
  }
  return std::nullopt;
}

int refuse_usage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const bool json = std::any_of(argv, argv + argc, [](std::string_view argument) { return argument == "--json"; });
  return report(unknown_command(app, argc, argv).value_or(turnctl::Failure{error.what(), "see turnctl --help"}),
                turnctl::kRefused, json ? turnctl::OutputMode::json : turnctl::OutputMode::tables);
}

}  // namespace

int main(int argc, char** argv) {
  if (!turnd::process::open_standard_streams()) return turnctl::kRefused;
  CLI::App app("turnctl, the operator's tool of turnd");
  CommandLine line;
  add_all(app, line);
  add_completion(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return turnctl::kDone;
  } catch (const CLI::CallForVersion&) {
    std::cout << app.version() << "\n";
    return turnctl::kDone;
  } catch (const CLI::ParseError& error) {
    return refuse_usage(app, error, argc, argv);
  }
  return line.run();
}
