// The completion scripts for bash, zsh and fish. Each walks the words before the cursor down the tree of commands to
// a place like "/sessions/list", and offers what is there.
#include <algorithm>
#include <utility>
#include <vector>

#include "turnctl/command_tree.h"

namespace turnctl {
namespace {

struct Place {
  std::string path;  // "" for the root, "/sessions/list"
  const CommandTree* command = nullptr;
};

void collect(const CommandTree& command, const std::string& path, std::vector<Place>& places) {
  places.push_back({path, &command});
  for (const CommandTree& each : command.commands) collect(each, path + "/" + each.name, places);
}

std::vector<Place> places_of(const CommandTree& root) {
  std::vector<Place> places;
  collect(root, "", places);
  return places;
}

// In single quotes, for any of the three.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char each : text) {
    if (each == '\'')
      result += "'\\''";
    else
      result += each;
  }
  return result + "'";
}

// Pattern of a `case`: every place but the root.
std::string known_places(const std::vector<Place>& places) {
  std::string pattern;
  for (const Place& place : places)
    if (!place.path.empty()) pattern += (pattern.empty() ? "" : "|") + place.path;
  return pattern;
}

// Those of the root hold everywhere.
std::vector<CommandOption> options_at(const Place& place, const CommandTree& root) {
  std::vector<CommandOption> options = place.command->options;
  for (const CommandOption& each : root.options)
    if (std::ranges::find(options, each.name, &CommandOption::name) == options.end()) options.push_back(each);
  return options;
}

std::string options_with(CommandOption::Value value, const std::vector<Place>& places) {
  std::string pattern;
  for (const Place& place : places)
    for (const CommandOption& option : place.command->options)
      if (option.value == value && ("|" + pattern + "|").find("|" + option.name + "|") == std::string::npos)
        pattern += (pattern.empty() ? "" : "|") + option.name;
  return pattern;
}

std::string bash_script(const CommandTree& root) {
  const std::vector<Place> places = places_of(root);
  std::string cases;
  for (const Place& place : places) {
    std::string words;
    for (const CommandTree& each : place.command->commands) words += each.name + " ";
    for (const std::string& choice : place.command->choices) words += choice + " ";
    for (const CommandOption& option : options_at(place, root)) words += option.name + " ";
    words.pop_back();
    cases += "    " + quoted(place.path) + ") words=" + quoted(words) +
             (place.command->takes_file ? " files=yes" : "") + " ;;\n";
  }
  return "# bash completion for turnctl: source it, or install it as turnctl in bash's completions\n"
         "_turnctl() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} place= words= files= i\n"
         "  COMPREPLY=()\n"
         "  case $previous in\n"
         "    " +
         options_with(CommandOption::Value::file, places) +
         ") mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return ;;\n"
         "    " +
         options_with(CommandOption::Value::text, places) +
         ") return ;;\n"
         "  esac\n"
         "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
         "    case $place/${COMP_WORDS[i]} in\n"
         "      " +
         known_places(places) +
         ") place=$place/${COMP_WORDS[i]} ;;\n"
         "    esac\n"
         "  done\n"
         "  case $place in\n" +
         cases +
         "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\"; [[ -z $files ]] || compgen -f -- "
         "\"$current\")\n"
         "}\n"
         "complete -o filenames -F _turnctl turnctl\n";
}

// _describe takes "word:help"; a colon of the word itself would need a backslash, and no word of ours has one.
std::string zsh_array(const char* name, const std::vector<std::pair<std::string, std::string>>& items) {
  std::string text = std::string("      ") + name + "=(";
  for (const auto& [word, help] : items) text += quoted(word + ":" + help) + " ";
  return text + ")\n";
}

std::string zsh_script(const CommandTree& root) {
  const std::vector<Place> places = places_of(root);
  std::string cases;
  for (const Place& place : places) {
    std::vector<std::pair<std::string, std::string>> words;
    for (const CommandTree& each : place.command->commands) words.emplace_back(each.name, each.help);
    for (const std::string& choice : place.command->choices) words.emplace_back(choice, choice);
    std::vector<std::pair<std::string, std::string>> options;
    for (const CommandOption& option : options_at(place, root)) options.emplace_back(option.name, option.help);
    cases += "    (" + quoted(place.path) + ")\n" + zsh_array("words_here", words) +
             zsh_array("options_here", options) + (place.command->takes_file ? "      files=yes\n" : "") + "      ;;\n";
  }
  return "#compdef turnctl\n"
         "# zsh completion for turnctl: source it, or install it as _turnctl in a folder of $fpath\n"
         "_turnctl() {\n"
         "  local place= word= files=\n"
         "  local -a words_here options_here\n"
         "  case ${words[CURRENT-1]} in\n"
         "    (" +
         options_with(CommandOption::Value::file, places) +
         ") _files; return ;;\n"
         "    (" +
         options_with(CommandOption::Value::text, places) +
         ") return ;;\n"
         "  esac\n"
         "  for word in ${words[2,CURRENT-1]}; do\n"
         "    case $place/$word in\n"
         "      (" +
         known_places(places) +
         ") place=$place/$word ;;\n"
         "    esac\n"
         "  done\n"
         "  case $place in\n" +
         cases +
         "  esac\n"
         "  (( $#words_here )) && _describe -t commands 'turnctl command' words_here\n"
         "  [[ -n $files ]] && _files\n"
         "  _describe -o -t options option options_here\n"
         "}\n"
         "if [[ ${funcstack[1]} = _turnctl ]]; then _turnctl \"$@\"; else compdef _turnctl turnctl; fi\n";
}

std::string fish_line(const std::string& path, const std::string& rest) {
  return "complete -c turnctl -n " + quoted("test (__turnctl_place) = " + ("\"" + path + "\"")) + " " + rest + "\n";
}

std::string fish_option(const CommandOption& option) {
  static constexpr const char* kValues[] = {"", " -x", " -r -F"};
  return "-l " + option.name.substr(2) + " -d " + quoted(option.help) + kValues[static_cast<std::size_t>(option.value)];
}

std::string fish_script(const CommandTree& root) {
  const std::vector<Place> places = places_of(root);
  std::string script =
      "# fish completion for turnctl: install it as turnctl.fish in fish's completions\n"
      "function __turnctl_place\n"
      "  set -l place ''\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    switch \"$place/$word\"\n"
      "      case";
  for (const Place& place : places)
    if (!place.path.empty()) script += " " + quoted(place.path);
  script +=
      "\n"
      "        set place \"$place/$word\"\n"
      "    end\n"
      "  end\n"
      "  echo \"$place\"\n"
      "end\n"
      "complete -c turnctl -f\n";
  for (const CommandOption& option : root.options) script += "complete -c turnctl " + fish_option(option) + "\n";
  for (const Place& place : places) {
    for (const CommandTree& each : place.command->commands)
      script += fish_line(place.path, "-a " + each.name + " -d " + quoted(each.help));
    for (const std::string& choice : place.command->choices) script += fish_line(place.path, "-a " + choice);
    if (place.command->takes_file) script += fish_line(place.path, "-F");
    if (place.command == &root) continue;
    for (const CommandOption& option : place.command->options) script += fish_line(place.path, fish_option(option));
  }
  return script;
}

}  // namespace

std::optional<std::string> completion_script(const std::string& shell, const CommandTree& root) {
  if (shell == "bash") return bash_script(root);
  if (shell == "zsh") return zsh_script(root);
  if (shell == "fish") return fish_script(root);
  return std::nullopt;
}

}  // namespace turnctl
