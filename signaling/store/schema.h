// Schema: the numbered steps that bring a database from nothing, or from an older signald, to what this one expects.
#pragma once

#include <span>

#include "signaling/store/stored_time.h"

namespace signaling::store {

class Connection;

// A step's number is its place, from 1. A step that was released is never edited: its checksum is in the database.
using Step = std::span<const char* const>;
struct Schema {
  std::span<const Step> steps;
};

[[nodiscard]] const Schema& main_schema();
[[nodiscard]] const Schema& events_schema();

// Takes the steps that are missing, all or none. Throws StorageError: `newer` when the database is beyond the last
// step, `corrupt` when a step it took is not the one we have.
void migrate(Connection& connection, const Schema& schema, WallTime now);

}  // namespace signaling::store
