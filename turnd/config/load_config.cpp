#include "turnd/config/load_config.h"

#include <utility>

#include "turnd/config/document.h"
#include "turnd/config/sections.h"
#include "turnd/config/yaml_reader.h"

namespace turnd::config {
namespace {

Loaded refused(Problem problem) {
  Loaded loaded;
  loaded.problems.push_back(std::move(problem));
  return loaded;
}

void read_root(MapReader& root, Reading& reading) {
  read_text(root, "realm", reading.config.realm);
  if (reading.config.realm.size() > 127) {
    root.problems().add(*root.find("realm"), "is longer than 127 characters", "use a host or domain name");
  } else if (const auto realm = root.find("realm"); realm && realm->is_scalar() && reading.config.realm.empty()) {
    root.problems().add(*realm, "is empty", "use a host or domain name, or leave the key out");
  }
  read_listen(root, reading);
  read_relay(root, reading);
  read_tls(root, reading);
  read_auth(root, reading);
  read_peers(root, reading);
  read_limits(root, reading);
  read_operation(root, reading);
  read_later_features(root, reading);
  root.finish();
}

// The line of a dotted path; a key may hold dots itself. 0: it is not there.
int line_of(const YAML::Node& node, std::string_view path) {
  if (!node.IsMap()) return 0;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar() || !path.starts_with(entry.first.Scalar())) continue;
    const std::string_view rest = path.substr(entry.first.Scalar().size());
    if (rest.empty()) return entry.first.Mark().line + 1;
    if (rest.front() != '.') continue;
    if (const int line = line_of(entry.second, rest.substr(1)); line != 0) return line;
  }
  return 0;
}

// Combinations that no single section sees.
void check_together(MapReader& root, Reading& reading) {
  // Without a good listener there is nothing to say; what is no list has been told.
  if (!reading.config.tls.certificate.empty() || reading.config.listen.empty()) return;
  const auto needs_tls = [](base::Transport transport) {
    return transport == base::Transport::tls || transport == base::Transport::dtls;
  };
  const auto items = root.list("listen");
  for (const Field& item : items)
    for (const net::Listen& listen : reading.config.listen)
      if (needs_tls(listen.transport) && net::to_string(listen) == item.text())
        root.problems().add(item, "needs a certificate", "set tls.certificate and tls.key, or take this line out");
}

}  // namespace

Loaded parse_config(std::string_view text, MaskedSecrets masked) {
  Document document = parse_document(text, {.file = "turnd.yaml", .first_line = "realm: example.org"});
  if (document.problem) return refused(std::move(*document.problem));
  Loaded loaded;
  if (document.root.IsNull()) return loaded;  // an empty file is the defaults
  Problems problems;
  Reading reading{loaded.config, loaded.warnings, masked};
  MapReader root(document.root, "", problems);
  read_root(root, reading);
  check_together(root, reading);
  loaded.problems = problems.take();
  return loaded;
}

void add_lines(const std::string& path, std::vector<Problem>& problems) {
  YAML::Node document;
  try {
    document.reset(YAML::LoadFile(path));
  } catch (const YAML::Exception&) {
    return;  // changed since it was loaded: then no line would be right
  }
  for (Problem& problem : problems)
    if (problem.line == 0) problem.line = line_of(document, problem.key);
}

std::variant<Loaded, WorldError> load_config(const std::string& path, MaskedSecrets masked) {
  auto text = read_configuration_file(path);
  if (auto* error = std::get_if<WorldError>(&text)) return std::move(*error);
  return parse_config(std::get<std::string>(text), masked);
}

}  // namespace turnd::config
