#include "signaling/mail/calendar.h"

#include <libical/ical.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "signaling/mail/header_text.h"
#include "turnd/base/percent.h"

namespace signaling::mail {

namespace {

constexpr const char* kProductId = "-//turnd//signald//EN";

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

icaltimetype utc(turnd::base::WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  return icaltime_from_timet_with_zone(static_cast<time_t>(seconds), 0, icaltimezone_get_utc_timezone());
}

// RFC 5545 s3.2: a parameter value has neither control characters nor double quotes.
std::string parameter_text(const std::string& text) {
  std::string safe = one_line(text);
  std::ranges::replace(safe, '"', '\'');
  return safe;
}

// Lines stay lines (they are escaped as \n), other control characters go.
std::string paragraph(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\r') continue;
    safe += c == '\n' ? '\n' : one_line(std::string_view(&c, 1)).front();
  }
  return safe;
}

icalproperty* organizer(const Mailbox& who) {
  icalproperty* property = icalproperty_new_organizer(("mailto:" + who.address).c_str());
  if (!who.name.empty()) {
    icalproperty_add_parameter(property, icalparameter_new_cn(parameter_text(who.name).c_str()));
  }
  return property;
}

icalproperty* attendee(const Mailbox& who) {
  icalproperty* property = icalproperty_new_attendee(("mailto:" + who.address).c_str());
  if (!who.name.empty()) {
    icalproperty_add_parameter(property, icalparameter_new_cn(parameter_text(who.name).c_str()));
  }
  icalproperty_add_parameter(property, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT));
  icalproperty_add_parameter(property, icalparameter_new_partstat(ICAL_PARTSTAT_NEEDSACTION));
  icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_TRUE));
  return property;
}

icalcomponent* to_component(const CalendarEvent& event) {
  icalcomponent* made = icalcomponent_new(ICAL_VEVENT_COMPONENT);
  const auto add = [made](icalproperty* property) { icalcomponent_add_property(made, property); };
  add(icalproperty_new_uid(parameter_text(event.uid).c_str()));
  add(icalproperty_new_dtstamp(utc(event.stamp)));
  add(icalproperty_new_sequence(event.sequence));
  add(icalproperty_new_dtstart(utc(event.start)));
  add(icalproperty_new_dtend(utc(event.start + event.duration)));
  add(icalproperty_new_summary(one_line(event.summary).c_str()));
  if (!event.description.empty()) add(icalproperty_new_description(paragraph(event.description).c_str()));
  add(icalproperty_new_url(one_line(event.url).c_str()));
  add(icalproperty_new_status(event.cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
  if (event.organizer) add(organizer(*event.organizer));
  for (const Mailbox& who : event.attendees) add(attendee(who));
  return made;
}

icalproperty_method to_ical(CalendarMethod method) {
  switch (method) {
    case CalendarMethod::publish:
      return ICAL_METHOD_PUBLISH;
    case CalendarMethod::request:
      return ICAL_METHOD_REQUEST;
    case CalendarMethod::cancel:
      return ICAL_METHOD_CANCEL;
  }
  return ICAL_METHOD_PUBLISH;
}

}  // namespace

std::string calendar_text(CalendarMethod method, std::span<const CalendarEvent> events) {
  const Component calendar(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  icalcomponent_add_property(calendar.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_prodid(kProductId));
  icalcomponent_add_property(calendar.get(), icalproperty_new_method(to_ical(method)));
  for (const CalendarEvent& event : events) icalcomponent_add_component(calendar.get(), to_component(event));
  const std::unique_ptr<char, FreeText> text(icalcomponent_as_ical_string_r(calendar.get()));
  return text ? text.get() : "";
}

std::string google_template_url(const CalendarEvent& event) {
  // "20261130T090000Z"
  const auto form = [](turnd::base::WallTime time) {
    const std::unique_ptr<char, FreeText> text(icaltime_as_ical_string_r(utc(time)));
    return std::string(text ? text.get() : "");
  };
  const auto field = [](const std::string& text) { return turnd::base::percent_encoded(one_line(text)); };
  return "https://calendar.google.com/calendar/render?action=TEMPLATE&text=" + field(event.summary) +
         "&dates=" + form(event.start) + "%2F" + form(event.start + event.duration) + "&details=" + field(event.url);
}

std::string_view method_name(CalendarMethod method) {
  switch (method) {
    case CalendarMethod::publish:
      return "PUBLISH";
    case CalendarMethod::request:
      return "REQUEST";
    case CalendarMethod::cancel:
      return "CANCEL";
  }
  return "";
}

}  // namespace signaling::mail
