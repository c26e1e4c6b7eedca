#include "turnd/config/problems.h"

#include <algorithm>
#include <string_view>

namespace turnd::config {
namespace {

// One problem stays one line, whatever the file holds.
std::string on_one_line(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string line;
  for (const char each : text) {
    const auto octet = static_cast<unsigned char>(each);
    if (octet >= 0x20 && octet != 0x7F)
      line += each;
    else
      line += {'\\', 'x', kDigits[octet >> 4], kDigits[octet & 0x0F]};
  }
  return line;
}

}  // namespace

std::string to_line(const std::string& file, const Problem& problem) {
  std::string line = file + ":";
  if (problem.line != 0) line += std::to_string(problem.line) + ":";
  if (!problem.key.empty()) line += " " + problem.key;
  if (!problem.value.empty()) line += " = " + problem.value;
  if (!problem.key.empty()) line += ":";
  line += " " + problem.problem;
  if (!problem.remedy.empty()) line += "; " + problem.remedy;
  return on_one_line(line);
}

void sort_by_line(std::vector<Problem>& problems) { std::ranges::stable_sort(problems, {}, &Problem::line); }

std::string to_line(const WorldError& error) { return "turnd: " + error.what + ": " + error.why + "; " + error.remedy; }

}  // namespace turnd::config
