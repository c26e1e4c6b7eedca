// The tables of signald's two databases, as SQL: one file for each group of them.
//
// Times are INTEGER milliseconds since 1970 (UTC), truth values INTEGER 0 or 1, JSON is TEXT that json_valid accepts.
#pragma once

namespace signaling::store {

extern const char* const kAccountsTables;
extern const char* const kChatTables;
extern const char* const kMeetingsTables;
extern const char* const kSiteTables;
extern const char* const kEventsTables;
extern const char* const kFewerChatIndexes;
extern const char* const kLeanEvents;
extern const char* const kLeanPresence;
extern const char* const kLeanStays;
extern const char* const kChatRetention;
extern const char* const kEventCursors;
extern const char* const kOutboxIndexes;
extern const char* const kPresenceByState;
extern const char* const kClearedUntilSwept;
extern const char* const kStaysByMeeting;
extern const char* const kNotificationsOfMeetings;

}  // namespace signaling::store
