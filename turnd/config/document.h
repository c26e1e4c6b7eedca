// A configuration file as one YAML document: a map of keys, in UTF-8, nothing behind it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <yaml-cpp/yaml.h>

#include "turnd/config/problems.h"

namespace turnd::config {

// For the remedies: what the file should be, and how it could begin.
struct DocumentKind {
  std::string file;
  std::string first_line;
};

struct Document {
  YAML::Node root;                 // null for an empty file, a map otherwise
  std::optional<Problem> problem;  // then there is nothing more to say
};

[[nodiscard]] Document parse_document(std::string_view text, const DocumentKind& kind);

[[nodiscard]] std::variant<std::string, WorldError> read_configuration_file(const std::string& path);

}  // namespace turnd::config
