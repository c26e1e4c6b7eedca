#include "turnctl/secret_file.h"

#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "turnd/store/state_files.h"

namespace turnctl {
namespace {

turnd::store::FileText read_stdin() {
  std::ostringstream stream;
  stream << std::cin.rdbuf();  // keeps the exception of a read that fails to itself
  if (stream.bad()) return {std::nullopt, "it cannot be read"};
  std::string text = stream.str();
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return {std::move(text), {}};
}

}  // namespace

Outcome<turnd::base::Secret> read_secret(const std::string& path) {
  const bool is_stdin = path == "-";
  auto file = is_stdin ? read_stdin() : turnd::store::read_file(path);
  const std::string name = is_stdin ? "stdin" : path;
  if (!file.text)
    return Failure{"cannot read " + name + ": " + file.why, "name a file that you can read, or - for stdin"};
  if (file.text->empty()) return Failure{name + " is empty", "put the secret into it, on one line"};
  return turnd::base::Secret(std::move(*file.text));
}

}  // namespace turnctl
