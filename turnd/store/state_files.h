// The files of the state directory besides the database: the nonce key and the generated secret.
#pragma once

#include <optional>
#include <string>

#include "turnd/auth/nonce.h"
#include "turnd/base/random_source.h"
#include "turnd/base/secret.h"

namespace turnd::store {

struct StateDirectory {
  std::string path;
  bool is_writable = false;
  bool others_can_read = false;  // an existing directory keeps its mode; the operator is warned
  std::string why_not;           // not writable: the reason
};

// Makes it (0700, parents included) when it is missing.
[[nodiscard]] StateDirectory open_state_directory(const std::string& path);

// Reads the file, or makes it: written beside, synced and renamed, 0600. nullopt: neither works.
[[nodiscard]] std::optional<auth::NonceKey> load_nonce_key(const StateDirectory& directory,
                                                           const base::RandomSource& random);
[[nodiscard]] std::optional<base::Secret> load_generated_secret(const StateDirectory& directory,
                                                                const base::RandomSource& random);

// 32 random bytes as 64 hex digits.
[[nodiscard]] base::Secret random_secret(const base::RandomSource& random);

// A secret's file without its last newline; nullopt with the reason in `why`.
struct FileText {
  std::optional<std::string> text;
  std::string why;
};
[[nodiscard]] FileText read_file(const std::string& path);

}  // namespace turnd::store
