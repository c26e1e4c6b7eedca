#include "signaling/service/recordings.h"

#include <algorithm>
#include <cctype>

#include "signaling/service/identity_columns.h"
#include "turnd/base/hex.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

namespace {

constexpr std::int64_t kMostParts = 100'000;
constexpr std::size_t kLongestMime = 100;
constexpr std::int64_t kMostExpired = 100;
// How long after its end the parts of a recording may begin to come.
constexpr std::chrono::minutes kUploadBegins{10};

const std::string kSelect =
    "SELECT r.id, r.meeting_id, r.started_by, r.status, coalesce(r.mime, ''), coalesce(r.bytes, (SELECT"
    " coalesce(sum(p.bytes), 0) FROM recording_parts p WHERE p.recording_id = r.id)), r.duration_s, r.sha256,"
    " r.started_at FROM recordings r WHERE (r.status IN ('uploading', 'ready')"
    " OR r.status = 'recording' AND r.ended_at IS NULL) AND ";

Recording read_recording(const store::Row& row) {
  Recording made;
  made.id = row.get<std::int64_t>(0);
  made.meeting_id = row.get<std::int64_t>(1);
  made.started_by = row.get<std::optional<std::int64_t>>(2);
  made.is_running = row.get<std::string>(3) == "recording";
  made.is_ready = row.get<std::string>(3) == "ready";
  made.mime = row.get<std::string>(4);
  made.bytes = row.get<std::int64_t>(5);
  made.duration_s = row.get<std::optional<std::int64_t>>(6);
  if (!row.is_null(7)) made.sha256 = turnd::base::to_hex(row.get<turnd::base::Bytes>(7));
  made.created_at = row.get<WallTime>(8);
  return made;
}

std::optional<Recording> find_recording(store::Connection& db, std::int64_t meeting_id, std::int64_t id) {
  static const std::string sql = kSelect + "r.meeting_id = ?1 AND r.id = ?2";
  return db.one(read_recording, sql, meeting_id, id);
}

// "video/webm;codecs=vp8,opus": what goes into a header again, so nothing that a header cannot hold.
bool is_recordable(std::string_view mime) {
  const bool known = mime.starts_with("video/") || mime.starts_with("audio/");
  return known && mime.size() > 6 && mime.size() <= kLongestMime && std::ranges::all_of(mime, [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) ||
                  std::string_view("/-.+;=, \"_").find(c) != std::string::npos;
         });
}

bool may_upload(store::Connection& db, const Meeting& meeting, const Identity& who) {
  if (standing_of(db, meeting, who) != Standing::none) return true;
  return meeting.options.is_recorded && who.is_account() && seat_of(db, meeting.id, who).has_value();
}

bool may_watch(store::Connection& db, const Meeting& meeting, const Identity& who) {
  if (standing_of(db, meeting, who) != Standing::none) return true;
  return meeting.options.allow_recording_access && who.is_account() && took_part(db, meeting.id, who) &&
         !is_banned(db, meeting.id, who);
}

protocol::Outcome<Meeting> meeting_of(store::Connection& db, const Identity& who, std::string_view name) {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  return meeting_for(db, who, name);
}

std::optional<protocol::Failure> takes_no_parts(const Recording& recording) {
  if (recording.is_ready) return failure(ErrorCode::conflict, "The recording is complete");
  if (recording.is_running) return failure(ErrorCode::conflict, "Its parts were not announced");
  return std::nullopt;
}

void end_running_in(store::Connection& db, std::int64_t meeting_id, WallTime now) {
  db.execute(
      "UPDATE recordings SET ended_at = ?2, duration_s = (?2 - started_at) / 1000"
      " WHERE meeting_id = ?1 AND ended_at IS NULL AND status IN ('recording', 'uploading')",
      meeting_id, now);
}

// Started over a socket, and no part of it announced yet.
std::optional<std::int64_t> started_by(store::Connection& db, std::int64_t meeting_id, const Identity& who,
                                       WallTime now) {
  if (!who.is_account()) return std::nullopt;
  return db.value<std::int64_t>(
      "SELECT id FROM recordings WHERE meeting_id = ?1 AND started_by = ?2 AND status = 'recording'"
      " AND (ended_at IS NULL OR ended_at > ?3) ORDER BY id DESC LIMIT 1",
      meeting_id, who.user_id, now - kUploadBegins);
}

Event recording_event(std::string name, const Meeting& meeting, const Identity& who) {
  return {Level::info, "meeting-service", std::move(name), who.username, {{"meeting_id", meeting.uuid}}};
}

}  // namespace

protocol::Outcome<Done> Recordings::start(store::Connection& db, const Identity& who, std::string_view meeting,
                                          WallTime now, Effects& effects) const {
  const auto found = hosted_by(db, who, meeting);
  if (!found) return found.error();
  if (found->status == MeetingStatus::ended) return failure(ErrorCode::meeting_ended);
  if (db.exists("SELECT 1 FROM recordings WHERE meeting_id = ?1 AND status = 'recording' AND ended_at IS NULL",
                found->id))
    return Done{};
  db.insert("INSERT INTO recordings(meeting_id, started_by, started_at, status) VALUES (?1, ?2, ?3, 'recording')",
            found->id, who.is_account() ? std::optional(who.user_id) : std::nullopt, now);
  effects.events.push_back(recording_event("recording_started", *found, who));
  return Done{};
}

protocol::Outcome<Done> Recordings::stop(store::Connection& db, const Identity& who, std::string_view meeting,
                                         WallTime now, Effects& effects) const {
  const auto found = hosted_by(db, who, meeting);
  if (!found) return found.error();
  end_running_in(db, found->id, now);
  effects.events.push_back(recording_event("recording_stopped", *found, who));
  return Done{};
}

void Recordings::end_running(store::Connection& db, std::string_view meeting, WallTime now) {
  if (const auto found = find_meeting(db, meeting)) end_running_in(db, found->id, now);
}

protocol::Outcome<Recording> Recordings::begin(store::Connection& db, const Identity& who, std::string_view meeting,
                                               const std::string& mime, WallTime now) const {
  const auto found = meeting_of(db, who, meeting);
  if (!found) return found.error();
  if (!may_upload(db, *found, who)) return failure(ErrorCode::forbidden);
  if (!is_recordable(mime)) return protocol::bad_field("mime", "must be a video or audio type");
  if (const auto started = started_by(db, found->id, who, now)) {
    db.execute("UPDATE recordings SET status = 'uploading', storage = 'file', mime = ?2 WHERE id = ?1", *started, mime);
    return *find_recording(db, found->id, *started);
  }
  const auto id = db.insert(
      "INSERT INTO recordings(meeting_id, started_by, started_at, mime, storage, status)"
      " VALUES (?1, ?2, ?3, ?4, 'file', 'uploading')",
      found->id, account_column(who), now, mime);
  return *find_recording(db, found->id, id);
}

protocol::Outcome<Recording> Recordings::writable(store::Connection& db, const Identity& who, std::string_view meeting,
                                                  std::int64_t recording_id) const {
  const auto found = meeting_of(db, who, meeting);
  if (!found) return found.error();
  auto recording = find_recording(db, found->id, recording_id);
  const bool is_hosts = standing_of(db, *found, who) != Standing::none;
  const bool is_his = recording && recording->started_by && who.is_person(*recording->started_by);
  if (!is_hosts && !is_his) return failure(ErrorCode::forbidden);
  if (!recording) return failure(ErrorCode::not_found, "No such recording");
  return std::move(*recording);
}

protocol::Outcome<Recording> Recordings::add_part(store::Connection& db, const Identity& who, std::string_view meeting,
                                                  std::int64_t recording_id, std::int64_t part,
                                                  std::int64_t bytes) const {
  auto recording = writable(db, who, meeting, recording_id);
  if (!recording) return recording.error();
  if (auto refused = takes_no_parts(*recording)) return std::move(*refused);
  if (part < 1 || part > kMostParts) return failure(ErrorCode::not_found, "Parts are numbered from 1");
  if (limits_.part_bytes > 0 && bytes > limits_.part_bytes) return failure(ErrorCode::too_large);
  const auto others =
      db.value<std::int64_t>(
            "SELECT coalesce(sum(bytes), 0) FROM recording_parts WHERE recording_id = ?1 AND part <> ?2", recording_id,
            part)
          .value_or(0);
  if (limits_.most_bytes > 0 && others + bytes > limits_.most_bytes) return failure(ErrorCode::too_large);
  db.execute("INSERT OR REPLACE INTO recording_parts(recording_id, part, bytes) VALUES (?1, ?2, ?3)", recording_id,
             part, bytes);
  return recording;
}

protocol::Outcome<CompletePlan> Recordings::plan_complete(store::Connection& db, const Identity& who,
                                                          std::string_view meeting, std::int64_t recording_id,
                                                          std::optional<std::int64_t> parts) const {
  const auto recording = writable(db, who, meeting, recording_id);
  if (!recording) return recording.error();
  if (auto refused = takes_no_parts(*recording)) return std::move(*refused);
  const auto highest =
      db.value<std::int64_t>("SELECT coalesce(max(part), 0) FROM recording_parts WHERE recording_id = ?1", recording_id)
          .value_or(0);
  const auto count =
      db.value<std::int64_t>("SELECT count(*) FROM recording_parts WHERE recording_id = ?1", recording_id).value_or(0);
  if (count == 0 || count != highest || (parts && *parts != count)) {
    return failure(ErrorCode::conflict, "A part is missing");
  }
  return CompletePlan{*recording, count};
}

protocol::Outcome<Recording> Recordings::complete(store::Connection& db, std::int64_t recording_id,
                                                  const JoinedFile& file, std::optional<std::int64_t> duration_s,
                                                  WallTime now) const {
  db.execute(
      "UPDATE recordings SET status = 'ready', bytes = ?2, sha256 = ?3, duration_s = coalesce(?4, duration_s),"
      " ended_at = coalesce(ended_at, ?5) WHERE id = ?1",
      recording_id, file.bytes, file.sha256, duration_s, now);
  db.execute("DELETE FROM recording_parts WHERE recording_id = ?1", recording_id);
  static const std::string sql = kSelect + "r.id = ?1";
  const auto recording = db.one(read_recording, sql, recording_id);
  if (!recording) return failure(ErrorCode::not_found, "The recording was deleted meanwhile");
  return *recording;
}

protocol::Outcome<std::vector<Recording>> Recordings::list(store::Connection& db, const Identity& who,
                                                           std::string_view meeting) const {
  const auto found = meeting_of(db, who, meeting);
  if (!found) return found.error();
  if (!may_watch(db, *found, who)) return failure(ErrorCode::forbidden);
  static const std::string sql = kSelect + "r.meeting_id = ?1 ORDER BY r.id";
  return db.all(read_recording, sql, found->id);
}

protocol::Outcome<Recording> Recordings::get(store::Connection& db, const Identity& who, std::string_view meeting,
                                             std::int64_t recording_id) const {
  const auto found = meeting_of(db, who, meeting);
  if (!found) return found.error();
  if (!may_watch(db, *found, who)) return failure(ErrorCode::forbidden);
  const auto recording = find_recording(db, found->id, recording_id);
  if (!recording || !recording->is_ready) return failure(ErrorCode::not_found, "No such recording");
  return *recording;
}

protocol::Outcome<Recording> Recordings::remove(store::Connection& db, const Identity& who, std::string_view meeting,
                                                std::int64_t recording_id, Effects& effects) const {
  auto recording = writable(db, who, meeting, recording_id);
  if (!recording) return recording.error();
  db.execute("DELETE FROM recordings WHERE id = ?1", recording_id);
  effects.dropped_recordings.push_back(recording_id);
  return recording;
}

std::vector<std::int64_t> Recordings::ids(store::Connection& db) {
  return db.all([](const store::Row& row) { return row.get<std::int64_t>(0); }, "SELECT id FROM recordings");
}

bool Recordings::expire(store::Connection& db, WallTime before, Effects& effects) {
  const auto old = db.all([](const store::Row& row) { return row.get<std::int64_t>(0); },
                          "SELECT id FROM recordings WHERE started_at < ?1 ORDER BY id LIMIT ?2", before, kMostExpired);
  for (const auto id : old) {
    db.execute("DELETE FROM recordings WHERE id = ?1", id);
    effects.dropped_recordings.push_back(id);
  }
  return static_cast<std::int64_t>(old.size()) == kMostExpired;
}

}  // namespace signaling::service
