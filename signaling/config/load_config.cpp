#include "signaling/config/load_config.h"

#include <utility>

#include "signaling/config/sections.h"
#include "turnd/config/document.h"

namespace signaling::config {
namespace {

using turnd::config::Problem;
using turnd::config::Problems;

constexpr milliseconds kLongest = std::chrono::hours(24 * 3650);

// Combinations that no single section sees.
void check_together(MapReader& root, const Config& config) {
  if (!config.tls.certificate.empty()) return;
  const auto items = root.list("listen");
  for (const Field& item : items)
    if (item.text().starts_with("https://"))
      root.problems().add(item, "needs a certificate", "set tls.certificate and tls.key, or listen on http://");
}

}  // namespace

void read_switch(MapReader& from, std::string_view key, bool& into) {
  const auto field = from.find(key);
  if (!field) return;
  const std::string text = field->text();
  if (text == "true" || text == "on" || text == "yes")
    into = true;
  else if (text == "false" || text == "off" || text == "no")
    into = false;
  else
    from.problems().add(*field, "must be on or off", "write on or off, without quotes");
}

void read_milliseconds(MapReader& from, std::string_view key, milliseconds low, milliseconds& into) {
  turnd::config::read_duration(from, key, {low, kLongest}, into);
}

Features built_in() {
#ifdef SIGNALD_WITH_AMQP
  return {.amqp = true};
#else
  return {};
#endif
}

Loaded parse_config(std::string_view text, Features features) {
  auto document = turnd::config::parse_document(text, {.file = "signald.yaml", .first_line = "public_url: https://…"});
  Loaded loaded;
  if (document.problem) {
    loaded.problems.push_back(std::move(*document.problem));
    return loaded;
  }
  if (document.root.IsNull()) return loaded;  // an empty file is the defaults
  Problems problems;
  Reading reading{loaded.config, loaded.warnings, features};
  MapReader root(document.root, "", problems);
  read_doors(root, reading);
  read_auth(root, reading);
  read_turn(root, reading);
  read_smtp(root, reading);
  read_webhooks(root, reading);
  read_amqp(root, reading);
  read_limits(root, reading);
  read_operation(root, reading);
  root.finish();
  check_together(root, loaded.config);
  loaded.problems = problems.take();
  return loaded;
}

std::variant<Loaded, turnd::config::WorldError> load_config(const std::string& path) {
  auto text = turnd::config::read_configuration_file(path);
  if (auto* error = std::get_if<turnd::config::WorldError>(&text)) return std::move(*error);
  return parse_config(std::get<std::string>(text));
}

}  // namespace signaling::config
