#include "turnd/store/state_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "turnd/base/hex.h"
#include "turnd/posix/private_file.h"

namespace turnd::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSecretBytes = 32;

bool make_directories(const std::string& path, std::string& why) {
  std::error_code error;
  const fs::path directory(path);
  if (directory.has_parent_path()) fs::create_directories(directory.parent_path(), error);
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return true;
  why = std::strerror(errno);
  return false;
}

}  // namespace

StateDirectory open_state_directory(const std::string& path) {
  StateDirectory directory{path, false, false, {}};
  if (!make_directories(path, directory.why_not)) return directory;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    directory.why_not = "it is no directory";
    return directory;
  }
  directory.others_can_read = (status.st_mode & 0007) != 0;
  directory.is_writable = ::access(path.c_str(), R_OK | W_OK | X_OK) == 0;
  if (!directory.is_writable) directory.why_not = std::strerror(errno);
  return directory;
}

std::optional<auth::NonceKey> load_nonce_key(const StateDirectory& directory, const base::RandomSource& random) {
  const std::string path = directory.path + "/nonce.key";
  auth::NonceKey key{};
  if (const auto file = read_file(path); file.text)
    if (const auto bytes = base::from_hex(*file.text); bytes && bytes->size() == key.size()) {
      std::ranges::copy(*bytes, key.begin());
      return key;
    }
  random(key);
  if (!posix::write_private_file(path, base::to_hex(key) + "\n")) return std::nullopt;
  return key;
}

std::optional<base::Secret> load_generated_secret(const StateDirectory& directory, const base::RandomSource& random) {
  const std::string path = directory.path + "/secret";
  auto file = read_file(path);
  if (file.text && !file.text->empty()) return base::Secret(std::move(*file.text));
  // There, but not for us to read: another one would end every credential that was handed out.
  std::error_code error;
  if (!file.text && fs::exists(path, error)) return std::nullopt;
  base::Secret secret = random_secret(random);
  if (!posix::write_private_file(path, std::string(secret.reveal()) + "\n")) return std::nullopt;
  return secret;
}

base::Secret random_secret(const base::RandomSource& random) {
  std::array<std::uint8_t, kSecretBytes> bytes{};
  random(bytes);
  return base::Secret(base::to_hex(bytes));
}

FileText read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file) return {std::nullopt, errno != 0 ? std::strerror(errno) : "it cannot be read"};
  text << file.rdbuf();
  if (file.bad() || fs::is_directory(path)) return {std::nullopt, "it cannot be read"};
  std::string content = text.str();
  if (content.ends_with('\n')) content.pop_back();
  if (content.ends_with('\r')) content.pop_back();
  return {std::move(content), {}};
}

}  // namespace turnd::store
