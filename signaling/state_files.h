// The files of the state directory besides the databases: the key of the tokens and the key that seals meeting
// passwords.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "signaling/config/config.h"
#include "turnd/base/secret.h"
#include "turnd/config/problems.h"

namespace signaling {

// Makes a directory and its parents (0700) when it is missing. Not nullopt: why it cannot be used.
[[nodiscard]] std::optional<std::string> open_directory(const std::string& path);

// Reads DIRECTORY/NAME, or makes it: 32 random bytes as hex, written beside, synced and renamed, 0600. When it can be
// neither read nor written the key lives in memory, and a warning says so.
[[nodiscard]] turnd::base::Secret load_or_make_key(const std::string& directory, const std::string& name,
                                                   std::vector<std::string>& warnings);

// A secret's file without the white space at its end.
[[nodiscard]] std::variant<turnd::base::Secret, turnd::config::WorldError> read_secret(const std::string& path);
// The same for a key of ours: refused when it is empty, or what an example puts in a key's place ("change-me...").
[[nodiscard]] std::variant<turnd::base::Secret, turnd::config::WorldError> read_key(const std::string& path);

// C1: $JWT_SECRET, auth.key_file, or a key of its own in the state directory.
[[nodiscard]] std::variant<turnd::base::Secret, turnd::config::WorldError> token_key(
    const config::Config& config, const std::string& state_directory, std::vector<std::string>& warnings);

}  // namespace signaling
