#include <iostream>

#include "turnctl/commands.h"

namespace turnctl {

int print_completion(const Context& context, const std::string& shell, const CommandTree& commands) {
  const auto script = completion_script(shell, commands);
  if (!script)
    return report({"there is no completion for " + shell, "bash, zsh and fish have one"}, kRefused, context.mode);
  std::cout << *script;
  return kDone;
}

}  // namespace turnctl
