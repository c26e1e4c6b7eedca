#include "signaling/state_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "turnd/base/hex.h"
#include "turnd/crypto/random.h"
#include "turnd/posix/private_file.h"

namespace signaling {
namespace {

using turnd::base::Secret;
using turnd::config::WorldError;

constexpr std::size_t kKeyBytes = 32;

std::string without_space_at_end(std::string text) {
  while (!text.empty() && std::strchr(" \t\r\n", text.back()) != nullptr) text.pop_back();
  return text;
}

// The letters of what examples write where a key belongs, such as "your-super-secret-jwt-key": everybody knows them.
bool is_placeholder(std::string_view key) {
  std::string letters;
  for (const char c : key)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      letters.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  const auto has = [&letters](std::string_view word) { return letters.find(word) != std::string::npos; };
  for (const std::string_view word : {"changeme", "changethis", "changeit", "replaceme", "replacethis", "placeholder"})
    if (has(word)) return true;
  const bool is_addressed = letters.starts_with("your") || letters.starts_with("insert");
  const bool is_named = has("secret") || has("key") || has("password") || has("token");
  return (is_addressed && is_named) || letters == "secret" || letters == "password" || letters == "example";
}

WorldError placeholder(const std::string& where) {
  return {where, "it is empty, or a placeholder of an example",
          "make a key of its own, such as with: openssl rand -hex 32"};
}

std::optional<std::string> read_whole(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file.is_open() || file.bad()) return std::nullopt;
  return std::move(text).str();
}

}  // namespace

std::optional<std::string> open_directory(const std::string& path) {
  const mode_t before = ::umask(0077);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  ::umask(before);
  if (error) return error.message();
  if (::access(path.c_str(), W_OK | X_OK) != 0) return std::generic_category().message(errno);
  return std::nullopt;
}

Secret load_or_make_key(const std::string& directory, const std::string& name, std::vector<std::string>& warnings) {
  const std::string path = directory + "/" + name;
  if (const auto text = read_whole(path))
    if (const std::string key = without_space_at_end(*text); key.size() >= kKeyBytes) return Secret(key);
  std::array<std::uint8_t, kKeyBytes> bytes{};
  turnd::crypto::system_random(bytes);
  const std::string key = turnd::base::to_hex(bytes);
  if (!turnd::posix::write_private_file(path, key + "\n"))
    warnings.push_back(path + ": cannot be written (" + std::generic_category().message(errno) +
                       "): the key is kept in memory, and a restart makes a new one");
  return Secret(key);
}

std::variant<Secret, WorldError> read_secret(const std::string& path) {
  const auto text = read_whole(path);
  if (!text)
    return WorldError{path, errno != 0 ? std::generic_category().message(errno) : "it cannot be read",
                      "make it readable for the user that signald runs as"};
  return Secret(without_space_at_end(*text));
}

std::variant<Secret, WorldError> read_key(const std::string& path) {
  auto key = read_secret(path);
  if (const auto* read = std::get_if<Secret>(&key);
      read != nullptr && (read->empty() || is_placeholder(read->reveal())))
    return placeholder(path);
  return key;
}

std::variant<Secret, WorldError> token_key(const config::Config& config, const std::string& state_directory,
                                           std::vector<std::string>& warnings) {
  if (const char* given = std::getenv("JWT_SECRET"); given != nullptr && *given != '\0') {
    if (is_placeholder(given)) return placeholder("JWT_SECRET");
    return Secret(given);
  }
  if (!config.auth.key_file.empty()) return read_key(config.auth.key_file);
  if (config.auth.algorithm == config::Algorithm::eddsa)
    return WorldError{"auth.key_file", "EdDSA needs a private key",
                      "make one with: openssl genpkey -algorithm ed25519 -out token.pem"};
  return load_or_make_key(state_directory, "token.key", warnings);
}

}  // namespace signaling
