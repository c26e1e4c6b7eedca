// Recordings: what browsers recorded of a meeting and upload in parts; who may upload and who may read (M21, M22).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/meetings.h"
#include "turnd/crypto/hash.h"

namespace signaling::service {

struct Recording {
  std::int64_t id = 0;
  std::int64_t meeting_id = 0;
  std::optional<std::int64_t> started_by;
  bool is_running = false;  // somebody's browser records, and nothing of it has come yet
  bool is_ready = false;    // else parts are still coming
  std::string mime;
  std::int64_t bytes = 0;
  std::optional<std::int64_t> duration_s;
  std::string sha256;  // hex; empty until it is ready
  WallTime created_at;
};

struct RecordingLimits {
  std::int64_t most_bytes = std::int64_t{2} << 30;  // of one recording; 0: unlimited
  std::int64_t part_bytes = std::int64_t{8} << 20;
};

// What the parts become: checked, and yet to be joined by RecordingFiles.
struct CompletePlan {
  Recording recording;
  std::int64_t parts = 0;
};
struct JoinedFile {
  std::int64_t bytes = 0;
  turnd::crypto::Sha256Digest sha256{};
};

// Failures of all: unauthenticated, meeting_not_found, forbidden, not_found for a recording of another meeting.
class Recordings {
 public:
  explicit Recordings(RecordingLimits limits) : limits_(limits) {}

  // A host's browser begins to record, and ends it; over and over is once.
  protocol::Outcome<Done> start(store::Connection& db, const Identity& who, std::string_view meeting, WallTime now,
                                Effects& effects) const;
  protocol::Outcome<Done> stop(store::Connection& db, const Identity& who, std::string_view meeting, WallTime now,
                               Effects& effects) const;
  // Whoever recorded has gone.
  static void end_running(store::Connection& db, std::string_view meeting, WallTime now);

  // Parts will come: of what this person started to record, or of a recording of his own. bad_request for what is
  // neither video nor audio.
  protocol::Outcome<Recording> begin(store::Connection& db, const Identity& who, std::string_view meeting,
                                     const std::string& mime, WallTime now) const;
  // Whether this part may come; too_large when the sum would be. conflict once it is complete.
  protocol::Outcome<Recording> add_part(store::Connection& db, const Identity& who, std::string_view meeting,
                                        std::int64_t recording_id, std::int64_t part, std::int64_t bytes) const;
  // conflict when a part is missing: parts 1 to the highest, or to `parts`.
  protocol::Outcome<CompletePlan> plan_complete(store::Connection& db, const Identity& who, std::string_view meeting,
                                                std::int64_t recording_id, std::optional<std::int64_t> parts) const;
  // The parts are one file now.
  protocol::Outcome<Recording> complete(store::Connection& db, std::int64_t recording_id, const JoinedFile& file,
                                        std::optional<std::int64_t> duration_s, WallTime now) const;

  protocol::Outcome<std::vector<Recording>> list(store::Connection& db, const Identity& who,
                                                 std::string_view meeting) const;
  // not_found until it is ready.
  protocol::Outcome<Recording> get(store::Connection& db, const Identity& who, std::string_view meeting,
                                   std::int64_t recording_id) const;
  // By who uploaded it, and hosts.
  protocol::Outcome<Recording> remove(store::Connection& db, const Identity& who, std::string_view meeting,
                                      std::int64_t recording_id, Effects& effects) const;
  // Of all that there are.
  [[nodiscard]] static std::vector<std::int64_t> ids(store::Connection& db);
  // What is older than retention.recordings. True: there is more.
  static bool expire(store::Connection& db, WallTime before, Effects& effects);

  [[nodiscard]] const RecordingLimits& limits() const { return limits_; }

 private:
  protocol::Outcome<Recording> writable(store::Connection& db, const Identity& who, std::string_view meeting,
                                        std::int64_t recording_id) const;

  RecordingLimits limits_;
};

}  // namespace signaling::service
