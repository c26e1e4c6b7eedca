#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <iostream>
#include <iterator>
#include <variant>

#include "turnctl/commands.h"
#include "turnd/config/load_config.h"
#include "turnd/config/value.h"
#include "turnd/preflight/check.h"

namespace turnctl {
namespace {

namespace config = turnd::config;
namespace json = boost::json;

constexpr const char* kDefaultFile = "/etc/turnd/turnd.yaml";

struct Verdict {
  std::vector<std::string> warnings;
  std::vector<config::Problem> problems;
  std::optional<config::WorldError> error;

  [[nodiscard]] int exit_status() const { return error ? kUnreachable : problems.empty() ? kDone : kRefused; }
};

Verdict check(const std::string& file) {
  auto read = config::load_config(file, config::MaskedSecrets::accept);
  if (const auto* error = std::get_if<config::WorldError>(&read)) return {{}, {}, *error};
  auto& loaded = std::get<config::Loaded>(read);
  if (!loaded.problems.empty()) return {{}, std::move(loaded.problems), {}};
  turnd::preflight::Findings found = turnd::preflight::check(loaded.config);
  config::add_lines(file, found.problems);
  std::ranges::move(found.warnings, std::back_inserter(loaded.warnings));
  return {std::move(loaded.warnings), std::move(found.problems), std::move(found.error)};
}

// turnd --check-config prints the same.
void print_lines(const std::string& file, const Verdict& verdict) {
  for (const config::Problem& problem : verdict.problems) std::cerr << config::to_line(file, problem) << "\n";
  for (const std::string& warning : verdict.warnings) std::cerr << "warning: " << warning << "\n";
  if (verdict.error) std::cerr << config::to_line(*verdict.error) << "\n";
  if (verdict.exit_status() == kDone) std::cout << file << ": ok\n";
}

json::object to_json(const config::Problem& problem) {
  return {{"line", problem.line == 0 ? json::value(nullptr) : json::value(problem.line)},
          {"key", problem.key},
          {"value", problem.value},
          {"problem", problem.problem},
          {"remedy", problem.remedy}};
}

void print_document(const std::string& file, const Verdict& verdict) {
  json::array problems;
  for (const config::Problem& problem : verdict.problems) problems.push_back(to_json(problem));
  if (verdict.error)
    problems.push_back(to_json({0, {}, {}, verdict.error->what + ": " + verdict.error->why, verdict.error->remedy}));
  print_json(json::object{{"file", file},
                          {"problems", std::move(problems)},
                          {"warnings", json::array(verdict.warnings.begin(), verdict.warnings.end())}});
}

config::Value to_value(const json::value& value) {
  if (const bool* flag = value.if_bool()) return *flag;
  if (const auto* integer = value.if_int64()) return *integer;
  if (const auto* text = value.if_string()) return std::string(*text);
  if (const auto* array = value.if_array()) {
    config::List list;
    for (const json::value& item : *array) list.push_back(to_value(item));
    return list;
  }
  if (const auto* object = value.if_object()) {
    config::Map map;
    for (const auto& [key, member] : *object) map.emplace_back(key, to_value(member));
    return map;
  }
  return value.is_null() ? config::Value() : config::Value(cell(value));
}

}  // namespace

int check_config(const Context& context, const std::optional<std::string>& file) {
  const std::string path = file.value_or(kDefaultFile);
  const Verdict verdict = check(path);
  if (context.json())
    print_document(path, verdict);
  else
    print_lines(path, verdict);
  return verdict.exit_status();
}

int show_config(const Context& context) {
  return run_request(context, {"GET", "/v1/config"},
                     [](const json::object& reply) { std::cout << config::to_yaml(to_value(reply)) << std::flush; });
}

}  // namespace turnctl
