#include "turnd/base/time_text.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace turnd::base {
namespace {

namespace chrono = std::chrono;

void put(std::string& out, unsigned value, unsigned digits) {
  for (unsigned scale = digits == 4 ? 1000U : digits == 3 ? 100U : 10U; scale > 0; scale /= 10) {
    out.push_back(static_cast<char>('0' + value / scale % 10));
  }
}

// Reads a fixed text from left to right; after the first mismatch nothing matches.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!next_is_digit()) ok_ = false;
      if (!ok_) return 0;
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  void one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
      ok_ = false;
    } else {
      rest_.remove_prefix(1);
    }
  }

  bool take(char wanted) {
    if (!ok_ || rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool next_is_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool at_end() const { return ok_ && rest_.empty(); }
  void fail() { ok_ = false; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

chrono::nanoseconds read_fraction(Reader& reader) {
  if (!reader.take('.')) return {};
  if (!reader.next_is_digit()) reader.fail();
  std::int64_t value = 0;
  std::int64_t scale = 1'000'000'000;
  while (reader.next_is_digit()) {
    const int digit = reader.digits(1);
    if (scale == 1) continue;
    scale /= 10;
    value += digit * scale;
  }
  return chrono::nanoseconds(value);
}

// What has to be subtracted to get UTC.
chrono::minutes read_offset(Reader& reader) {
  if (reader.take('Z') || reader.take('z')) return {};
  const bool east = reader.take('+');
  if (!east) reader.one_of("-");
  const int hours = reader.digits(2);
  reader.one_of(":");
  const int minutes = reader.digits(2);
  if (hours > 23 || minutes > 59) reader.fail();
  const chrono::minutes size(hours * 60 + minutes);
  return east ? size : -size;
}

}  // namespace

std::string time_text(WallTime time) {
  const auto millis = chrono::floor<chrono::milliseconds>(time);
  const auto day = chrono::floor<chrono::days>(millis);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(millis - day);
  std::string out;
  out.reserve(24);
  put(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  out.push_back('-');
  put(out, static_cast<unsigned>(date.month()), 2);
  out.push_back('-');
  put(out, static_cast<unsigned>(date.day()), 2);
  out.push_back('T');
  put(out, static_cast<unsigned>(clock.hours().count()), 2);
  out.push_back(':');
  put(out, static_cast<unsigned>(clock.minutes().count()), 2);
  out.push_back(':');
  put(out, static_cast<unsigned>(clock.seconds().count()), 2);
  out.push_back('.');
  put(out, static_cast<unsigned>(clock.subseconds().count()), 3);
  out.push_back('Z');
  return out;
}

std::optional<WallTime> parse_time(std::string_view text) {
  Reader reader(text);
  const chrono::year year(reader.digits(4));
  reader.one_of("-");
  const chrono::month month(static_cast<unsigned>(reader.digits(2)));
  reader.one_of("-");
  const chrono::day day(static_cast<unsigned>(reader.digits(2)));
  reader.one_of("Tt ");
  const int hours = reader.digits(2);
  reader.one_of(":");
  const int minutes = reader.digits(2);
  reader.one_of(":");
  const int seconds = reader.digits(2);
  const chrono::nanoseconds fraction = read_fraction(reader);
  const chrono::minutes offset = read_offset(reader);
  const chrono::year_month_day date(year, month, day);
  if (!reader.at_end() || !date.ok() || hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  // Nanoseconds since 1970 in 64 bits end in these years.
  if (year < chrono::year(1678) || year > chrono::year(2261)) return std::nullopt;
  return WallTime(chrono::sys_days(date)) + chrono::hours(hours) + chrono::minutes(minutes) + chrono::seconds(seconds) +
         fraction - offset;
}

}  // namespace turnd::base
