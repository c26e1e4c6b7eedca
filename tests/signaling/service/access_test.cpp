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
void invited_and_right(Candidate& c) { c.invited = true, c.password = PasswordProof::right; }
void banned_and_wrong(Candidate& c) { c.banned = true, c.password = PasswordProof::wrong; }
void approved_and_banned(Candidate& c) { c.approved = true, c.banned = true; }
void approved_guest(Candidate& c) { c.approved = true, c.guest = true; }

INSTANTIATE_TEST_SUITE_P(Plain, AccessTest,
                         testing::Values(Row{"anybody enters an open meeting", open, anybody, Verdict::admitted},
                                         Row{"a guest enters an open meeting", open, guest, Verdict::admitted},
                                         Row{"a seat is left", one_seat_left, anybody, Verdict::admitted},
                                         Row{"the host enters an open meeting", open, host, Verdict::admitted}));

INSTANTIATE_TEST_SUITE_P(Ended, AccessTest,
                         testing::Values(Row{"over for anybody", ended, anybody, Verdict::meeting_ended},
                                         Row{"over for the host", ended, host, Verdict::meeting_ended},
                                         Row{"over for the banned", ended, banned, Verdict::meeting_ended},
                                         Row{"over before locked", both(ended, locked), anybody,
                                             Verdict::meeting_ended}));

INSTANTIATE_TEST_SUITE_P(Locked_M1, AccessTest,
                         testing::Values(Row{"stops anybody", locked, anybody, Verdict::meeting_locked},
                                         Row{"stops the invited", locked, invited, Verdict::meeting_locked},
                                         Row{"stops the approved", locked, approved, Verdict::meeting_locked},
                                         Row{"not the host", locked, host, Verdict::admitted},
                                         Row{"not a co-host", locked, co_host, Verdict::admitted},
                                         Row{"not who is present", locked, present, Verdict::admitted},
                                         Row{"before banned (G30)", locked, banned, Verdict::meeting_locked},
                                         Row{"before full (G30)", both(locked, full), anybody,
                                             Verdict::meeting_locked}));

INSTANTIATE_TEST_SUITE_P(Banned_M13, AccessTest,
                         testing::Values(Row{"is forbidden", open, banned, Verdict::forbidden},
                                         Row{"is forbidden to a co-host", open, banned_co_host, Verdict::forbidden},
                                         Row{"outlasts an approval", open, approved_and_banned, Verdict::forbidden},
                                         Row{"before full (G30)", full, banned, Verdict::forbidden},
                                         Row{"before the password (G30)", password, banned_and_wrong,
                                             Verdict::forbidden}));

INSTANTIATE_TEST_SUITE_P(Guests_M9, AccessTest,
                         testing::Values(Row{"are forbidden when not allowed", no_guests, guest, Verdict::forbidden},
                                         Row{"are forbidden though approved", no_guests, approved_guest,
                                             Verdict::forbidden},
                                         Row{"accounts are not concerned", no_guests, anybody, Verdict::admitted}));

INSTANTIATE_TEST_SUITE_P(Full_M1, AccessTest,
                         testing::Values(Row{"stops anybody", full, anybody, Verdict::meeting_full},
                                         Row{"stops a co-host", full, co_host, Verdict::meeting_full},
                                         Row{"stops the approved", full, approved, Verdict::meeting_full},
                                         Row{"not the host", full, host, Verdict::admitted},
                                         Row{"not who sits already (M6)", full, present, Verdict::admitted},
                                         Row{"before the password (G30)", both(full, password), wrong,
                                             Verdict::meeting_full}));

INSTANTIATE_TEST_SUITE_P(Password_M8, AccessTest,
                         testing::Values(Row{"missing", password, anybody, Verdict::password_required},
                                         Row{"wrong", password, wrong, Verdict::password_wrong},
                                         Row{"right", password, right, Verdict::admitted},
                                         Row{"after too many tries", password, throttled, Verdict::rate_limited},
                                         Row{"the host is not asked", password, host, Verdict::admitted},
                                         Row{"a co-host is not asked", password, co_host, Verdict::admitted},
                                         Row{"the approved are not asked", password, approved, Verdict::admitted},
                                         Row{"the present are not asked", password, present, Verdict::admitted},
                                         Row{"the invited are asked", password, invited, Verdict::password_required},
                                         Row{"before not invited (G30)", both(members_only, password), wrong,
                                             Verdict::password_wrong},
                                         Row{"a wrong one where none is set", open, wrong, Verdict::admitted}));

INSTANTIATE_TEST_SUITE_P(Private_M2, AccessTest,
                         testing::Values(Row{"strangers stay out", members_only, anybody, Verdict::not_invited},
                                         Row{"guests stay out", members_only, guest, Verdict::not_invited},
                                         Row{"the invited enter", members_only, invited, Verdict::admitted},
                                         Row{"the invited with the password enter", both(members_only, password),
                                             invited_and_right, Verdict::admitted},
                                         Row{"strangers with the password stay out", both(members_only, password),
                                             right, Verdict::not_invited},
                                         Row{"strangers do not get as far as the waiting room",
                                             both(members_only, lobby), anybody, Verdict::not_invited}));

INSTANTIATE_TEST_SUITE_P(
    Waiting_M3, AccessTest,
    testing::Values(
        Row{"for approval", approval, anybody, Verdict::waiting, WaitReason::approval_required},
        Row{"for approval, though invited", approval, invited, Verdict::waiting, WaitReason::approval_required},
        Row{"in the waiting room", lobby, anybody, Verdict::waiting, WaitReason::waiting_room},
        Row{"the invited too", both(members_only, lobby), invited, Verdict::waiting, WaitReason::waiting_room},
        Row{"approval comes first", both(approval, lobby), anybody, Verdict::waiting, WaitReason::approval_required},
        Row{"the approved are in", both(approval, lobby), approved, Verdict::admitted},
        Row{"for the start", not_yet, anybody, Verdict::waiting, WaitReason::not_started},
        Row{"the waiting room comes before the start", both(not_yet, lobby), anybody, Verdict::waiting,
            WaitReason::waiting_room},
        Row{"a host starts it", not_yet, host, Verdict::admitted},
        Row{"a co-host starts it", not_yet, co_host, Verdict::admitted},
        Row{"with join_before_host nobody waits (M4)", early_birds, anybody, Verdict::admitted},
        Row{"with join_before_host the waiting room still holds", both(early_birds, lobby), anybody, Verdict::waiting,
            WaitReason::waiting_room}));

INSTANTIATE_TEST_SUITE_P(Denied_G36, AccessTest,
                         testing::Values(Row{"stays out", lobby, denied, Verdict::request_denied},
                                         Row{"stays out of an open meeting", open, denied, Verdict::request_denied},
                                         Row{"after the password", password, denied, Verdict::password_required}));

INSTANTIATE_TEST_SUITE_P(AtOnce, AccessTest,
                         testing::Values(Row{"the host passes everything", everything, host, Verdict::admitted},
                                         Row{"a stranger meets the lock first", everything, anybody,
                                             Verdict::meeting_locked}));

}  // namespace
}  // namespace signaling::service
