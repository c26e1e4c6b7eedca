#include "signaling/service/recording_files.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "turnd/posix/file_descriptor.h"

namespace signaling::service {

namespace {

namespace fs = std::filesystem;
using turnd::posix::FileDescriptor;

constexpr std::size_t kCopyBytes = 1 << 20;

// SHA-256 of what passes by.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void add(const void* data, std::size_t size) { EVP_DigestUpdate(context_.get(), data, size); }
  [[nodiscard]] turnd::crypto::Sha256Digest finish() {
    turnd::crypto::Sha256Digest digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

FileError system_error(const std::string& what) { return {what + ": " + std::strerror(errno)}; }

bool write_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(to, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

// The bytes copied, or -1 with errno.
std::int64_t append(int to, const std::string& part, Digest& digest) {
  const FileDescriptor from(::open(part.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!from) return -1;
  std::vector<char> buffer(kCopyBytes);
  std::int64_t total = 0;
  for (;;) {
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) return total;
    digest.add(buffer.data(), static_cast<std::size_t>(got));
    if (!write_all(to, buffer.data(), static_cast<std::size_t>(got))) return -1;
    total += got;
  }
}

// "7.media", "7.parts": the recording's id, or nothing for what is none of them.
std::optional<std::int64_t> recording_of(const std::string& name) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (error != std::errc() || end == name.data() + name.size() || *end != '.') return std::nullopt;
  return id;
}

// Gone with the attempt, unless it got the recording's name before.
struct HalfFile {
  explicit HalfFile(std::string at) : path(std::move(at)) {}
  ~HalfFile() { ::unlink(path.c_str()); }
  HalfFile(const HalfFile&) = delete;
  HalfFile& operator=(const HalfFile&) = delete;

  const std::string path;
};

void make_private_folder(const fs::path& folder) {
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
}

}  // namespace

RecordingFiles::RecordingFiles(std::string folder) : folder_(std::move(folder)), uploads_(folder_ + "/uploads") {
  make_private_folder(folder_);
  make_private_folder(uploads_);
  // What a crash left half uploaded.
  for (const auto& entry : fs::directory_iterator(uploads_)) fs::remove(entry.path());
}

std::string RecordingFiles::parts_folder(std::int64_t recording_id) const {
  return folder_ + "/" + std::to_string(recording_id) + ".parts";
}

std::string RecordingFiles::path(std::int64_t recording_id) const {
  return folder_ + "/" + std::to_string(recording_id) + ".media";
}

std::string RecordingFiles::part_path(std::int64_t recording_id, std::int64_t part) const {
  std::error_code ignored;
  fs::create_directories(parts_folder(recording_id), ignored);
  fs::permissions(parts_folder(recording_id), fs::perms::owner_all, ignored);
  return parts_folder(recording_id) + "/" + std::to_string(part);
}

turnd::base::Result<JoinedFile, FileError> RecordingFiles::join(std::int64_t recording_id, std::int64_t parts) const {
  const HalfFile half(uploads_ + "/" + std::to_string(recording_id) + "." + std::to_string(++joins_) + ".half");
  const FileDescriptor out(::open(half.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!out) return system_error("cannot create the recording");
  Digest digest;
  JoinedFile joined;
  for (std::int64_t part = 1; part <= parts; ++part) {
    const auto bytes = append(out.get(), parts_folder(recording_id) + "/" + std::to_string(part), digest);
    if (bytes < 0) return system_error("cannot copy part " + std::to_string(part));
    joined.bytes += bytes;
  }
  if (::fsync(out.get()) != 0) return system_error("cannot write the recording");
  if (::rename(half.path.c_str(), path(recording_id).c_str()) != 0) return system_error("cannot name the recording");
  joined.sha256 = digest.finish();
  return joined;
}

void RecordingFiles::drop_parts(std::int64_t recording_id) const {
  std::error_code ignored;
  fs::remove_all(parts_folder(recording_id), ignored);
}

void RecordingFiles::remove(std::int64_t recording_id) const {
  std::error_code ignored;
  drop_parts(recording_id);
  fs::remove(path(recording_id), ignored);
}

void RecordingFiles::keep_only(const std::vector<std::int64_t>& recording_ids) const {
  std::vector<std::int64_t> orphans;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const auto id = recording_of(entry.path().filename().string());
    if (id && std::ranges::find(recording_ids, *id) == recording_ids.end()) orphans.push_back(*id);
  }
  for (const auto id : orphans) remove(id);
}

bool RunningJoins::add(std::int64_t recording_id) {
  const std::lock_guard lock(mutex_);
  return ids_.insert(recording_id).second;
}

void RunningJoins::remove(std::int64_t recording_id) {
  const std::lock_guard lock(mutex_);
  ids_.erase(recording_id);
}

bool JoinTurn::take(std::int64_t recording_id) {
  if (!taken_ && among_->add(recording_id)) taken_ = recording_id;
  return taken_ == recording_id;
}

void JoinTurn::end() {
  if (taken_) among_->remove(*taken_);
  taken_.reset();
}

}  // namespace signaling::service
