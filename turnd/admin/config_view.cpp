#include "turnd/admin/config_view.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace turnd::admin {
namespace {

namespace json = boost::json;

struct ToJson {
  json::value operator()(std::nullptr_t) const { return nullptr; }
  json::value operator()(bool value) const { return value; }
  json::value operator()(std::int64_t value) const { return value; }
  json::value operator()(const std::string& value) const { return json::value(value); }
  json::value operator()(const config::List& list) const {
    json::array array;
    for (const config::Value& item : list) array.push_back(to_json(item));
    return array;
  }
  json::value operator()(const config::Map& map) const {
    json::object object;
    for (const auto& [key, value] : map) object[key] = to_json(value);
    return object;
  }
};

}  // namespace

json::value to_json(const config::Value& value) { return std::visit(ToJson{}, value.variant()); }

std::vector<control::Change> to_control(const std::vector<config::Change>& changes) {
  std::vector<control::Change> view;
  for (const config::Change& change : changes)
    view.push_back({change.key, change.from, change.to, std::string(to_string(change.effect))});
  return view;
}

std::vector<control::ConfigurationError> to_control(const std::vector<config::Problem>& problems) {
  std::vector<control::ConfigurationError> view;
  for (const config::Problem& problem : problems) {
    control::ConfigurationError error{{}, problem.key, problem.value, problem.problem, problem.remedy};
    if (problem.line > 0) error.line = problem.line;
    view.push_back(std::move(error));
  }
  return view;
}

}  // namespace turnd::admin
