#include "turnctl/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "turnd/control/text.h"

namespace turnctl {
namespace {

// Code points, near enough to columns for aligning names.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

std::string cut(const std::string& line, std::size_t width) {
  if (width == 0 || columns(line) <= width) return line;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < line.size() && seen < width; ++seen) {
    ++end;
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) ++end;
  }
  return line.substr(0, end);
}

std::string scaled(double value, const char* unit) {
  static constexpr std::array kPrefixes{"", "k", "M", "G", "T", "P"};
  std::size_t prefix = 0;
  for (; value >= 1000 && prefix + 1 < kPrefixes.size(); ++prefix) value /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, prefix == 0 ? "%.0f %s%s" : "%.1f %s%s", value, kPrefixes[prefix], unit);
  return text;
}

}  // namespace

std::string Table::text(std::size_t width) const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  std::string all;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - columns(row[i]) + 2, ' ');
    }
    all += cut(line, width) + "\n";
  }
  return all;
}

void Table::print(std::string_view what) const {
  if (empty())
    std::cerr << "no " << what << "\n";
  else
    std::cout << text(terminal_width()) << std::flush;
}

void print_facts(const std::vector<std::pair<std::string, std::string>>& facts) {
  std::size_t widest = 0;
  for (const auto& [name, value] : facts) widest = std::max(widest, columns(name));
  for (const auto& [name, value] : facts)
    std::cout << name << ":" << std::string(widest - columns(name) + 2, ' ') << value << "\n";
  std::cout << std::flush;
}

void print_json(const boost::json::value& value) { std::cout << boost::json::serialize(value) << std::endl; }

ExitStatus report(const Failure& failure, ExitStatus status, OutputMode mode) {
  const std::string sentence = failure.remedy.empty() ? failure.detail : failure.detail + "; " + failure.remedy;
  if (mode == OutputMode::json) {
    const bool unreachable = status == kUnreachable;
    std::cerr << boost::json::serialize(boost::json::object{{"type", "about:blank"},
                                                            {"title", unreachable ? "Unreachable" : "Failed"},
                                                            {"status", nullptr},
                                                            {"detail", sentence},
                                                            {"code", unreachable ? "unreachable" : "failed"}})
              << "\n";
  } else {
    std::cerr << "turnctl: " << sentence << "\n";
  }
  return status;
}

ExitStatus report(const Reply& refusal, OutputMode mode) {
  if (mode == OutputMode::json) {
    std::cerr << boost::json::serialize(refusal.body) << "\n";
  } else {
    const boost::json::object* problem = refusal.body.if_object();
    std::cerr << "turnctl: " << (problem ? cell(*problem, "detail") : "refused") << "\n";
  }
  return kRefused;
}

std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1 || std::getenv("NO_COLOR")) return 0;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string human_bytes(double bytes) { return scaled(bytes, "B"); }

std::string human_rate(double bytes_per_second) { return scaled(bytes_per_second * 8, "bit/s"); }

std::string human_duration(double seconds) {
  const auto total = static_cast<std::int64_t>(std::llround(seconds));
  char text[48];
  if (total < 60)
    std::snprintf(text, sizeof text, "%llds", static_cast<long long>(total));
  else if (total < 3600)
    std::snprintf(text, sizeof text, "%lldm %02llds", static_cast<long long>(total / 60),
                  static_cast<long long>(total % 60));
  else if (total < 86400)
    std::snprintf(text, sizeof text, "%lldh %02lldm", static_cast<long long>(total / 3600),
                  static_cast<long long>(total / 60 % 60));
  else
    std::snprintf(text, sizeof text, "%lldd %02lldh", static_cast<long long>(total / 86400),
                  static_cast<long long>(total / 3600 % 24));
  return text;
}

std::string cell(const boost::json::value& value) {
  if (value.is_null()) return "-";
  if (const auto* text = value.if_string())
    return turnd::control::printable(std::string_view(text->data(), text->size()));
  if (const auto* array = value.if_array()) {
    std::string joined;
    for (const boost::json::value& item : *array) joined += (joined.empty() ? "" : ",") + cell(item);
    return joined.empty() ? "-" : joined;
  }
  if (const bool* flag = value.if_bool()) return *flag ? "yes" : "no";
  return boost::json::serialize(value);
}

std::string cell(const boost::json::object& object, std::string_view member) {
  const boost::json::value* value = object.if_contains(boost::json::string_view(member.data(), member.size()));
  return value ? cell(*value) : "-";
}

double number(const boost::json::object& object, std::string_view member) {
  const boost::json::value* value = object.if_contains(boost::json::string_view(member.data(), member.size()));
  return value && value->is_number() ? value->to_number<double>() : 0;
}

}  // namespace turnctl
