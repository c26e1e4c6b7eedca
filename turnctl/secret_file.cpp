#include "turnctl/secret_file.h"

#include <iostream>
#include <iterator>
#include <utility>

#include "turnd/store/state_files.h"

namespace turnctl {
namespace {

std::string read_stdin() {
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace

Outcome<turnd::base::Secret> read_secret(const std::string& path) {
  const bool is_stdin = path == "-";
  auto file = is_stdin ? turnd::store::FileText{read_stdin(), {}} : turnd::store::read_file(path);
  const std::string name = is_stdin ? "stdin" : path;
  if (!file.text)
    return Failure{"cannot read " + name + ": " + file.why, "name a file that you can read, or - for stdin"};
  if (file.text->empty()) return Failure{name + " is empty", "put the secret into it, on one line"};
  return turnd::base::Secret(std::move(*file.text));
}

}  // namespace turnctl
