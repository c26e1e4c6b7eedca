#include "signaling/api/static_files.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "turnd/base/bytes.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/hash.h"

namespace signaling::api {
namespace {

constexpr std::uintmax_t kLargestFile = 16 * 1024 * 1024;
constexpr std::string_view kIndex = "/index.html";
constexpr std::string_view kNoClient =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>signald</title>\n<h1>signald</h1>\n"
    "<p>The server runs, without its web client: this build has none. The API is described at "
    "<a href=\"/api\">/api</a>.</p>\n</html>\n";

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml"},
}};

std::string type_of(std::string_view name) {
  for (const auto& [ending, type] : kTypes)
    if (name.ends_with(ending)) return std::string(type);
  return "application/octet-stream";
}

std::string tag_of(std::string_view content) {
  return '"' + turnd::base::to_hex(turnd::crypto::sha256({turnd::base::as_bytes(content)})).substr(0, 32) + '"';
}

std::string read(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(content).str();
}

bool has_dot_in_last_segment(std::string_view path) {
  return path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
}

}  // namespace

StaticFiles StaticFiles::load(const std::string& directory) {
  namespace fs = std::filesystem;
  StaticFiles all;
  std::error_code error;
  for (fs::recursive_directory_iterator each(directory, error), end; !error && each != end; each.increment(error)) {
    if (!each->is_regular_file(error) || each->file_size(error) > kLargestFile) continue;
    std::string path = "/" + each->path().lexically_relative(directory).generic_string();
    const bool is_brotli = path.ends_with(".br");
    const bool is_gzip = path.ends_with(".gz");
    if (is_brotli || is_gzip) path.resize(path.size() - 3);
    File& file = all.files_[path];
    (is_brotli ? file.brotli : is_gzip ? file.gzip : file.plain) = net::share(read(each->path()));
  }
  std::erase_if(all.files_, [](const auto& entry) { return entry.second.plain == nullptr; });
  all.has_client_ = all.files_.contains(kIndex);
  if (!all.has_client_) all.files_[std::string(kIndex)].plain = net::share(std::string(kNoClient));
  for (auto& [path, file] : all.files_) {
    file.type = type_of(path);
    file.tag = tag_of(*file.plain);
    file.is_immutable = path.starts_with("/assets/");
  }
  return all;
}

std::optional<net::Response> StaticFiles::find(const net::Request& request, std::string_view path) const {
  if (const auto file = files_.find(path); file != files_.end()) return answer(request, file->second);
  if (has_dot_in_last_segment(path)) return std::nullopt;
  return answer(request, files_.find(kIndex)->second);
}

net::Response StaticFiles::answer(const net::Request& request, const File& file) {
  net::Response response;
  auto& fields = response.fields;
  fields.emplace_back("ETag", file.tag);
  fields.emplace_back("Cache-Control", file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  fields.emplace_back("Vary", "Accept-Encoding, Origin");
  if (request.fields.has_token("If-None-Match", file.tag)) {
    response.status = 304;
    return response;
  }
  fields.emplace_back("Content-Type", file.type);
  if (file.brotli && request.fields.has_token("Accept-Encoding", "br")) {
    fields.emplace_back("Content-Encoding", "br");
    response.body = file.brotli;
  } else if (file.gzip && request.fields.has_token("Accept-Encoding", "gzip")) {
    fields.emplace_back("Content-Encoding", "gzip");
    response.body = file.gzip;
  } else {
    response.body = file.plain;
  }
  return response;
}

}  // namespace signaling::api
