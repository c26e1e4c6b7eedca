// StaticFiles: the pages of the web client, from a directory of built files, kept in memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/net/http.h"

namespace signaling::api {

// Immutable once loaded. `name.br` and `name.gz` beside a file are its compressed forms. Files under assets/ carry a
// hash of their content in their name and may be kept for ever.
class StaticFiles {
 public:
  // A directory without index.html gives one page that says so.
  [[nodiscard]] static StaticFiles load(const std::string& directory);

  // `path` as in the request. nullopt: no such file, and no page either, because its last segment has a dot (R3).
  [[nodiscard]] std::optional<net::Response> find(const net::Request& request, std::string_view path) const;
  [[nodiscard]] bool has_client() const { return has_client_; }
  [[nodiscard]] std::size_t size() const { return files_.size(); }

 private:
  struct File {
    net::SharedText plain, brotli, gzip;
    std::string type;
    std::string tag;  // ETag
    bool is_immutable = false;
  };
  [[nodiscard]] static net::Response answer(const net::Request& request, const File& file);

  std::map<std::string, File, std::less<>> files_;  // by path, "/index.html"
  bool has_client_ = false;
};

}  // namespace signaling::api
