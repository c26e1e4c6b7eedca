// What turnctl prints: tables for people, JSON for scripts, failures with a remedy (operations.md D63-D66).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "turnctl/control_client.h"
#include "turnctl/failure.h"

namespace turnctl {

enum ExitStatus : int { kDone = 0, kRefused = 1, kUnreachable = 2 };

enum class OutputMode : std::uint8_t { tables, json };

// Header in capitals, one line an item, columns aligned. On a terminal a line is cut at its width, elsewhere never.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }
  // `width` 0: not cut.
  [[nodiscard]] std::string text(std::size_t width) const;
  // To stdout; an empty table says `what` on stderr ("no sessions").
  void print(std::string_view what) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// "name: value" lines, aligned.
void print_facts(const std::vector<std::pair<std::string, std::string>>& facts);
void print_json(const boost::json::value& value);

// "turnctl: detail; remedy" on stderr, or a problem object with --json.
ExitStatus report(const Failure& failure, ExitStatus status, OutputMode mode);
// The problem that turnd answered with; exit status 1.
ExitStatus report(const Reply& refusal, OutputMode mode);

// The terminal's width, 0 when stdout is none.
[[nodiscard]] std::size_t terminal_width();

// Figures for people.
[[nodiscard]] std::string human_bytes(double bytes);            // "1.2 MB"
[[nodiscard]] std::string human_rate(double bytes_per_second);  // "1.2 Mbit/s"
[[nodiscard]] std::string human_duration(double seconds);       // "1h 02m"
// A member's text for a table cell: strings printable, null "-", numbers plain, arrays joined.
[[nodiscard]] std::string cell(const boost::json::value& value);
[[nodiscard]] std::string cell(const boost::json::object& object, std::string_view member);
[[nodiscard]] double number(const boost::json::object& object, std::string_view member);

}  // namespace turnctl
