#include "turnd/config/problems.h"

#include <algorithm>

namespace turnd::config {

std::string to_line(const std::string& file, const Problem& problem) {
  std::string line = file + ":";
  if (problem.line != 0) line += std::to_string(problem.line) + ":";
  if (!problem.key.empty()) line += " " + problem.key;
  if (!problem.value.empty()) line += " = " + problem.value;
  if (!problem.key.empty()) line += ":";
  line += " " + problem.problem;
  if (!problem.remedy.empty()) line += "; " + problem.remedy;
  return line;
}

void sort_by_line(std::vector<Problem>& problems) {
  std::ranges::stable_sort(problems, {}, &Problem::line);
}

std::string to_line(const WorldError& error) { return "turnd: " + error.what + ": " + error.why + "; " + error.remedy; }

}  // namespace turnd::config
