#include "signaling/protocol/json_text.h"

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>
#include <utility>

#include "signaling/protocol/json_scanner.h"
#include "turnd/base/utf8.h"

namespace signaling::protocol {
namespace {

// Looked at before anything is built: Boost bounds the depth alone, and members cost more than their text.
bool has_too_many_members(std::string_view text) {
  JsonScanner scan(text);
  scan.skip_space();
  return !scan.value(kMaxJsonDepth) && scan.error() == JsonError::too_many_members;
}

}  // namespace

std::string_view to_string(JsonError error) {
  switch (error) {
    case JsonError::malformed:
      return "not valid JSON";
    case JsonError::not_utf8:
      return "not valid UTF-8";
    case JsonError::too_deep:
      return "nested too deeply";
    case JsonError::too_many_members:
      return "an object of too many members";
    case JsonError::not_an_object:
      return "not a JSON object";
  }
  return "";
}

turnd::base::Result<boost::json::value, JsonError> parse_json(std::string_view text) {
  if (has_too_many_members(text)) return JsonError::too_many_members;
  boost::json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error, {}, options);
  if (!error) return value;
  if (error == boost::json::error::too_deep) return JsonError::too_deep;
  return turnd::base::is_utf8(text) ? JsonError::malformed : JsonError::not_utf8;
}

turnd::base::Result<boost::json::object, JsonError> parse_json_object(std::string_view text) {
  auto value = parse_json(text);
  if (!value) return value.error();
  if (!value->is_object()) return JsonError::not_an_object;
  return std::move(value->get_object());
}

}  // namespace signaling::protocol
