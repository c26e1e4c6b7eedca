#include "signaling/service/access.h"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signaling::service {

void PrintTo(const Decision& decision, std::ostream* out) {
  *out << "verdict " << static_cast<int>(decision.verdict) << ", reason "
       << (decision.reason ? static_cast<int>(*decision.reason) : -1);
}

namespace {

using Meeting = std::function<void(MeetingState&)>;
using Person = std::function<void(Candidate&)>;

struct Row {
  std::string name;
  Meeting meeting;
  Person who;
  Verdict verdict;
  std::optional<WaitReason> reason = std::nullopt;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class AccessTest : public testing::TestWithParam<Row> {};

TEST_P(AccessTest, DecidesAsTheTableSays) {
  MeetingState meeting;
  Candidate who;
  GetParam().meeting(meeting);
  GetParam().who(who);

  EXPECT_EQ(decide(meeting, who), (Decision{GetParam().verdict, GetParam().reason}));
}

// Meetings.
void open(MeetingState&) {}
void ended(MeetingState& m) { m.status = MeetingStatus::ended; }
void locked(MeetingState& m) { m.locked = true; }
void full(MeetingState& m) { m.seats_taken = m.max_participants = 2; }
void one_seat_left(MeetingState& m) { m.seats_taken = 1, m.max_participants = 2; }
void no_guests(MeetingState& m) { m.guests_allowed = false; }
void password(MeetingState& m) { m.has_password = true; }
void members_only(MeetingState& m) { m.access = AccessType::invited_only; }
void approval(MeetingState& m) { m.access = AccessType::approval_required; }
void lobby(MeetingState& m) { m.waiting_room = true; }
void hostless(MeetingState& m) { m.host_present = false; }
void not_yet(MeetingState& m) { m.status = MeetingStatus::waiting; }
Meeting both(Meeting a, Meeting b) {
  return [a, b](MeetingState& m) { a(m), b(m); };
}
void early_birds(MeetingState& m) { m.status = MeetingStatus::waiting, m.join_before_host = true; }
void everything(MeetingState& m) {
  m = {.status = MeetingStatus::waiting,
       .access = AccessType::approval_required,
       .locked = true,
       .has_password = true,
       .waiting_room = true,
       .guests_allowed = false,
       .seats_taken = 9,
       .max_participants = 9};
}

// People.
void anybody(Candidate&) {}
void guest(Candidate& c) { c.guest = true; }
void host(Candidate& c) { c.standing = Standing::host; }
void co_host(Candidate& c) { c.standing = Standing::co_host; }
void banned(Candidate& c) { c.banned = true; }
void banned_co_host(Candidate& c) { c.standing = Standing::co_host, c.banned = true; }
void present(Candidate& c) { c.present = true; }
void invited(Candidate& c) { c.invited = true; }
void approved(Candidate& c) { c.approved = true; }
void denied(Candidate& c) { c.denied = true; }
void wrong(Candidate& c) { c.password = PasswordProof::wrong; }
void right(Candidate& c) { c.password = PasswordProof::right; }
void throttled(Candidate& c) { c.password = PasswordProof::throttled; }
void unchecked(Candidate& c) { c.password = PasswordProof::unchecked; }
void invited_and_right(Candidate& c) { c.invited = true, c.password = PasswordProof::right; }
void banned_and_wrong(Candidate& c) { c.banned = true, c.password = PasswordProof::wrong; }
void approved_and_banned(Candidate& c) { c.approved = true, c.banned = true; }
void approved_guest(Candidate& c) { c.approved = true, c.guest = true; }

using enum Verdict;
using enum WaitReason;

// What the row shows, the meeting, who comes, the decision.
const std::vector<Row> kTable{
    {"Plain: anybody enters an open meeting", open, anybody, admitted},
    {"Plain: a guest enters an open meeting", open, guest, admitted},
    {"Plain: a seat is left", one_seat_left, anybody, admitted},
    {"Plain: the host enters an open meeting", open, host, admitted},
    {"Ended: over for anybody", ended, anybody, meeting_ended},
    {"Ended: over for the host", ended, host, meeting_ended},
    {"Ended: over for the banned", ended, banned, meeting_ended},
    {"Ended: over before locked", both(ended, locked), anybody, meeting_ended},
    {"Locked M1: stops anybody", locked, anybody, meeting_locked},
    {"Locked M1: stops the invited", locked, invited, meeting_locked},
    {"Locked M1: stops the approved", locked, approved, meeting_locked},
    {"Locked M1: not the host", locked, host, admitted},
    {"Locked M1: not a co-host", locked, co_host, admitted},
    {"Locked M1: not who is present", locked, present, admitted},
    {"Locked M1: before banned (G30)", locked, banned, meeting_locked},
    {"Locked M1: before full (G30)", both(locked, full), anybody, meeting_locked},
    {"Banned M13: is forbidden", open, banned, forbidden},
    {"Banned M13: is forbidden to a co-host", open, banned_co_host, forbidden},
    {"Banned M13: outlasts an approval", open, approved_and_banned, forbidden},
    {"Banned M13: before full (G30)", full, banned, forbidden},
    {"Banned M13: before the password (G30)", password, banned_and_wrong, forbidden},
    {"Guests M9: are forbidden when not allowed", no_guests, guest, forbidden},
    {"Guests M9: are forbidden though approved", no_guests, approved_guest, forbidden},
    {"Guests M9: accounts are not concerned", no_guests, anybody, admitted},
    {"Full M1: stops anybody", full, anybody, meeting_full},
    {"Full M1: stops a co-host", full, co_host, meeting_full},
    {"Full M1: stops the approved", full, approved, meeting_full},
    {"Full M1: not the host", full, host, admitted},
    {"Full M1: not who sits already (M6)", full, present, admitted},
    {"Full M1: before the password (G30)", both(full, password), wrong, meeting_full},
    {"Password M8: missing", password, anybody, password_required},
    {"Password M8: wrong", password, wrong, password_wrong},
    {"Password M8: right", password, right, admitted},
    {"Password M8: after too many tries", password, throttled, rate_limited},
    {"Password: after too many of everybody a host decides", password, unchecked, waiting, waiting_room},
    {"Password: but strangers stay out of a private meeting", both(members_only, password), unchecked, not_invited},
    {"Password M8: the host is not asked", password, host, admitted},
    {"Password M8: a co-host is not asked", password, co_host, admitted},
    {"Password M8: the approved are not asked", password, approved, admitted},
    {"Password M8: the present are not asked", password, present, admitted},
    {"Password M8: the invited are asked", password, invited, password_required},
    {"Password M8: before not invited (G30)", both(members_only, password), wrong, password_wrong},
    {"Password M8: a wrong one where none is set", open, wrong, admitted},
    {"Private M2: strangers stay out", members_only, anybody, not_invited},
    {"Private M2: guests stay out", members_only, guest, not_invited},
    {"Private M2: the invited enter", members_only, invited, admitted},
    {"Private M2: the invited with the password enter", both(members_only, password), invited_and_right, admitted},
    {"Private M2: strangers with the password stay out", both(members_only, password), right, not_invited},
    {"Private M2: strangers do not get as far as the waiting room", both(members_only, lobby), anybody, not_invited},
    {"Waiting M3: for approval", approval, anybody, waiting, approval_required},
    {"Waiting M3: for approval, though invited", approval, invited, waiting, approval_required},
    {"Waiting M3: in the waiting room", lobby, anybody, waiting, waiting_room},
    {"Waiting M3: where nobody can let him in", both(lobby, hostless), anybody, waiting, host_absent},
    {"Waiting M3: where nobody can approve him", both(approval, hostless), anybody, waiting, host_absent},
    {"Waiting M3: for no host where none is needed", hostless, anybody, admitted},
    {"Waiting M3: the invited too", both(members_only, lobby), invited, waiting, waiting_room},
    {"Waiting M3: approval comes first", both(approval, lobby), anybody, waiting, approval_required},
    {"Waiting M3: the approved are in", both(approval, lobby), approved, admitted},
    {"Waiting M3: for the start", not_yet, anybody, waiting, not_started},
    {"Waiting M3: the waiting room comes before the start", both(not_yet, lobby), anybody, waiting, waiting_room},
    {"Waiting M3: a host starts it", not_yet, host, admitted},
    {"Waiting M3: a co-host starts it", not_yet, co_host, admitted},
    {"Waiting M3: with join_before_host nobody waits (M4)", early_birds, anybody, admitted},
    {"Waiting M3: with join_before_host the waiting room still holds", both(early_birds, lobby), anybody, waiting,
     waiting_room},
    {"Denied G36: stays out", lobby, denied, request_denied},
    {"Denied G36: stays out of an open meeting", open, denied, request_denied},
    {"Denied G36: after the password", password, denied, password_required},
    {"AtOnce: the host passes everything", everything, host, admitted},
    {"AtOnce: a stranger meets the lock first", everything, anybody, meeting_locked},
};
INSTANTIATE_TEST_SUITE_P(Table, AccessTest, testing::ValuesIn(kTable));

}  // namespace
}  // namespace signaling::service
