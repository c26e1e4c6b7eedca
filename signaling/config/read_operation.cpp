#include "signaling/config/sections.h"

namespace signaling::config {
namespace {

using namespace std::chrono_literals;

// C9
void read_database(MapReader& root, Reading& reading) {
  constexpr std::string_view kScheme = "sqlite:";
  const auto field = root.find("database");
  if (!field) return;
  std::string text = field->text();
  if (text.starts_with(kScheme)) text.erase(0, kScheme.size());
  if (text.starts_with("postgresql://") || text.starts_with("postgres://"))
    root.problems().add(*field, "not in this version", "name a file: it is made when it is not there");
  else if (text.empty() || text.find("://") != std::string::npos)
    root.problems().add(*field, "is no file", "name a file such as /var/lib/signald/signald.db");
  else
    reading.config.database = std::move(text);
}

}  // namespace

void read_operation(MapReader& root, Reading& reading) {
  Config& config = reading.config;
  read_database(root, reading);

  MapReader retention = root.map("retention");
  read_milliseconds(retention, "messages", 0ms, config.retention.messages);
  read_milliseconds(retention, "events", 0ms, config.retention.events);
  read_milliseconds(retention, "recordings", 0ms, config.retention.recordings);
  retention.finish();

  MapReader meetings = root.map("meetings");
  read_switch(meetings, "co_hosts_end", config.meetings.co_hosts_end);
  meetings.finish();

  MapReader compat = root.map("compat");
  read_switch(compat, "open_clear", config.compat.open_clear);
  read_switch(compat, "open_logs", config.compat.open_logs);
  read_switch(compat, "open_meetings", config.compat.open_meetings);
  read_switch(compat, "query_token", config.compat.query_token);
  compat.finish();

  MapReader log = root.map("log");
  read_choice(log, "level", turnd::config::kLogLevels, config.log.level);
  read_choice(log, "format", turnd::config::kLogFormats, config.log.format);
  read_switch(log, "message_text", config.log.message_text);
  log.finish();

  read_milliseconds(root, "shutdown_grace", 0ms, config.shutdown_grace);
}

}  // namespace signaling::config
