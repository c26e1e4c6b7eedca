#include "signaling/logging_settings.h"

#include "turnd/process/logging.h"

namespace signaling {
namespace {

using turnd::process::LogFormat;
using turnd::process::LogLevel;

LogLevel level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::debug:
      return LogLevel::debug;
    case config::LogLevel::info:
      return LogLevel::info;
    case config::LogLevel::warning:
      return LogLevel::warning;
    case config::LogLevel::error:
      return LogLevel::error;
  }
  return LogLevel::info;
}

LogFormat format_of(config::LogFormat format) {
  switch (format) {
    case config::LogFormat::automatic:
      return LogFormat::automatic;
    case config::LogFormat::human:
      return LogFormat::human;
    case config::LogFormat::json:
      return LogFormat::json;
  }
  return LogFormat::automatic;
}

}  // namespace

void set_up_logging(const config::Config& config) {
  turnd::process::set_up_logging("signald", level_of(config.log.level), format_of(config.log.format));
}

}  // namespace signaling
