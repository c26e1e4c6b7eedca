// RecordingFiles: the parts of recordings and the files they become, in a folder that only signald reads.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "signaling/service/recordings.h"
#include "turnd/base/result.h"

namespace signaling::service {

struct FileError {
  std::string why;
};

// Blocks on the disk: not for the threads of the loop. Different recordings may be worked on at the same time.
class RecordingFiles {
 public:
  // Creates the folder, 0700, or closes it to others. Throws std::filesystem::filesystem_error.
  explicit RecordingFiles(std::string folder);

  // Where uploads arrive; on the same file system, so that keeping one is a rename.
  [[nodiscard]] const std::string& uploads() const { return uploads_; }
  // Where this part belongs; its folder exists then.
  [[nodiscard]] std::string part_path(std::int64_t recording_id, std::int64_t part) const;
  // Parts 1 to `parts` become one file, on the disk when this returns. May be repeated after a failure;
  // by one at a time.
  [[nodiscard]] turnd::base::Result<JoinedFile, FileError> join(std::int64_t recording_id, std::int64_t parts) const;
  // The parts that join() copied; what was joined stays.
  void drop_parts(std::int64_t recording_id) const;
  [[nodiscard]] std::string path(std::int64_t recording_id) const;
  void remove(std::int64_t recording_id) const;
  // Files of recordings that are none of these go: their rows went with an account, or before a crash.
  void keep_only(const std::vector<std::int64_t>& recording_ids) const;

 private:
  [[nodiscard]] std::string parts_folder(std::int64_t recording_id) const;

  std::string folder_, uploads_;
  mutable std::atomic<std::uint64_t> joins_ = 0;  // names of what is half joined
};

// The recordings that are being joined: each by one at a time. Thread-safe.
class RunningJoins {
 public:
  // False: it is there.
  [[nodiscard]] bool add(std::int64_t recording_id);
  void remove(std::int64_t recording_id);

 private:
  std::mutex mutex_;
  std::set<std::int64_t> ids_;  // guarded by it
};

// The right to join one recording, of one attempt; it ends with it at the latest. Used by one thread at a time.
class JoinTurn {
 public:
  explicit JoinTurn(std::shared_ptr<RunningJoins> among) : among_(std::move(among)) {}
  ~JoinTurn() { end(); }
  JoinTurn(const JoinTurn&) = delete;
  JoinTurn& operator=(const JoinTurn&) = delete;

  // False: somebody else has it. Asking again changes nothing.
  [[nodiscard]] bool take(std::int64_t recording_id);
  void end();

 private:
  const std::shared_ptr<RunningJoins> among_;
  std::optional<std::int64_t> taken_;
};

}  // namespace signaling::service
