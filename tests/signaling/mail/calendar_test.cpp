#include "signaling/mail/calendar.h"

#include <libical/ical.h>

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signaling::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

CalendarEvent event() {
  CalendarEvent made;
  made.uid = "5f3c@example.org";
  made.sequence = 2;
  made.stamp = turnd::base::WallTime(std::chrono::seconds(1'796'026'778));
  made.start = turnd::base::WallTime(std::chrono::seconds(1'796'029'200));
  made.duration = std::chrono::minutes(30);
  made.summary = "Weekly";
  made.url = "https://example.org/meeting/join/1";
  made.organizer = Mailbox{"Ann", "ann@example.org"};
  made.attendees = {{"", "bob@example.org"}};
  return made;
}

std::string text_of(CalendarMethod method, const CalendarEvent& event) {
  return calendar_text(method, std::span(&event, 1));
}

// Without the folding of RFC 5545 s3.1.
std::string unfolded(std::string text) {
  for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ")) text.erase(at, 3);
  return text;
}

TEST(Calendar, InvitesWithTheMembersOf_M19) {
  const std::string text = unfolded(text_of(CalendarMethod::request, event()));
  for (const char* line : {"METHOD:REQUEST\r\n", "UID:5f3c@example.org\r\n", "SEQUENCE:2\r\n",
                           "DTSTART:20261130T090000Z\r\n", "DTEND:20261130T093000Z\r\n", "SUMMARY:Weekly\r\n",
                           "URL:https://example.org/meeting/join/1\r\n", "ORGANIZER;CN=Ann:mailto:ann@example.org\r\n",
                           "RSVP=TRUE:mailto:bob@example.org\r\n", "STATUS:CONFIRMED\r\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Calendar, CancelsWith_M16) {
  CalendarEvent cancelled = event();
  cancelled.cancelled = true;
  const std::string text = text_of(CalendarMethod::cancel, cancelled);
  EXPECT_THAT(text, HasSubstr("METHOD:CANCEL\r\n"));
  EXPECT_THAT(text, HasSubstr("STATUS:CANCELLED\r\n"));
}

TEST(Calendar, KeepsStrangersTextInItsProperty_M19) {
  CalendarEvent hostile = event();
  hostile.summary = "x\r\nATTENDEE:mailto:eve@example.net\r\nEND:VEVENT";
  hostile.description = "first; second\r\nEND:VCALENDAR";
  hostile.organizer->name = "A\";X=\"y\r\nEND:VEVENT";
  const std::string text = text_of(CalendarMethod::request, hostile);

  const std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)> parsed(icalparser_parse_string(text.c_str()),
                                                                             &icalcomponent_free);
  ASSERT_NE(parsed, nullptr);
  EXPECT_EQ(icalcomponent_count_components(parsed.get(), ICAL_VEVENT_COMPONENT), 1);
  icalcomponent* inner = icalcomponent_get_first_component(parsed.get(), ICAL_VEVENT_COMPONENT);
  EXPECT_EQ(icalcomponent_count_properties(inner, ICAL_ATTENDEE_PROPERTY), 1);
  EXPECT_EQ(icalcomponent_count_properties(inner, ICAL_ORGANIZER_PROPERTY), 1);
  EXPECT_STREQ(icalcomponent_get_description(inner), "first; second\nEND:VCALENDAR");
  EXPECT_THAT(unfolded(text), Not(HasSubstr("\nATTENDEE:mailto:eve")));
}

TEST(Calendar, FillsInAFormOfGoogleCalendar) {
  CalendarEvent made = event();
  made.summary = "Ann & Bob: 50%\r\nx&dates=1";
  EXPECT_EQ(
      google_template_url(made),
      "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Ann%20%26%20Bob%3A%2050%25%20%20x%26dates%3D1"
      "&dates=20261130T090000Z%2F20261130T093000Z&details=https%3A%2F%2Fexample.org%2Fmeeting%2Fjoin%2F1");
}

TEST(Calendar, HoldsSeveralMeetings_M20) {
  const std::vector<CalendarEvent> two{event(), event()};
  const std::string text = calendar_text(CalendarMethod::publish, two);
  EXPECT_NE(text.find("BEGIN:VEVENT"), text.rfind("BEGIN:VEVENT"));
  EXPECT_THAT(text, HasSubstr("METHOD:PUBLISH\r\n"));
}

}  // namespace
}  // namespace signaling::mail
