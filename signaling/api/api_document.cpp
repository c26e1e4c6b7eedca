#include "signaling/api/api_document.h"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace signaling::api {
namespace {

// YAML leaves it to the reader what a plain scalar is; what is quoted is text.
boost::json::value scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return boost::json::value(text);
  if (text == "true" || text == "false") return text == "true";
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error == std::errc{} && end == text.data() + text.size()) return whole;
  double number = 0;
  const auto [last, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault == std::errc{} && last == text.data() + text.size()) return number;
  return boost::json::value(text);
}

boost::json::value to_json(const YAML::Node& node) {
  if (node.IsScalar()) return scalar(node);
  if (node.IsSequence()) {
    boost::json::array list;
    for (const YAML::Node& item : node) list.push_back(to_json(item));
    return list;
  }
  if (!node.IsMap()) return nullptr;
  boost::json::object map;
  for (const auto& entry : node) map[entry.first.Scalar()] = to_json(entry.second);
  return map;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

bool is_method(std::string_view key) {
  return key == "get" || key == "post" || key == "put" || key == "patch" || key == "delete";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string text_of(const boost::json::object& from, std::string_view key) {
  const boost::json::value* found = from.if_contains(key);
  return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

template <class Visit>
void for_each_operation(const boost::json::object& tree, const Visit& visit) {
  const boost::json::value* paths = tree.if_contains("paths");
  if (!paths || !paths->is_object()) return;
  for (const auto& [path, item] : paths->as_object()) {
    if (!item.is_object()) continue;
    for (const auto& [key, operation] : item.as_object())
      if (is_method(key) && operation.is_object()) visit(upper(key), std::string(path), operation.as_object());
  }
}

std::string page_of(const boost::json::object& tree) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>signald API</title>\n<h1>signald API</h1>\n"
      "<p>As a document: <a href=\"/api/openapi.json\">openapi.json</a>, <a href=\"/api-yaml\">openapi.yaml</a>.</p>\n"
      "<table>\n<thead><tr><th>Method</th><th>Path</th><th>What</th></tr></thead>\n<tbody>\n";
  for_each_operation(tree, [&](const std::string& method, const std::string& path, const boost::json::object& what) {
    page += "<tr><td>" + method + "</td><td><code>" + escaped(path) + "</code></td><td>" +
            escaped(text_of(what, "summary")) + "</td></tr>\n";
  });
  return page + "</tbody>\n</table>\n</html>\n";
}

}  // namespace

ApiDocument::ApiDocument(std::string_view yaml) : yaml_(net::share(std::string(yaml))) {
  const boost::json::value tree = to_json(YAML::Load(std::string(yaml)));
  if (!tree.is_object()) throw std::runtime_error("the API document is no map");
  tree_ = tree.as_object();
  json_ = net::share(boost::json::serialize(tree_));
  page_ = net::share(page_of(tree_));
}

std::vector<std::pair<std::string, std::string>> ApiDocument::operations() const {
  std::vector<std::pair<std::string, std::string>> all;
  for_each_operation(tree_, [&](const std::string& method, const std::string& path, const boost::json::object&) {
    all.emplace_back(method, path);
  });
  return all;
}

}  // namespace signaling::api
