#include "turnd/admin/openapi.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <boost/json/parse.hpp>

namespace turnd::admin {
namespace {

namespace json = boost::json;

json::object reference(std::string_view schema) { return {{"$ref", "#/components/schemas/" + std::string(schema)}}; }

json::object content(std::string_view type, json::object schema) {
  return {{type, json::object{{"schema", std::move(schema)}}}};
}

std::string_view media_type(std::string_view reply) {
  if (reply == "Event") return "application/x-ndjson";
  return reply == "Metrics" ? "text/plain" : "application/json";
}

// What a parameter of a query means; the same everywhere.
json::object query_schema(std::string_view name) {
  if (name == "limit") return {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 100}};
  if (name == "kill") return {{"type", "boolean"}, {"default", false}};
  if (name == "transport") return {{"type", "string"}, {"enum", json::array{"udp", "tcp", "tls", "dtls"}}};
  return {{"type", "string"}};
}

std::string_view query_description(std::string_view name) {
  if (name == "user") return "The whole USERNAME, or the part after the first colon of an ephemeral one";
  if (name == "peer") return "An address, or address:port, that has a permission or channel";
  if (name == "limit") return "How many items at most";
  if (name == "cursor") return "Where to go on: `next` of the part before";
  if (name == "since") return "Ended at or after: RFC 3339 or Unix seconds";
  if (name == "until") return "Ended before: RFC 3339 or Unix seconds";
  if (name == "kill") return "Also end the sessions that were made with it";
  if (name == "address") return "An IP address or address:port";
  if (name == "transport") return "How the client reaches the server";
  return "";
}

bool is_required(const Route& route, std::string_view name) {
  return name == "address" || (name == "user" && route.method == Method::del);
}

json::array parameters(const Route& route) {
  json::array all;
  if (const std::size_t open = route.pattern.find('{'); open != std::string_view::npos) {
    const std::string_view name = route.pattern.substr(open + 1, route.pattern.find('}') - open - 1);
    all.push_back(
        json::object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
  }
  for (const std::string_view name : route.parameters)
    all.push_back(json::object{{"name", name},
                               {"in", "query"},
                               {"required", is_required(route, name)},
                               {"description", query_description(name)},
                               {"schema", query_schema(name)}});
  return all;
}

json::object responses(const Route& route) {
  json::object all;
  all[std::to_string(route.document.status)] =
      json::object{{"description", route.document.summary},
                   {"content", content(media_type(route.document.reply), reference(route.document.reply))}};
  if (route.pattern == "/readyz")
    all["503"] = json::object{{"description", "The server is draining or stopping"},
                              {"content", content("application/json", reference("Health"))}};
  all["default"] = json::object{{"description", "Refused or failed"},
                                {"content", content("application/problem+json", reference("Problem"))}};
  return all;
}

json::object operation(const Route& route) {
  json::object described{{"summary", route.document.summary}};
  if (json::array all = parameters(route); !all.empty()) described["parameters"] = std::move(all);
  if (!route.document.request.empty())
    described["requestBody"] =
        json::object{{"content", content("application/json", reference(route.document.request))}};
  described["responses"] = responses(route);
  return described;
}

std::string key_of(Method method) {
  std::string key(to_string(method));
  std::ranges::transform(key, key.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return key;
}

}  // namespace

json::object openapi_document(std::span<const Route> routes) {
  json::object paths;
  for (const Route& route : routes) {
    json::value& path = paths.emplace(route.pattern, json::object()).first->value();
    path.as_object()[key_of(route.method)] = operation(route);
  }
  return {{"openapi", "3.1.0"},
          {"info", json::object{{"title", "turnd control API"},
                                {"version", TURND_VERSION},
                                {"description",
                                 "HTTP/1.1 with JSON over the control socket. /healthz, /readyz and /metrics "
                                 "answer on the metrics address too."},
                                {"license", json::object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", json::array{json::object{{"url", "http://localhost"}, {"description", "The control socket"}}}},
          {"paths", std::move(paths)},
          {"components", json::object{{"schemas", json::parse(json::string_view(openapi_schemas()))}}}};
}

}  // namespace turnd::admin
