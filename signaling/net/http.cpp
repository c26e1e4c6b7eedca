#include "signaling/net/http.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace signaling::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "OTHER";
  }
  return "";
}

void Fields::add(std::string_view name, std::string_view value) {
  if (text_.empty()) {
    text_.reserve(512);
    places_.reserve(16);
  }
  const auto at = static_cast<std::uint32_t>(text_.size());
  const auto name_size = static_cast<std::uint32_t>(name.size());
  places_.push_back({at, name_size, at + name_size, static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

std::pair<std::string_view, std::string_view> Fields::at(std::size_t index) const {
  const Place& place = places_[index];
  const std::string_view text(text_);
  return {text.substr(place.name_at, place.name_size), text.substr(place.value_at, place.value_size)};
}

std::string_view Fields::find(std::string_view name) const {
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (places_[i].name_size == name.size() && same_without_case(at(i).first, name)) return at(i).second;
  return {};
}

std::size_t Fields::count(std::string_view name) const {
  std::size_t found = 0;
  for (std::size_t i = 0; i < places_.size(); ++i) found += same_without_case(at(i).first, name) ? 1 : 0;
  return found;
}

std::string Fields::joined(std::string_view name) const {
  std::string all;
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (const auto [found, value] = at(i); same_without_case(found, name))
      all.append(all.empty() ? "" : ",").append(value);
  return all;
}

bool Fields::has_token(std::string_view name, std::string_view token) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    auto [found, rest] = at(i);
    if (!same_without_case(found, name)) continue;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (same_without_case(trimmed(rest.substr(0, comma)), token)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

std::string_view Request::query() const {
  const std::size_t question = target.find('?');
  return question == std::string::npos ? std::string_view() : std::string_view(target).substr(question + 1);
}

std::uint64_t Response::body_size() const {
  if (const auto* file = std::get_if<FileBody>(&body)) return file->length;
  if (const auto* shared = std::get_if<SharedText>(&body)) return *shared ? (*shared)->size() : 0;
  return std::get<std::string>(body).size();
}

std::unique_ptr<UploadedFile> UploadedFile::create(const std::string& directory) {
  std::string path = directory + "/.upload-XXXXXX";
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  return std::unique_ptr<UploadedFile>(new UploadedFile(descriptor, std::move(path)));
}

UploadedFile::~UploadedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!path_.empty()) (void)::unlink(path_.c_str());
}

bool UploadedFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  return true;
}

// Again once it is kept: the job that keeps it may run a second time (store::Database).
bool UploadedFile::keep_as(const std::string& path) {
  if (path_.empty()) return true;
  if (std::rename(path_.c_str(), path.c_str()) != 0) return false;
  path_.clear();
  return true;
}

}  // namespace signaling::net
