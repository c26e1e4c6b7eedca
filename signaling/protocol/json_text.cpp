#include "signaling/protocol/json_text.h"

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>
#include <utility>

#include "turnd/base/utf8.h"

namespace signaling::protocol {

std::string_view to_string(JsonError error) {
  switch (error) {
    case JsonError::malformed:
      return "not valid JSON";
    case JsonError::not_utf8:
      return "not valid UTF-8";
    case JsonError::too_deep:
      return "nested too deeply";
    case JsonError::not_an_object:
      return "not a JSON object";
  }
  return "";
}

turnd::base::Result<boost::json::value, JsonError> parse_json(std::string_view text) {
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
