#include "signaling/mail/message.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "signaling/mail/header_text.h"

namespace signaling::mail {

std::vector<std::string> header_lines(const Message& message, const Origin& origin) {
  return {
      "Date: " + date_text(origin.date),
      "From: " + header_value(origin.from),
      "To: " + header_value(message.to),
      "Subject: " + header_text(message.subject),
      "Message-ID: <" + one_line(origin.message_id) + "@" + std::string(domain(origin.from.address)) + ">",
      "Auto-Submitted: auto-generated",  // RFC 3834 s5: out-of-office replies stay at home
  };
}

std::string date_text(turnd::base::WallTime time) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

}  // namespace signaling::mail
