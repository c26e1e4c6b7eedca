// Problems: what is wrong with a configuration, where, and what to do (operations.md D36, D40).
#pragma once

#include <string>
#include <vector>

namespace turnd::config {

struct Problem {
  int line = 0;       // from 1; 0: of no line
  std::string key;    // dotted path, [i] for list items; empty for the file as a whole
  std::string value;  // as shown: text in double quotes, a secret as ***; empty when there is none
  std::string problem;
  std::string remedy;
  friend bool operator==(const Problem&, const Problem&) = default;
};

// "FILE:LINE: KEY = VALUE: what is wrong; what to do"
[[nodiscard]] std::string to_line(const std::string& file, const Problem& problem);
void sort_by_line(std::vector<Problem>& problems);

// What the world refuses although the values are right: exit status 2, one line.
struct WorldError {
  std::string what;  // the path or address
  std::string why;
  std::string remedy;
};
// "turnd: WHAT: WHY; REMEDY"
[[nodiscard]] std::string to_line(const WorldError& error);

}  // namespace turnd::config
