// CommandTree: the commands of turnctl as a shell's completion sees them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace turnctl {

struct CommandOption {
  enum class Value : std::uint8_t { none, text, file };
  std::string name;  // "--user"
  std::string help;
  Value value = Value::none;
};

struct CommandTree {
  std::string name;
  std::string help;
  std::vector<CommandOption> options;
  std::vector<CommandTree> commands;
  std::vector<std::string> choices;  // what its argument may be: "bash", "zsh"
  bool takes_file = false;           // its argument is a file
};

// A script to be sourced. nullopt: no such shell.
[[nodiscard]] std::optional<std::string> completion_script(const std::string& shell, const CommandTree& root);

}  // namespace turnctl
