// HTTP as values: what a client asked, and what answers it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "signaling/net/shared_text.h"
#include "signaling/net/timer_wheel.h"
#include "turnd/base/endpoint.h"

namespace signaling::net {

namespace base = turnd::base;

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
[[nodiscard]] std::string_view to_string(Method method);  // "GET"; other: "OTHER"

// Header fields in the order of arrival, in one allocation for their text.
class Fields {
 public:
  void add(std::string_view name, std::string_view value);
  // The first of that name, without regard to case; empty when there is none.
  [[nodiscard]] std::string_view find(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  // All of that name, joined with commas.
  [[nodiscard]] std::string joined(std::string_view name) const;
  // Whether a comma-separated field (all lines of it) has this token, without regard to case.
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] std::pair<std::string_view, std::string_view> at(std::size_t index) const;

 private:
  struct Place {
    std::uint32_t name_at, name_size, value_at, value_size;
  };
  std::string text_;
  std::vector<Place> places_;
};

// A body that was written to a file while it came. The file goes when this does, unless it was kept.
class UploadedFile {
 public:
  // A new file in `directory`, 0600; null when it cannot be made.
  [[nodiscard]] static std::unique_ptr<UploadedFile> create(const std::string& directory);
  ~UploadedFile();
  UploadedFile(const UploadedFile&) = delete;
  UploadedFile& operator=(const UploadedFile&) = delete;

  [[nodiscard]] bool append(std::string_view bytes);
  [[nodiscard]] bool keep_as(const std::string& path);  // renames, replacing what is there
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  UploadedFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_;
  std::string path_;
  std::uint64_t size_ = 0;
};

struct Request {
  Method method = Method::get;
  std::string target;  // in origin form, percent encoding as sent
  Fields fields;
  std::string body;                    // empty when `file` has it
  std::unique_ptr<UploadedFile> file;  // when BodyPlan asked for it
  base::Endpoint peer;                 // the socket's
  base::IpAddress client;              // the peer, or whom a trusted proxy names (C6)
  bool is_secure = false;              // TLS here or, as a trusted proxy says, in front
  TimePoint received{};                // when its head was complete

  [[nodiscard]] std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  [[nodiscard]] std::string_view query() const;  // without the question mark
};

// A file, or the part of it that a Range asks for.
struct FileBody {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct Response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>>
      fields;               // no Content-Length, Date, Connection: those are the server's
  SharedText fixed_fields;  // further lines, each with its CRLF, the same for many answers
  std::variant<std::string, SharedText, FileBody> body;
  bool close = false;  // the connection ends with it

  [[nodiscard]] std::uint64_t body_size() const;
};
[[nodiscard]] std::string_view reason_phrase(unsigned status);

// Answers a request for a file of `size` bytes: 200, 206 or 416, with Accept-Ranges. Only one range is honoured.
[[nodiscard]] Response file_response(const Request& request, std::string path, std::uint64_t size);

}  // namespace signaling::net
