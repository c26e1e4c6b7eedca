#include "signaling/service/invitation_mail.h"

#include <chrono>
#include <span>

#include "signaling/mail/message.h"
#include "signaling/service/invitations.h"

namespace signaling::service {

namespace {

constexpr std::chrono::minutes kUsualDuration{60};

std::string host_of(const std::string& url) {
  const auto scheme = url.find("://");
  const std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of(":/"));
}

std::string when(const Meeting& meeting) {
  return meeting.options.scheduled_time ? "When: " + mail::date_text(*meeting.options.scheduled_time) + "\n" : "";
}

std::string password_line(const MeetingContext& context, const Meeting& meeting) {
  if (!meeting.password_sealed) return {};
  const auto password = context.key.open(*meeting.password_sealed, meeting.uuid);
  return password ? "Password: " + *password + "\n" : "";
}

std::string facts(const MeetingContext& context, const Meeting& meeting) {
  return "Meeting: " + meeting.options.title + "\n" + when(meeting) + "Join: " + join_url(context, meeting) +
         "\nCode: " + meeting.code + "\n" + password_line(context, meeting);
}

std::string google_line(const MeetingContext& context, const Meeting& meeting) {
  const auto url = google_calendar_url(context, meeting);
  return url ? "Add to Google Calendar: " + *url + "\n" : "";
}

void attach_calendar(const MeetingContext& context, const Meeting& meeting, const Invite& invite,
                     mail::CalendarMethod method, WallTime now, Mail& mail) {
  if (!meeting.options.scheduled_time) return;
  mail::CalendarEvent event = calendar_event(context, meeting, now);
  name_organizer(meeting, event);
  event.attendees.push_back({invite.user_name, invite.email});
  event.cancelled = method == mail::CalendarMethod::cancel;
  if (event.cancelled) ++event.sequence;  // RFC 5546 s2.1.4: a cancellation is a revision
  mail.calendar = mail::calendar_text(method, std::span(&event, 1));
  mail.calendar_method = mail::method_name(method);
}

}  // namespace

mail::CalendarEvent calendar_event(const MeetingContext& context, const Meeting& meeting, WallTime now) {
  mail::CalendarEvent event;
  event.uid = meeting.uuid + "@" + host_of(context.rules.public_url);
  event.sequence = static_cast<int>(meeting.calendar_sequence);
  event.stamp = now;
  event.start = *meeting.options.scheduled_time;
  event.duration = meeting.options.duration.value_or(kUsualDuration);
  event.summary = meeting.options.title;
  event.description = meeting.options.description;
  event.url = join_url(context, meeting);
  return event;
}

std::optional<std::string> google_calendar_url(const MeetingContext& context, const Meeting& meeting) {
  if (!meeting.options.scheduled_time) return std::nullopt;
  return mail::google_template_url(calendar_event(context, meeting, *meeting.options.scheduled_time));
}

void name_organizer(const Meeting& meeting, mail::CalendarEvent& event) {
  if (!meeting.host_email.empty()) event.organizer = mail::Mailbox{meeting.host_name, meeting.host_email};
}

Mail invitation_mail(const MeetingContext& context, const Meeting& meeting, const Invite& invite,
                     const std::string& message, WallTime now) {
  Mail mail{.to = invite.email, .subject = "Invitation: " + meeting.options.title, .text = {}};
  mail.text = meeting.host_name + " invites you to a meeting.\n\n" + (message.empty() ? "" : message + "\n\n") +
              facts(context, meeting) + google_line(context, meeting) +
              "\nAnswer the invitation: " + invite_url(context, invite) + "\n";
  attach_calendar(context, meeting, invite, mail::CalendarMethod::request, now, mail);
  return mail;
}

Mail update_mail(const MeetingContext& context, const Meeting& meeting, const Invite& invite, WallTime now) {
  Mail mail{.to = invite.email, .subject = "Changed: " + meeting.options.title, .text = {}};
  mail.text = "The meeting was changed.\n\n" + facts(context, meeting) + google_line(context, meeting) +
              "\nAnswer the invitation: " + invite_url(context, invite) + "\n";
  attach_calendar(context, meeting, invite, mail::CalendarMethod::request, now, mail);
  return mail;
}

Mail cancellation_mail(const MeetingContext& context, const Meeting& meeting, const Invite& invite, WallTime now) {
  Mail mail{.to = invite.email, .subject = "Cancelled: " + meeting.options.title, .text = {}};
  mail.text = "The meeting will not take place.\n\nMeeting: " + meeting.options.title + "\n" + when(meeting);
  attach_calendar(context, meeting, invite, mail::CalendarMethod::cancel, now, mail);
  return mail;
}

Mail reminder_mail(const MeetingContext& context, const Meeting& meeting, const std::string& address,
                   ReminderKind kind) {
  const bool soon = kind == ReminderKind::soon;
  return {.to = address,
          .subject = (soon ? "Reminder: " : "Starts now: ") + meeting.options.title,
          .text = (soon ? "The meeting starts soon.\n\n" : "The meeting starts now.\n\n") + facts(context, meeting)};
}

}  // namespace signaling::service
