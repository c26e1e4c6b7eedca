#include "turnd/control/body.h"

#include <algorithm>
#include <string>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

#include "turnd/control/text.h"

namespace turnd::control {
namespace {

namespace json = boost::json;

json::parse_options strict() {
  json::parse_options options;
  options.max_depth = kDeepestBody;
  return options;
}

// Collects the names of the outermost object's members: a json::object keeps only the last of two.
struct MemberNames {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<std::string> names;
  std::string part;
  int depth = 0;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return enter(); }
  bool on_object_end(std::size_t, json::error_code&) { return leave(); }
  bool on_array_begin(json::error_code&) { return enter(); }
  bool on_array_end(std::size_t, json::error_code&) { return leave(); }
  bool on_key_part(json::string_view text, std::size_t, json::error_code&) {
    part.append(text.data(), text.size());
    return true;
  }
  bool on_key(json::string_view text, std::size_t, json::error_code&) {
    part.append(text.data(), text.size());
    if (depth == 1) names.push_back(part);
    part.clear();
    return true;
  }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) { return true; }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool enter() {
    ++depth;
    return true;
  }
  bool leave() {
    --depth;
    return true;
  }
};

// Of a body that has been parsed once.
std::vector<std::string> member_names(std::string_view body) {
  json::basic_parser<MemberNames> parser(strict());
  json::error_code error;
  parser.write_some(false, body.data(), body.size(), error);
  return parser.handler().names;
}

}  // namespace

Parsed<json::object> parse_body(std::string_view body, std::span<const std::string_view> allowed) {
  if (body.empty()) return json::object{};
  json::error_code error;
  const json::value value = json::parse(body, error, {}, strict());
  if (error == json::error::too_deep)
    return bad_request("The body nests deeper than " + std::to_string(kDeepestBody) + " levels");
  if (error) return bad_request("The body is not one JSON value: " + error.message());
  if (!value.is_object()) return bad_request("The body is not a JSON object");
  std::vector<std::string> names = member_names(body);
  for (const std::string& name : names)
    if (std::ranges::find(allowed, name) == allowed.end())
      return bad_request("There is no member \"" + printable(name) + "\" here");
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    return bad_request("The member \"" + *twice + "\" is given twice");
  return value.as_object();
}

}  // namespace turnd::control
