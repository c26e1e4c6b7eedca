#include <algorithm>
#include <charconv>
#include <optional>

#include "signaling/net/http.h"

namespace signaling::net {
namespace {

struct Phrase {
  unsigned status;
  std::string_view text;
};
constexpr Phrase kPhrases[] = {{101, "Switching Protocols"},
                               {200, "OK"},
                               {201, "Created"},
                               {202, "Accepted"},
                               {204, "No Content"},
                               {206, "Partial Content"},
                               {301, "Moved Permanently"},
                               {302, "Found"},
                               {304, "Not Modified"},
                               {400, "Bad Request"},
                               {401, "Unauthorized"},
                               {403, "Forbidden"},
                               {404, "Not Found"},
                               {405, "Method Not Allowed"},
                               {406, "Not Acceptable"},
                               {408, "Request Timeout"},
                               {409, "Conflict"},
                               {410, "Gone"},
                               {413, "Content Too Large"},
                               {415, "Unsupported Media Type"},
                               {416, "Range Not Satisfiable"},
                               {422, "Unprocessable Content"},
                               {423, "Locked"},
                               {426, "Upgrade Required"},
                               {429, "Too Many Requests"},
                               {431, "Request Header Fields Too Large"},
                               {500, "Internal Server Error"},
                               {501, "Not Implemented"},
                               {503, "Service Unavailable"},
                               {505, "HTTP Version Not Supported"}};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};
enum class Asked : std::uint8_t { whole, part, impossible };

// RFC 9110 s14.1.2: "bytes=a-b", "bytes=a-", "bytes=-n". Anything else, several ranges included, asks for the whole.
Asked read_range(std::string_view text, std::uint64_t size, Range& range) {
  constexpr std::string_view kUnit = "bytes=";
  if (!text.starts_with(kUnit)) return Asked::whole;
  text.remove_prefix(kUnit.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.find(',') != std::string_view::npos) return Asked::whole;
  const auto first = number(text.substr(0, dash));
  const auto last = number(text.substr(dash + 1));
  if (dash == 0) {
    if (!last) return Asked::whole;
    if (*last == 0 || size == 0) return Asked::impossible;
    range = {size - std::min(*last, size), size - 1};
    return Asked::part;
  }
  if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first)) return Asked::whole;
  if (*first >= size) return Asked::impossible;
  range = {*first, std::min(last.value_or(size - 1), size - 1)};
  return Asked::part;
}

}  // namespace

std::string_view reason_phrase(unsigned status) {
  for (const Phrase& phrase : kPhrases)
    if (phrase.status == status) return phrase.text;
  return "Unknown";
}

Response file_response(const Request& request, std::string path, std::uint64_t size) {
  Response response;
  response.fields.emplace_back("Accept-Ranges", "bytes");
  Range range;
  switch (read_range(request.fields.find("Range"), size, range)) {
    case Asked::whole:
      response.body = FileBody{std::move(path), 0, size};
      return response;
    case Asked::impossible:
      response.status = 416;
      response.fields.emplace_back("Content-Range", "bytes */" + std::to_string(size));
      return response;
    case Asked::part:
      break;
  }
  response.status = 206;
  response.fields.emplace_back("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                                    std::to_string(range.last) + "/" + std::to_string(size));
  response.body = FileBody{std::move(path), range.first, range.last - range.first + 1};
  return response;
}

}  // namespace signaling::net
