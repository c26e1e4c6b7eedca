// ApiDocument: the OpenAPI description of the API, in each of the forms that are asked for.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "signaling/net/shared_text.h"

namespace signaling::api {

// The document as it was written (openapi.yaml).
extern const std::string_view kOpenapiYaml;

class ApiDocument {
 public:
  // Throws std::runtime_error for a text that is no YAML map: only before anything is served.
  explicit ApiDocument(std::string_view yaml);

  [[nodiscard]] const boost::json::object& tree() const { return tree_; }
  [[nodiscard]] const net::SharedText& yaml() const { return yaml_; }
  [[nodiscard]] const net::SharedText& json() const { return json_; }
  [[nodiscard]] const net::SharedText& page() const { return page_; }  // HTML, without scripts
  // ("GET", "/api/users/{id}") of every operation.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> operations() const;

 private:
  boost::json::object tree_;
  net::SharedText yaml_, json_, page_;
};

}  // namespace signaling::api
